import type { Observable, UnaryFunction } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';

/**
 * Composes operators of this library to one. Unlike RxJS's `pipe`, the result can be piped in a checkpointed pipeline.
 *
 * **Checkpoint:** what its parts have. A restore does what theirs do.
 *
 * @example
 * const sales = pipe(filter((order: Order) => order.amount > 0), scan((sum, order) => sum + order.amount, 0), uid('sales'));
 * const total$ = orders$.pipe(sales);
 */
export function pipe<T>(): CheckpointedOperator<T, T>;
export function pipe<T, A>(op1: CheckpointedOperator<T, A>): CheckpointedOperator<T, A>;
export function pipe<T, A, B>(
  op1: CheckpointedOperator<T, A>,
  op2: CheckpointedOperator<A, B>,
): CheckpointedOperator<T, B>;
export function pipe<T, A, B, C>(
  op1: CheckpointedOperator<T, A>,
  op2: CheckpointedOperator<A, B>,
  op3: CheckpointedOperator<B, C>,
): CheckpointedOperator<T, C>;
export function pipe<T, A, B, C, D>(
  op1: CheckpointedOperator<T, A>,
  op2: CheckpointedOperator<A, B>,
  op3: CheckpointedOperator<B, C>,
  op4: CheckpointedOperator<C, D>,
): CheckpointedOperator<T, D>;
export function pipe<T, A, B, C, D, E>(
  op1: CheckpointedOperator<T, A>,
  op2: CheckpointedOperator<A, B>,
  op3: CheckpointedOperator<B, C>,
  op4: CheckpointedOperator<C, D>,
  op5: CheckpointedOperator<D, E>,
): CheckpointedOperator<T, E>;
export function pipe<T, A, B, C, D, E, F>(
  op1: CheckpointedOperator<T, A>,
  op2: CheckpointedOperator<A, B>,
  op3: CheckpointedOperator<B, C>,
  op4: CheckpointedOperator<C, D>,
  op5: CheckpointedOperator<D, E>,
  op6: CheckpointedOperator<E, F>,
): CheckpointedOperator<T, F>;
export function pipe<T, A, B, C, D, E, F, G>(
  op1: CheckpointedOperator<T, A>,
  op2: CheckpointedOperator<A, B>,
  op3: CheckpointedOperator<B, C>,
  op4: CheckpointedOperator<C, D>,
  op5: CheckpointedOperator<D, E>,
  op6: CheckpointedOperator<E, F>,
  op7: CheckpointedOperator<F, G>,
): CheckpointedOperator<T, G>;
export function pipe<T, A, B, C, D, E, F, G, H>(
  op1: CheckpointedOperator<T, A>,
  op2: CheckpointedOperator<A, B>,
  op3: CheckpointedOperator<B, C>,
  op4: CheckpointedOperator<C, D>,
  op5: CheckpointedOperator<D, E>,
  op6: CheckpointedOperator<E, F>,
  op7: CheckpointedOperator<F, G>,
  op8: CheckpointedOperator<G, H>,
): CheckpointedOperator<T, H>;
export function pipe<T, A, B, C, D, E, F, G, H, I>(
  op1: CheckpointedOperator<T, A>,
  op2: CheckpointedOperator<A, B>,
  op3: CheckpointedOperator<B, C>,
  op4: CheckpointedOperator<C, D>,
  op5: CheckpointedOperator<D, E>,
  op6: CheckpointedOperator<E, F>,
  op7: CheckpointedOperator<F, G>,
  op8: CheckpointedOperator<G, H>,
  op9: CheckpointedOperator<H, I>,
): CheckpointedOperator<T, I>;
export function pipe(...operators: CheckpointedOperator<never, unknown>[]): CheckpointedOperator<unknown, unknown> {
  const composed: UnaryFunction<Observable<unknown>, Observable<unknown>> = (source) =>
    operators.reduce((at, operator) => operator(at as Observable<never>), source);
  return composed as CheckpointedOperator<unknown, unknown>;
}
