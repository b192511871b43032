import type { Subscriber } from 'rxjs';

import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import { EmittingSource } from './EmittingSource.js';
import type { Site, Upstream } from './Site.js';

/**
 * Connects to what will never emit: a group whose `groupBy` is gone. Whoever waits for it still has to get its barriers
 * from somewhere.
 */
export function connectSilent(dest: Subscriber<never>, site: Site): Upstream | null {
  return new SilentSource(dest, site).connect();
}

class SilentSource extends EmittingSource<never> {
  start(): void {}

  protected resumed(): void {}

  protected stopped(): void {}

  protected restore(): void {}

  snapshotState(): ParticipantSnapshot {
    return { state: null };
  }
}
