import type { TruthyTypesOf } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { counting, startCounting } from './base/counting.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Lets values through as long as `predicate` holds, then completes and unsubscribes from the source.
 *
 * **Checkpoint:** how many values there were so far. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         takeWhile((x) => x < 3)
 * result  -1-2-%-|
 * ```
 *
 * @example
 * const untilLanding$ = heights$.pipe(takeWhile((height) => height > 0));
 * @param predicate - decides on each value; also gets its index.
 * @param inclusive - whether the value that ends it is let through as well.
 * @throws what `predicate` throws goes to the subscriber as an error.
 */
export function takeWhile<T>(predicate: BooleanConstructor, inclusive: true): MonoTypeOperatorFunction<T>;
export function takeWhile<T>(
  predicate: BooleanConstructor,
  inclusive: false,
): CheckpointedOperator<T, TruthyTypesOf<T>>;
export function takeWhile<T>(predicate: BooleanConstructor): CheckpointedOperator<T, TruthyTypesOf<T>>;
export function takeWhile<T, S extends T>(
  predicate: (value: T, index: number) => value is S,
): CheckpointedOperator<T, S>;
export function takeWhile<T, S extends T>(
  predicate: (value: T, index: number) => value is S,
  inclusive: false,
): CheckpointedOperator<T, S>;
export function takeWhile<T>(
  predicate: (value: T, index: number) => boolean,
  inclusive?: boolean,
): MonoTypeOperatorFunction<T>;
export function takeWhile<T>(
  predicate: (value: T, index: number) => boolean,
  inclusive = false,
): CheckpointedOperator<T, T> {
  return syncOperator(
    takeWhileOperator as SyncOperator<T, T, number, TakeWhileArgs>,
    { predicate: predicate as TakeWhileArgs['predicate'], inclusive },
    startCounting,
  );
}

interface TakeWhileArgs {
  readonly predicate: (value: unknown, index: number) => boolean;
  readonly inclusive: boolean;
}

const takeWhileOperator: SyncOperator<unknown, unknown, number, TakeWhileArgs> = {
  operator: 'takeWhile',
  ...counting,
  next(value) {
    const { dest, args } = this;
    try {
      const { predicate } = args;
      const goesOn = predicate(value, this.s++);
      if (goesOn || args.inclusive) this.out.next(value);
      if (!goesOn) dest.complete();
    } catch (error) {
      dest.error(error);
    }
  },
};
