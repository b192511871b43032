import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { Fifo } from './base/Fifo.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';
import { takeNone } from './takeNone.js';

/**
 * Holds the last `count` values, and emits them once the source completes. With a `count` of 0 or less it completes at
 * once and never subscribes to the source.
 *
 * **Checkpoint:** the values that it holds. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         takeLast(2)
 * result  -----%---(23|)
 * ```
 *
 * @example
 * const latestTen$ = flights$.pipe(takeLast(10));
 * @param count - how many values to emit.
 */
export function takeLast<T>(count: number): MonoTypeOperatorFunction<T> {
  if (count <= 0) return takeNone('takeLast');
  return syncOperator(takeLastOperator as SyncOperator<T, T, Fifo<unknown>, number>, count, () => new Fifo<unknown>());
}

const takeLastOperator: SyncOperator<unknown, unknown, Fifo<unknown>, number> = {
  operator: 'takeLast',
  next(value) {
    const { s: values, args: count } = this;
    values.push(value);
    if (count < values.length) values.shift();
  },
  finish() {
    for (const value of this.s.toArray()) this.out.next(value);
  },
  capture: (values, capture) => ({ values: capture.held(values.toArray(), 'values') }),
  restore: ({ values }: { readonly values: unknown[] }, revival) => new Fifo(revival.held(values)),
  overdue() {
    while (this.args < this.s.length) this.s.shift();
  },
};
