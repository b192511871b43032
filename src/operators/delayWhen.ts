import type { Observable, ObservableInput } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { combination } from './base/combination.js';
import type { CoreDefinition } from './base/coreOperator.js';
import { coreOperator } from './base/coreOperator.js';
import type { Inner } from './base/Inner.js';
import { MergeCore } from './mergeInternals.js';

/**
 * @deprecated Instead of `subscriptionDelay` put a `concat` around it.
 * @param subscriptionDelay - its first value, or its end, is when the source is subscribed.
 */
export function delayWhen<T>(
  delayDurationSelector: (value: T, index: number) => ObservableInput<unknown>,
  subscriptionDelay: Observable<unknown>,
): MonoTypeOperatorFunction<T>;
/**
 * Holds each value back until the duration that was selected for it emits. If that completes first, the value is lost.
 *
 * **Checkpoint:** the values on their way with their index, and the states of their durations. A restore calls
 * `delayDurationSelector` again for each: a checkpointed duration goes on where it was, any other is subscribed anew.
 *
 * ```text
 * source  -a---b-%-------|
 *         delayWhen(x => wait(x))     (for a: -----x   for b: -x)
 * result  ------b%a------|
 * ```
 *
 * @example
 * const due$ = orders$.pipe(delayWhen((order) => of(null).pipe(delay(order.due))));
 * @param delayDurationSelector - gives what tells by its first value when the value is to be emitted; also gets the
 * index of the value.
 * @throws TypeError when a second argument is no Observable. What `delayDurationSelector` throws, and errors of
 * durations, go to the subscriber.
 */
export function delayWhen<T>(
  delayDurationSelector: (value: T, index: number) => ObservableInput<unknown>,
): MonoTypeOperatorFunction<T>;
export function delayWhen<T>(
  delayDurationSelector: (value: T, index: number) => ObservableInput<unknown>,
  subscriptionDelay?: Observable<unknown>,
): CheckpointedOperator<T, T> {
  const definition: CoreDefinition<T> = {
    operator: 'delayWhen',
    outlivesConsumer: true,
    create: (dest, site, sources) => new DelayWhenCore<T>(dest, site, sources, delayDurationSelector, Infinity),
  };
  if (!subscriptionDelay) return coreOperator<T, T>(definition);
  // RxJS makes a `concat` of it, which is no Observable of the source's class.
  const apply = (source: Observable<T>): Observable<T> => {
    if (typeof subscriptionDelay.pipe !== 'function') throw new TypeError('The subscriptionDelay is no Observable.');
    return combination(definition, [source, subscriptionDelay]);
  };
  return apply as CheckpointedOperator<T, T>;
}

/** With a second input, the first is subscribed when that has emitted or ended. */
class DelayWhenCore<T> extends MergeCore<T, T> {
  private isBeginning = false;
  private isDue = false;
  private hasEndedAtOnce = false;
  private hasStarted = false;

  override get looksUpValues(): boolean {
    return true;
  }

  private get isDelayed(): boolean {
    return this.sources.length > 1;
  }

  protected override begin(): void {
    if (!this.isDelayed) return super.begin();
    if (this.site === null && this.dest.closed) return;
    // As in `concat`: what is next is subscribed when subscribing has come back, and so is the end of it all handled.
    this.isBeginning = true;
    if (this.site !== null) this.subscribeInput(1);
    else isEnded(() => this.subscribeInput(1));
    if (this.isDue && !this.dest.closed) this.subscribeInput(0);
    this.isBeginning = false;
    if (this.hasEndedAtOnce) this.dest.complete();
  }

  protected override finish(): void {
    if (this.isBeginning) this.hasEndedAtOnce = true;
    else super.finish();
  }

  /** As in `concat`. */
  protected override get unsubscribesFirst(): boolean {
    return this.isDelayed;
  }

  override onNext(value: T, input: number): void {
    if (input === 0) return super.onNext(value);
    if (isEnded(() => this.inputs[1]?.unsubscribe())) this.startSource();
  }

  override onComplete(input: number): void {
    if (input === 0) super.onComplete();
    else this.startSource();
  }

  private startSource(): void {
    const { site, dest } = this;
    if (this.isBeginning) this.isDue = true;
    if (this.isBeginning || dest.closed) return;
    if (site === null) this.subscribeInput(0);
    else site.run.join(() => this.subscribeInput(0));
  }

  /** Always with a subscription, by which the value is found again. */
  protected override startInner(value: T, index: number): void {
    const { hasStarted } = this;
    this.hasStarted = false;
    try {
      this.subscribeInner(value, index);
    } catch (error) {
      // Likewise lost in `take(1)`.
      if (this.site !== null || !this.hasStarted) throw error;
    } finally {
      // A selector that emits to the source may throw after that: its own duration has not started.
      this.hasStarted = hasStarted;
    }
  }

  override innerStarted(inner: Inner<T, unknown>): void {
    super.innerStarted(inner);
    this.hasStarted = true;
  }

  override onInnerNext(_value: unknown, duration: Inner<T, unknown>): void {
    if (duration.isSpent === true) return;
    duration.isSpent = true;
    this.out.next(duration.value);
    isEnded(() => duration.complete());
  }
}

/** Whether no teardown throws. In RxJS `take(1)` loses that, and what waits for its end waits for ever. */
function isEnded(end: () => void): boolean {
  try {
    end();
    return true;
  } catch {
    return false;
  }
}
