import type { ObservableInput, Subscriber } from 'rxjs';

import { CheckpointedObservable } from './CheckpointedObservable.js';

/** Whether that is sure to emit all that it has while it is subscribed, and to end. */
export function endsAtOnce(input: ObservableInput<unknown>): boolean {
  return input instanceof CheckpointedObservable ? input.definition.endsAtOnce === true : Array.isArray(input);
}

/** Subscribes to what ends at once, as outside of a job. */
export function subscribeAtOnce<T>(input: ObservableInput<T>, dest: Subscriber<T>): void {
  if (!(input instanceof CheckpointedObservable)) return emitAll(input as ArrayLike<T>, dest);
  try {
    (input as CheckpointedObservable<T>).definition.connect(dest, null);
  } catch (error) {
    dest.error(error);
  }
}

/** Emits the items of an array, and completes. */
export function emitAll<T>(array: ArrayLike<T>, dest: Subscriber<T>): void {
  for (let i = 0; i < array.length && !dest.closed; i++) dest.next(array[i] as T);
  dest.complete();
}
