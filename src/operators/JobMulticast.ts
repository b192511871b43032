import type { Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Round } from '../checkpoint/protocol/Round.js';
import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { takeByEdge } from './base/Branches.js';
import type { Site, Upstream } from './base/Site.js';
import { JobConnectable } from './JobConnectable.js';
import type { ShareSnapshot } from './JobShareHub.js';
import type { Connection } from './ShareHub.js';

/** One who came through `refCount`. */
interface Counted {
  /** Which input of which participant it feeds. */
  readonly edge: string;
  /** The connection that it was told of: it can end that one only. */
  readonly attempt: number;
}

interface Counts {
  readonly refCount: number;
  readonly counted: readonly Counted[];
  /** If the source was emitting at once, as it was connected. Early versions do not have it. */
  readonly opening?: Opening | undefined;
}

interface Opening {
  /** By whoever came: it ends when the source has emitted all that it emits at once. */
  readonly isGivenBack: boolean;
}

/** The deprecated multicast operators in a job: connected by the program, or by whoever comes through `refCount`. */
export class JobMulticast<T> extends JobConnectable<T> {
  /** As RxJS counts: from 0 again after each connection, whoever is still there. */
  private refCount = 0;
  private readonly counted = new Set<Counted>();
  /** By edge: who is in the snapshot, and not back yet. */
  private readonly missing = new Map<string, Counted>();
  private isCounting = false;
  /** Before that, what is restored may still turn out to be refused. */
  private isDecided = false;
  private restored: { readonly connection: Connection<T> | null; readonly opening: Opening | undefined } | null = null;
  /** The connection whose source is being opened. */
  private opening: { readonly connection: Connection<T> | null; isGivenBack: boolean } | null = null;

  joinCounted(dest: Subscriber<T>, site: Site): Upstream | null {
    if (dest.closed) return this.joinInJob(dest, site);
    const old = takeByEdge(this.missing, site);
    const upstream = this.joinAndConnect(dest, site, old === undefined);
    if (old === undefined) this.refCount++;
    const counted = Object.freeze({ edge: site.edge, attempt: old?.attempt ?? this.current });
    this.counted.add(counted);
    const round = site.run.connecting;
    dest.add(() => {
      // Its pipeline was refused before anything happened, and another one may come for the place.
      if (old === undefined || round.hasBegun) return this.countDown(counted);
      this.counted.delete(counted);
      this.missing.set(old.edge, old);
    });
    return upstream;
  }

  private joinAndConnect(dest: Subscriber<T>, site: Site, isNew: boolean): Upstream | null {
    this.isCounting = isNew;
    try {
      return this.joinInJob(dest, site);
    } finally {
      this.isCounting = false;
    }
  }

  protected override wantsConnection(): boolean {
    return this.isCounting ? !this.hasEnded : super.wantsConnection();
  }

  /** A connection that is given back while its source still emits at once ends after that, as in RxJS. */
  protected override openSource(round: Round): void {
    const { opening, connection } = this;
    const { restored } = this;
    const before = restored !== null && restored.connection === connection ? restored : null;
    // It was open at the checkpoint: what its source emits now came later.
    if (before !== null && before.opening === undefined) return super.openSource(round);
    const own = { connection, isGivenBack: before?.opening?.isGivenBack === true };
    this.opening = own;
    try {
      super.openSource(round);
    } finally {
      this.opening = opening;
      if (own.isGivenBack) connection?.unsubscribe();
    }
  }

  override disconnect(): void {
    const { opening, connection } = this;
    if (connection !== null && opening?.connection === connection) opening.isGivenBack = true;
    else super.disconnect();
  }

  private countDown(counted: Counted): void {
    this.counted.delete(counted);
    this.forgetMissing();
    if (this.refCount > 0 && --this.refCount === 0 && counted.attempt === this.current) this.giveBack();
  }

  private giveBack(): void {
    this.disconnect();
    this.byHand.ended();
  }

  /** Before anything happens, by overdue timers even: without who has not come, nobody may be left for whom the source would open. */
  override readyPart(): Round | null {
    this.isDecided = true;
    this.replaceMissing();
    const hadMissing = this.missing.size > 0;
    this.forgetMissing();
    if (hadMissing && this.missing.size === 0 && this.refCount === 0) this.giveBack();
    return super.readyPart();
  }

  /** The program has changed: who has not come by now does not come any more. */
  private forgetMissing(): void {
    if (this.missing.size === 0 || !this.isDecided || !this.branches.areBack) return;
    this.refCount -= this.missing.size;
    this.missing.clear();
  }

  protected override disconnected(connection: Connection<T>): void {
    if (this.connection === connection) this.refCount = 0;
    super.disconnected(connection);
  }

  /** The connection is over before the subscribers hear of its end: whoever repeats begins the next one. */
  protected override tellEnd(tell: () => void): void {
    const { connection } = this;
    if (connection !== null) this.disconnected(connection);
    this.byHand.ended();
    tell();
  }

  override snapshotState(capture: Capture): ParticipantSnapshot {
    const { state, ...others } = super.snapshotState(capture);
    const counted = [...this.counted, ...this.missing.values()];
    const { refCount, opening, connection } = this;
    const isOpening = opening !== null && opening.connection === connection;
    const counts: Counts = {
      refCount,
      counted: Object.freeze(counted),
      ...(isOpening ? { opening: Object.freeze({ isGivenBack: opening.isGivenBack }) } : {}),
    };
    return { ...others, state: Object.freeze({ ...(state as object), ...counts }) };
  }

  protected override restore(snapshot: Snapshot): void {
    const { refCount, counted, opening } = countsIn(snapshot.state as ShareSnapshot | (ShareSnapshot & Counts));
    super.restore(snapshot);
    // Or its source had not been opened at all.
    const begun = snapshot.opened === false ? { isGivenBack: false } : opening;
    this.restored = { connection: this.connection, opening: begun };
    this.refCount = refCount;
    for (const old of counted) this.missing.set(old.edge, old);
  }
}

/**
 * Where it was a `share` or a `connectable` until now, who listened to its connection is counted. Without a connection
 * nobody is: the first to come back makes one.
 */
function countsIn(state: ShareSnapshot | (ShareSnapshot & Counts)): Counts {
  if ('counted' in state) return state;
  const { branches, connection } = state;
  const counted = connection === null ? [] : branches.map(({ edge }) => ({ edge, attempt: connection }));
  return { refCount: counted.length, counted };
}
