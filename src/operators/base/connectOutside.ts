import type { ObservableInput, Subscriber } from 'rxjs';
import { from } from 'rxjs';

import { CheckpointedObservable } from './CheckpointedObservable.js';
import type { NodeObservable } from './NodeObservable.js';

/** Subscribes one of ours to a node outside of a job: what the node's `subscribe` does, in fewer steps. */
export function connectOutside<T>({ definition }: NodeObservable<T>, dest: Subscriber<T>): void {
  try {
    definition.connect(dest, null);
  } catch (error) {
    if (definition.throwsOut === true) throw error;
    dest.error(error);
  }
}

/** The same to whatever RxJS can subscribe to. */
export function subscribeOutside<T>(input: ObservableInput<T>, dest: Subscriber<T>): void {
  if (input instanceof CheckpointedObservable) connectOutside(input as CheckpointedObservable<T>, dest);
  else from(input).subscribe(dest);
}
