import type { ObservableInput } from 'rxjs';
import { Observable } from 'rxjs';

import { CheckpointedObservable } from './CheckpointedObservable.js';
import type { CoreDefinition } from './coreOperator.js';
import { coreNode, subscribeInputs } from './coreOperator.js';

/** A tuple of checkpointed inputs, for the values `A`. */
export type CheckpointedInputTuple<A> = { [K in keyof A]: CheckpointedObservable<A[K]> };

/** What a creation function makes of several inputs: checkpointed as soon as one of them is. */
export function combination<R>(
  definition: CoreDefinition<R>,
  inputs: readonly ObservableInput<unknown>[],
): Observable<R> {
  for (const input of inputs) if (input instanceof CheckpointedObservable) return coreNode(definition, inputs);
  return new Observable<R>((dest) => subscribeInputs(definition, dest, inputs));
}
