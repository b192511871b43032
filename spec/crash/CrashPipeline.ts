import type { CheckpointedObservable, CheckpointedOperator } from 'rxjs-checkpoint';

import type { DataRecord } from './records.js';

/** Pipelines to be killed. What comes out in the end does not depend on time, although much on the way does. */
export interface CrashPipeline {
  /** The operators that it is about. */
  readonly name: string;
  /** How many records each of its files has. */
  readonly files: Readonly<Record<string, number>>;
  /** By the name that each is recovered under. */
  build(this: void, sources: CrashSources): Readonly<Record<string, CheckpointedObservable<unknown>>>;
  /** The last value of each, worked out without RxJS. */
  readonly expected: Readonly<Record<string, unknown>>;
}

export interface CrashSources {
  /**
   * The records of a file, about one per millisecond. The uid is the file's name.
   *
   * @param pace - `'at-once'`: as fast as they can be read.
   */
  readonly records: (file: string, pace?: 'at-once') => CheckpointedObservable<DataRecord>;
  /**
   * Reports each value's number to the parent process, which works out what was read again. The number is state: it
   * goes on after a restore.
   */
  readonly seen: <T>(source: string) => CheckpointedOperator<T, T>;
}
