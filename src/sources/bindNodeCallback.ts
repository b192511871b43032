/* eslint-disable @typescript-eslint/no-explicit-any -- RxJS's signatures: arguments and results are of any type */
import type { Observable, SchedulerLike } from 'rxjs';
import { bindNodeCallback as rxBindNodeCallback } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { boundNode } from './boundNode.js';

/** @deprecated Use `map` instead of a result selector. */
export function bindNodeCallback(
  callbackFunc: (...args: any[]) => void,
  resultSelector: (...args: any[]) => any,
  scheduler?: SchedulerLike,
): (...args: any[]) => CheckpointedObservable<any>;
/**
 * A function that takes a callback in the way of Node (the error first), as one that returns an Observable of what the callback is called with.
 * Several arguments come as an array. The function is called once, at the first subscription.
 *
 * **Checkpoint:** whether the result has come. As with a promise, a restore calls the function again, and does not
 * repeat a result that was emitted before.
 *
 * @example
 * const text$ = bindNodeCallback(readFile)('flights.csv', 'utf8');
 * @param callbackFunc - its last argument is the callback. It gets the `this` of the new function.
 * @throws what the function throws goes to the subscriber as an error.
 */
export function bindNodeCallback<A extends readonly unknown[], R extends readonly unknown[]>(
  callbackFunc: (...args: [...A, (err: any, ...res: R) => void]) => void,
  schedulerLike?: SchedulerLike,
): (...arg: A) => CheckpointedObservable<R extends [] ? void : R extends [any] ? R[0] : R>;
export function bindNodeCallback(...args: unknown[]): (...args: unknown[]) => CheckpointedObservable<unknown> {
  type Bind = (...parameters: unknown[]) => (...parameters: unknown[]) => Observable<unknown>;
  return boundNode('bindNodeCallback', (rxBindNodeCallback as Bind)(...args));
}
