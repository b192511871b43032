import type { ObservableInput } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Input } from './base/OperatorCore.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Outlet } from './base/Outlet.js';

/**
 * Lets values through until `notifier` emits, and completes then.
 *
 * **Checkpoint:** nothing of its own: either it has completed or not. A checkpointed notifier goes on where it was; any
 * other is subscribed again.
 *
 * ```text
 * source    -a-b-%--c-d-|
 * notifier  ------%--x---
 *         takeUntil(notifier)
 * result    -a-b-%--c|
 * ```
 *
 * @example
 * const today$ = orders$.pipe(takeUntil(fromObservable(closing$)));
 * @param notifier - its first value is the end. That it completes changes nothing.
 * @throws errors of the notifier go to the subscriber.
 */
export function takeUntil<T>(notifier: ObservableInput<unknown>): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>(
    {
      operator: 'takeUntil',
      endsWithInputs: true,
      create: (dest, site, sources) => new TakeUntilCore<T>(dest, site, sources),
    },
    [notifier],
  );
}

class TakeUntilCore<T> extends OperatorCore<T, null> {
  s = null;

  /** The notifier first, and if that emits at once the source is not subscribed at all. */
  protected override begin(): void {
    this.subscribeInput(1);
    if (!this.dest.closed) this.subscribeInput(0);
  }

  protected override subscribeOrder(): number[] {
    return [1, 0];
  }

  override onNext(value: unknown, input: number): void {
    if (input === 0) this.out.next(value as T);
    else this.dest.complete();
  }

  override passageOf({ index }: Input<unknown>): Outlet<T> | null {
    return index === 0 ? this.out : null;
  }

  protected captureState(): object {
    return {};
  }

  protected restoreState(): void {}
}
