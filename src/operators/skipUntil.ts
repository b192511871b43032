import type { ObservableInput } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Input } from './base/OperatorCore.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Outlet } from './base/Outlet.js';

/**
 * Ignores values until `notifier` has emitted.
 *
 * **Checkpoint:** whether the notifier has emitted. A checkpointed notifier goes on where it was; any other is
 * subscribed again until it has emitted.
 *
 * ```text
 * source    -a-b-%--c-d-|
 * notifier  ------%x-----
 *         skipUntil(notifier)
 * result    ------%-c-d-|
 * ```
 *
 * @example
 * const orders$ = all$.pipe(skipUntil(fromObservable(opening$)));
 * @param notifier - its first value lets values through. That it completes changes nothing.
 * @throws errors of the notifier go to the subscriber.
 */
export function skipUntil<T>(notifier: ObservableInput<unknown>): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>(
    {
      operator: 'skipUntil',
      endsWithInputs: true,
      create: (dest, site, sources) => new SkipUntilCore<T>(dest, site, sources),
    },
    [notifier],
  );
}

interface SkipUntilState {
  isTaking: boolean;
}

class SkipUntilCore<T> extends OperatorCore<T, SkipUntilState> {
  s: SkipUntilState = { isTaking: false };

  /** The notifier first: it may emit at once. */
  protected override subscribeOrder(): number[] {
    return [1, 0];
  }

  override onNext(value: unknown, input: number): void {
    const { s } = this;
    if (input === 0) {
      if (s.isTaking) this.out.next(value as T);
      return;
    }
    this.inputs[1]?.unsubscribe();
    s.isTaking = true;
    this.inputs[0]?.opened();
  }

  override passageOf({ index }: Input<unknown>): Outlet<T> | null {
    return index === 0 && this.s.isTaking ? this.out : null;
  }

  protected captureState(): SkipUntilState {
    return { ...this.s };
  }

  protected override restoreStructure({ isTaking }: SkipUntilState): void {
    this.s = { isTaking };
  }

  protected restoreState(): void {}
}
