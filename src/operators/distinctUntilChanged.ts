import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { repeatsOperator, withoutRepeats } from './withoutRepeats.js';

/**
 * Leaves out values that are the same as the last one that it let through.
 *
 * **Checkpoint:** the key of the last value that it let through. A restore repeats nothing as long as keys are compared
 * by what they contain. A key that is an object comes back as a copy, so it is not `===` to any other: give a
 * `comparator`, or a `keySelector` that picks something primitive.
 *
 * ```text
 * source  -1-1-%-1-2-|
 *         distinctUntilChanged()
 * result  -1---%---2-|
 * ```
 *
 * @example
 * const moves$ = positions$.pipe(distinctUntilChanged((a, b) => a.lat === b.lat && a.lon === b.lon));
 * @param comparator - whether two keys are the same; `===` by default.
 * @param keySelector - what to compare values by; themselves by default.
 * @throws what `comparator` or `keySelector` throws goes to the subscriber as an error.
 */
export function distinctUntilChanged<T>(comparator?: (previous: T, current: T) => boolean): MonoTypeOperatorFunction<T>;
export function distinctUntilChanged<T, K>(
  comparator: (previous: K, current: K) => boolean,
  keySelector: (value: T) => K,
): MonoTypeOperatorFunction<T>;
export function distinctUntilChanged<T, K>(
  comparator?: ((previous: K, current: K) => boolean) | null,
  keySelector: (value: T) => K = itself as unknown as (value: T) => K,
): CheckpointedOperator<T, T> {
  return withoutRepeats(changedOperator, { isSame: comparator ?? isIdentical, keySelector });
}

const changedOperator = repeatsOperator('distinctUntilChanged');

function itself(value: unknown): unknown {
  return value;
}

function isIdentical(a: unknown, b: unknown): boolean {
  return a === b;
}
