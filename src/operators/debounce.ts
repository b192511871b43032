import type { ObservableInput } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Inner } from './base/Inner.js';
import { DurationCore } from './DurationCore.js';

/**
 * Emits a value once the duration that was selected for it has emitted and no other value has come meanwhile.
 *
 * **Checkpoint:** the value that waits, and the state of its duration. A restore calls `durationSelector` again for it: a
 * checkpointed duration goes on where it was, any other is subscribed anew.
 *
 * ```text
 * source  -a-b-%-----c|
 *         debounce(() => pause)     (pause: --x)
 * result  -----%b----(c|)
 * ```
 *
 * @example
 * const queries$ = keys$.pipe(debounce((text) => (text.length < 3 ? slow$ : fast$)));
 * @param durationSelector - gives what tells by its first value when the time is up.
 * @throws what `durationSelector` throws, and errors of durations, go to the subscriber.
 */
export function debounce<T>(durationSelector: (value: T) => ObservableInput<unknown>): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>({
    operator: 'debounce',
    outlivesConsumer: true,
    create: (dest, site, sources) => new DebounceCore<T>(dest, site, sources, durationSelector),
  });
}

class DebounceCore<T> extends DurationCore<T> {
  override onNext(value: T): void {
    this.running?.unsubscribe();
    this.hold(value);
    this.startDuration(value);
  }

  /** Unless the selector has emitted to the source: then a later duration runs already. */
  override innerStarted(inner: Inner<T, unknown>): void {
    if (inner.index === this.s.index - 1) this.running = inner;
    else inner.unsubscribe();
  }

  onInnerNext(): void {
    this.emit();
  }

  /** Without a value it tells nothing. */
  onInnerComplete(): void {}

  override onComplete(): void {
    this.emit();
    this.dest.complete();
  }

  private emit(): void {
    this.leaveDuration();
    if (!this.s.hasValue) return;
    const value = this.release();
    this.out.next(value);
  }
}
