import type { SchedulerLike, Subscriber } from 'rxjs';
import { Observable } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';

/**
 * Fails at once when it is subscribed.
 *
 * **Checkpoint:** nothing.
 *
 * @example
 * const checked$ = orders$.pipe(mergeMap((order) => (order.isValid ? of(order) : throwError(() => new InvalidOrder(order)))));
 * @param errorFactory - gives the error; called for each subscription.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature: an error is of any type
export function throwError(errorFactory: () => any): CheckpointedObservable<never>;
/** @deprecated Pass a function that gives the error, so that each subscription has its own. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature: an error is of any type
export function throwError(error: any): CheckpointedObservable<never>;
/** @deprecated Use `throwError(errorFactory)` and `observeOn(scheduler)` instead of a scheduler. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature: an error is of any type
export function throwError(errorOrErrorFactory: any, scheduler: SchedulerLike): CheckpointedObservable<never>;
export function throwError(errorOrErrorFactory: unknown, scheduler?: SchedulerLike): CheckpointedObservable<never> {
  const createError =
    typeof errorOrErrorFactory === 'function' ? (errorOrErrorFactory as () => unknown) : () => errorOrErrorFactory;
  const fail = (subscriber: Subscriber<never>): void => subscriber.error(createError());
  const source = new Observable<never>((subscriber) => {
    if (!scheduler) return fail(subscriber);
    return scheduler.schedule(() => fail(subscriber), 0);
  });
  return plainNode(source, { operator: 'throwError' });
}
