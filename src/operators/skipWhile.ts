import type { Falsy } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Leaves out values as long as `predicate` holds, and lets all others through, from the first for which it does not.
 *
 * **Checkpoint:** whether it lets values through, and before that the number of values. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-1-|
 *         skipWhile((x) => x < 3)
 * result  -----%-3-1-|
 * ```
 *
 * @example
 * const fromTakeOff$ = heights$.pipe(skipWhile((height) => height === 0));
 * @param predicate - decides on each value until it does not hold; also gets the index of the value, from 0.
 * @throws what `predicate` throws goes to the subscriber as an error.
 */
export function skipWhile<T>(
  predicate: BooleanConstructor,
): CheckpointedOperator<T, Extract<T, Falsy> extends never ? never : T>;
export function skipWhile<T>(predicate: (value: T, index: number) => true): CheckpointedOperator<T, never>;
export function skipWhile<T>(predicate: (value: T, index: number) => boolean): MonoTypeOperatorFunction<T>;
export function skipWhile<T>(predicate: (value: T, index: number) => boolean): CheckpointedOperator<T, T> {
  return syncOperator(skipWhileOperator as SyncOperator<T, T, SkipWhileState, typeof predicate>, predicate, () => ({
    isTaking: false,
    index: 0,
  }));
}

interface SkipWhileState {
  isTaking: boolean;
  index: number;
}

const skipWhileOperator: SyncOperator<unknown, unknown, SkipWhileState, (value: unknown, index: number) => boolean> = {
  operator: 'skipWhile',
  next(value) {
    const { s, args: predicate } = this;
    try {
      if (!s.isTaking) s.isTaking = !predicate(value, s.index++);
      if (s.isTaking) this.out.next(value);
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: ({ isTaking, index }) => ({ isTaking, index }),
  restore: ({ isTaking, index }: SkipWhileState) => ({ isTaking, index }),
};
