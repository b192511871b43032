import type { Observable } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';

/** What RxJS makes of a function with a callback; each of its Observables as a node. */
export function boundNode(
  operator: string,
  bound: (this: unknown, ...args: unknown[]) => Observable<unknown>,
): (this: unknown, ...args: unknown[]) => CheckpointedObservable<unknown> {
  return function (...args) {
    return plainNode(bound.apply(this, args), { operator });
  };
}
