import type { Subscription } from 'rxjs';

import type { SyncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { syncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { Draining } from './Draining.js';
import type { Places } from './ExpectedLines.js';
import type { ProbeSnapshot } from './Ledger.js';
import type { Build, Plot } from './Plot.js';

/** What is known of one pipeline in one life. */
export class Track {
  /** Which lines may come next, by channel. */
  places: Places[];
  hasStarted = false;
  isOver = false;
  subscription: Subscription | null = null;
  /** Set as long as its job is drained. */
  draining: Draining | null = null;

  constructor(
    readonly name: string,
    readonly plot: Plot,
    readonly build: Build,
    /** The same in each restart. */
    public probeName = '',
  ) {
    this.places = plot.expected.map(() => new Set([0]));
  }

  /** Its job is drained. */
  drain(now: number): void {
    this.draining = new Draining(this.name, now, this.build.drain(now), this.places);
  }

  /** It is not after all. */
  goOn(): void {
    this.draining = null;
    this.build.goOn();
  }
}

export interface ProbeListener {
  connected(): void;
  /** The pipeline starts; with nothing, or with what was in a checkpoint. */
  started(snapshot: ProbeSnapshot | undefined): void;
  restored(): void;
  /** A barrier passes. @returns the moment and the time. */
  barrier(): Pick<ProbeSnapshot, 'moment' | 'now'>;
}

/** At the end of a pipeline: counts what comes out, and puts that into each checkpoint. */
export function probe(track: Track, listener: ProbeListener) {
  const start = (snapshot: ProbeSnapshot | undefined): void => {
    track.hasStarted = true;
    listener.started(snapshot);
  };
  const operator: SyncOperator<unknown, unknown, number[], null> = {
    operator: 'probe',
    next(value) {
      if (!track.hasStarted) start(undefined);
      this.s[track.plot.channelOf(value)]!++;
      this.out.next(value);
    },
    capture: (outputs): ProbeSnapshot => {
      if (!track.hasStarted) start(undefined);
      return { outputs: [...outputs], ...listener.barrier() };
    },
    restore: (snapshot: ProbeSnapshot) => {
      start(snapshot);
      listener.restored();
      return [...snapshot.outputs];
    },
  };
  return syncOperator<unknown, unknown, number[], null>(operator, null, (site) => {
    track.probeName = site!.name;
    listener.connected();
    return track.plot.expected.map(() => 0);
  });
}
