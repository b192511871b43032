import type { CheckpointedObservable } from './base/CheckpointedObservable.js';

/** The values with one key. */
export interface GroupedObservable<K, T> extends CheckpointedObservable<T> {
  readonly key: K;
}
