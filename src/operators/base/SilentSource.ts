import type { Subscriber } from 'rxjs';
import { ObjectUnsubscribedError } from 'rxjs';

import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import { NOTHING, SILENT } from '../../checkpoint/protocol/silence.js';
import { EmittingSource } from './EmittingSource.js';
import type { Site, Upstream } from './Site.js';

/**
 * Connects to what will never emit: a group or window whose operator is gone. Whoever waits for it still has to get its
 * barriers from somewhere.
 */
export function connectSilent(dest: Subscriber<never>, site: Site): Upstream | null {
  return new SilentSource(dest, site, null).connect();
}

/** The same to what never emits anything: it may be found nowhere in a later program, or somewhere else. */
export function connectNever(dest: Subscriber<never>, site: Site): Upstream | null {
  return new SilentSource(dest, site, NOTHING).connect();
}

/**
 * Connects to a live Observable whose operator is gone. A closed one refuses whoever comes; those that had come before
 * have a snapshot.
 */
export function connectForsaken(dest: Subscriber<never>, site: Site, status: 'abandoned' | 'closed'): Upstream | null {
  const { run } = site;
  if (status === 'abandoned' || wasSilent(site)) return connectSilent(dest, site);
  run.connecting.queue({ open: () => run.turn(() => dest.error(new ObjectUnsubscribedError())) });
  return null;
}

/** Whether who connects here was connected to silence at the checkpoint. */
export function wasSilent(site: Site): boolean {
  return site.run.unclaimed.has(nameOf(site));
}

class SilentSource extends EmittingSource<never> {
  constructor(
    dest: Subscriber<never>,
    site: Site,
    private readonly state: object | null,
  ) {
    super(dest, site);
  }

  override get name(): string {
    return nameOf(this.site);
  }

  start(): void {}

  protected resumed(): void {}

  protected stopped(): void {}

  protected restore(): void {}

  snapshotState(): ParticipantSnapshot {
    return { state: this.state };
  }
}

/** By its consumer: several inputs of one inner pipeline may listen to the same. */
function nameOf(site: Site): string {
  return site.edge + SILENT;
}
