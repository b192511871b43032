import type { Observable, Subscriber } from 'rxjs';

import type { Run } from './Run.js';
import type { Round } from './Round.js';
import type { Region } from './Region.js';

/** What `recover()` takes: a pipeline that can be checked and connected to a run. */
export interface Pipeline<T> {
  readonly [PIPELINE]: true;
  /** Connects it to a run; nothing flows before the connection's round is opened. */
  connectTo(run: Run, options: ConnectOptions<T>): PipelineConnection;
  /** What `recover()` returns: plain, and `start` is called with each subscriber. */
  recovered(start: (subscriber: Subscriber<T>) => void): Observable<T>;
  /**
   * Throws when the pipeline could not be restored faithfully whatever the snapshots: duplicate uids, say.
   *
   * @param shared - streams that it leads to over that storage, as is said.
   */
  check(name: string, requireUids: boolean, shared: readonly Pipeline<unknown>[], storage: object): void;
}

export interface ConnectOptions<T> {
  readonly name: string;
  readonly region: Region;
  readonly sink: PipelineSink<T>;
  /** Of pipelines that start together: they are all connected before the first one opens. By default one of its own. */
  readonly round?: Round;
}

/** Where a pipeline's notifications go. It is stopped by `unsubscribe` of the connection. */
export interface PipelineSink<T> {
  /** Takes the values. */
  readonly values: { next(value: T): void };
  error(error: unknown): void;
  complete(): void;
  /** After `complete`, when all of the pipeline was torn down. */
  ended?(): void;
}

export interface PipelineConnection {
  /** To be opened once the restore was found to be complete. */
  readonly round: Round;
  /** Whether a participant of that name may come up in it: what inner pipelines consist of is not known in advance. */
  mayHave(name: string): boolean;
  /** Whether nothing is there any more that was made in it; what others share may be. */
  readonly isEmpty: boolean;
  unsubscribe(): void;
}

export const PIPELINE: unique symbol = Symbol('rxjs-checkpoint pipeline');
