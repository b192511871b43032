import type { Run } from './Run.js';
import type { Round } from './Round.js';
import type { Region } from './Region.js';

/** What `recover()` takes: a pipeline that can be checked and connected to a run. */
export interface Pipeline<T> {
  readonly [PIPELINE]: true;
  /** Type only: nothing but `CheckpointedObservable` has it. */
  connectTo(run: Run, options: ConnectOptions<T>): PipelineConnection;
  /** Throws when the pipeline could not be restored faithfully whatever the snapshots: duplicate uids, say. */
  check(name: string, requireUids: boolean): void;
}

export interface ConnectOptions<T> {
  readonly name: string;
  readonly region: Region;
  readonly sink: PipelineSink<T>;
}

/** Where a pipeline's notifications go. It is stopped by `unsubscribe` of the connection. */
export interface PipelineSink<T> {
  next(value: T): void;
  error(error: unknown): void;
  complete(): void;
}

export interface PipelineConnection {
  /** To be opened once the restore was found to be complete. */
  readonly round: Round;
  unsubscribe(): void;
}

export const PIPELINE: unique symbol = Symbol('rxjs-checkpoint pipeline');
