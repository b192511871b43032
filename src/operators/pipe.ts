import type { UnaryFunction } from 'rxjs';
import { identity } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';

/**
 * Composes operators of this library to one, which can be piped in a checkpointed pipeline. Other functions are composed
 * as by RxJS's `pipe`, to a function that a checkpointed pipeline refuses.
 *
 * **Checkpoint:** what its parts have. A restore does what theirs do.
 *
 * @example
 * const sales = pipe(filter((order: Order) => order.amount > 0), scan((sum, order) => sum + order.amount, 0), uid('sales'));
 * const total$ = orders$.pipe(sales);
 */
export function pipe(): typeof identity;
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
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- nothing but that takes a lambda as it is
  ...rest: CheckpointedOperator<any, any>[]
): CheckpointedOperator<T, unknown>;
export function pipe<T, A>(fn1: UnaryFunction<T, A>): UnaryFunction<T, A>;
export function pipe<T, A, B>(fn1: UnaryFunction<T, A>, fn2: UnaryFunction<A, B>): UnaryFunction<T, B>;
export function pipe<T, A, B, C>(
  fn1: UnaryFunction<T, A>,
  fn2: UnaryFunction<A, B>,
  fn3: UnaryFunction<B, C>,
): UnaryFunction<T, C>;
export function pipe<T, A, B, C, D>(
  fn1: UnaryFunction<T, A>,
  fn2: UnaryFunction<A, B>,
  fn3: UnaryFunction<B, C>,
  fn4: UnaryFunction<C, D>,
): UnaryFunction<T, D>;
export function pipe<T, A, B, C, D, E>(
  fn1: UnaryFunction<T, A>,
  fn2: UnaryFunction<A, B>,
  fn3: UnaryFunction<B, C>,
  fn4: UnaryFunction<C, D>,
  fn5: UnaryFunction<D, E>,
): UnaryFunction<T, E>;
export function pipe<T, A, B, C, D, E, F>(
  fn1: UnaryFunction<T, A>,
  fn2: UnaryFunction<A, B>,
  fn3: UnaryFunction<B, C>,
  fn4: UnaryFunction<C, D>,
  fn5: UnaryFunction<D, E>,
  fn6: UnaryFunction<E, F>,
): UnaryFunction<T, F>;
export function pipe<T, A, B, C, D, E, F, G>(
  fn1: UnaryFunction<T, A>,
  fn2: UnaryFunction<A, B>,
  fn3: UnaryFunction<B, C>,
  fn4: UnaryFunction<C, D>,
  fn5: UnaryFunction<D, E>,
  fn6: UnaryFunction<E, F>,
  fn7: UnaryFunction<F, G>,
): UnaryFunction<T, G>;
export function pipe<T, A, B, C, D, E, F, G, H>(
  fn1: UnaryFunction<T, A>,
  fn2: UnaryFunction<A, B>,
  fn3: UnaryFunction<B, C>,
  fn4: UnaryFunction<C, D>,
  fn5: UnaryFunction<D, E>,
  fn6: UnaryFunction<E, F>,
  fn7: UnaryFunction<F, G>,
  fn8: UnaryFunction<G, H>,
): UnaryFunction<T, H>;
export function pipe<T, A, B, C, D, E, F, G, H, I>(
  fn1: UnaryFunction<T, A>,
  fn2: UnaryFunction<A, B>,
  fn3: UnaryFunction<B, C>,
  fn4: UnaryFunction<C, D>,
  fn5: UnaryFunction<D, E>,
  fn6: UnaryFunction<E, F>,
  fn7: UnaryFunction<F, G>,
  fn8: UnaryFunction<G, H>,
  fn9: UnaryFunction<H, I>,
): UnaryFunction<T, I>;
export function pipe<T, A, B, C, D, E, F, G, H, I>(
  fn1: UnaryFunction<T, A>,
  fn2: UnaryFunction<A, B>,
  fn3: UnaryFunction<B, C>,
  fn4: UnaryFunction<C, D>,
  fn5: UnaryFunction<D, E>,
  fn6: UnaryFunction<E, F>,
  fn7: UnaryFunction<F, G>,
  fn8: UnaryFunction<G, H>,
  fn9: UnaryFunction<H, I>,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in RxJS
  ...rest: UnaryFunction<any, any>[]
): UnaryFunction<T, unknown>;
export function pipe(...functions: UnaryFunction<never, unknown>[]): UnaryFunction<never, unknown> {
  if (functions.length === 0) return identity;
  if (functions.length === 1) return functions[0]!;
  return (input: unknown) => functions.reduce((at, apply) => apply(at as never), input);
}
