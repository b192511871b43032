import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { repeatsOperator, withoutRepeats } from './withoutRepeats.js';

/**
 * Leaves out values that have the same in a property as the last value that it let through.
 *
 * **Checkpoint:** the last value that it let through. A restore repeats nothing as long as properties are compared by
 * what they contain. One that is an object comes back as a copy, so it is not `===` to any other: give a `compare`.
 *
 * ```text
 * source  -a-b-%-c-|      a = { k: 1, n: 1 }, b = { k: 1, n: 2 }, c = { k: 2, n: 3 }
 *         distinctUntilKeyChanged('k')
 * result  -a---%-c-|
 * ```
 *
 * @example
 * const statusChanges$ = flights$.pipe(distinctUntilKeyChanged('status'));
 * @param key - the property.
 * @param compare - whether two properties are the same; `===` by default.
 * @throws what `compare` throws goes to the subscriber as an error.
 */
export function distinctUntilKeyChanged<T>(key: keyof T): MonoTypeOperatorFunction<T>;
export function distinctUntilKeyChanged<T, K extends keyof T>(
  key: K,
  compare: (x: T[K], y: T[K]) => boolean,
): MonoTypeOperatorFunction<T>;
export function distinctUntilKeyChanged<T, K extends keyof T>(
  key: K,
  compare?: (x: T[K], y: T[K]) => boolean,
): CheckpointedOperator<T, T> {
  // The whole value is the key: its property may change until it is compared.
  return withoutRepeats(keyChangedOperator, {
    isSame: compare ? (x: T, y: T) => compare(x[key], y[key]) : (x: T, y: T) => x[key] === y[key],
    keySelector: (value: T) => value,
  });
}

const keyChangedOperator = repeatsOperator('distinctUntilKeyChanged');
