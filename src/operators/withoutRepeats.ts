import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

interface RepeatArguments<T, K> {
  readonly isSame: (previous: K, current: K) => boolean;
  readonly keySelector: (value: T) => K;
}

interface RepeatState {
  hasKey: boolean;
  key: unknown;
}

type RepeatOperator = SyncOperator<unknown, unknown, RepeatState, RepeatArguments<unknown, unknown>>;

/** What `distinctUntilChanged` and `distinctUntilKeyChanged` have in common. */
export function withoutRepeats<T, K>(
  operator: RepeatOperator,
  args: RepeatArguments<T, K>,
): CheckpointedOperator<T, T> {
  return syncOperator(operator as SyncOperator<T, T, RepeatState, typeof args>, args, () => ({
    hasKey: false,
    key: undefined,
  }));
}

export function repeatsOperator(operator: string): RepeatOperator {
  return {
    operator,
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
}
