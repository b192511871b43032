import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

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
export function distinctUntilChanged<T>(comparator?: (previous: T, current: T) => boolean): CheckpointedOperator<T, T>;
export function distinctUntilChanged<T, K>(
  comparator: (previous: K, current: K) => boolean,
  keySelector: (value: T) => K,
): CheckpointedOperator<T, T>;
export function distinctUntilChanged<T, K>(
  comparator?: ((previous: K, current: K) => boolean) | null,
  keySelector: (value: T) => K = itself as unknown as (value: T) => K,
): CheckpointedOperator<T, T> {
  const isSame = comparator ?? isIdentical;
  const args = { isSame, keySelector } as DistinctArguments;
  return syncOperator(distinctOperator as SyncOperator<T, T, DistinctState, DistinctArguments>, args, () => ({
    hasKey: false,
    key: undefined,
  }));
}

interface DistinctArguments {
  readonly isSame: (previous: unknown, current: unknown) => boolean;
  readonly keySelector: (value: unknown) => unknown;
}

interface DistinctState {
  hasKey: boolean;
  key: unknown;
}

const distinctOperator: SyncOperator<unknown, unknown, DistinctState, DistinctArguments> = {
  operator: 'distinctUntilChanged',
  next(value) {
    const { s } = this;
    const { isSame, keySelector } = this.args;
    try {
      const key = keySelector(value);
      if (s.hasKey && isSame(s.key, key)) return;
      s.hasKey = true;
      s.key = key;
      this.out.next(value);
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: ({ hasKey, key }, capture) => ({ hasKey, key: capture.held(key, 'key') }),
  restore: ({ hasKey, key }, revival) => ({ hasKey, key: revival.held(key) }),
};

function itself(value: unknown): unknown {
  return value;
}

function isIdentical(a: unknown, b: unknown): boolean {
  return a === b;
}
