import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';
import { takeNone } from './takeNone.js';

/**
 * Lets the first `count` values through, then completes and unsubscribes from the source. With a `count` of 0 or less
 * it completes at once and never subscribes to the source.
 *
 * **Checkpoint:** how many values there were so far. A restore repeats nothing, and takes what is missing to `count`.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         take(3)
 * result  -1-2-%-(3|)
 * ```
 *
 * @example
 * const firstTen$ = flights$.pipe(take(10));
 * @param count - how many values to let through.
 */
export function take<T>(count: number): MonoTypeOperatorFunction<T> {
  if (count <= 0) return takeNone('take');
  return syncOperator(takeOperator as SyncOperator<T, T, number, number>, count, () => 0);
}

/** What is stored; the state is the number itself. */
interface TakeSnapshot {
  readonly seen: number;
}

const takeOperator: SyncOperator<unknown, unknown, number, number> = {
  operator: 'take',
  next(value) {
    const { dest, args: count } = this;
    try {
      // Not the other way round: NaN lets nothing through.
      if (!(++this.s <= count)) return;
      this.out.next(value);
      // Not `seen` as it was before: a value that came in meanwhile has been counted.
      if (this.s >= count) dest.complete();
    } catch (error) {
      dest.error(error);
    }
  },
  capture: (seen): TakeSnapshot => ({ seen }),
  restore: ({ seen }: TakeSnapshot) => seen,
  overdue() {
    if (this.s >= this.args) this.dest.complete();
  },
};
