import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Barrier } from '../checkpoint/protocol/Participant.js';
import type { CheckpointedObservable, CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Inner } from './base/Inner.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { Site } from './base/Site.js';
import type { Window, WindowSnapshot } from './Windows.js';
import { Windows } from './Windows.js';

/**
 * Splits the source into windows, one after the other, and emits each as an Observable of its own. Each time it asks
 * `closingSelector` for what ends the window, by its first value or its end.
 *
 * **Checkpoint:** which window is open, who listens to it, and the state of its closing. A restore calls
 * `closingSelector` again: a checkpointed closing goes on where it was; any other is subscribed again, and as many of
 * its values are skipped as it had emitted.
 *
 * ```text
 * source  -a-b-%-c---|
 *         windowWhen(() => timer(5)), mergeMap(w => w.pipe(toArray()))
 * result  -----%x---(y|)      x = [a, b], y = [c]
 * ```
 *
 * @example
 * const rounds$ = moves$.pipe(windowWhen(() => nextGong()));
 * @param closingSelector - gives what ends the window that has begun.
 * @throws what `closingSelector` throws, and errors of closings, go to the subscriber and to the window.
 */
export function windowWhen<T>(
  closingSelector: () => ObservableInput<unknown>,
): CheckpointedOperator<T, CheckpointedObservable<T>> {
  return coreOperator<T, CheckpointedObservable<T>>({
    operator: 'windowWhen',
    outlivesConsumer: true,
    create: (dest, site, sources) => new WindowWhenCore<T>(dest, site, sources, closingSelector),
  });
}

interface WindowWhenState<T> {
  /** How many windows there have been. */
  count: number;
  /** Null before it opens. */
  window: Window<T> | null;
}

interface WindowWhenSnapshot {
  readonly count: number;
  readonly window: WindowSnapshot | null;
  readonly closing: InnersSnapshot<null>;
}

class WindowWhenCore<T> extends HigherOrderCore<null, CheckpointedObservable<T>, WindowWhenState<T>> {
  s: WindowWhenState<T> = { count: 0, window: null };
  private readonly windows: Windows<T>;
  private closing: Inner<null, unknown> | null = null;

  constructor(
    dest: Subscriber<CheckpointedObservable<T>>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly closingSelector: () => ObservableInput<unknown>,
  ) {
    super(dest, site, sources);
    this.windows = new Windows(dest, site, this);
  }

  protected override begin(): void {
    super.begin();
    // Left with the source, as in RxJS: before what was added to the consumer in the meantime.
    if (this.site === null) this.inputs[0]!.add(() => this.closing?.unsubscribe());
  }

  protected override onOpen(): void {
    this.windows.turn(() => this.beginWindow());
  }

  override onNext(value: unknown): void {
    this.s.window!.next(value as T);
  }

  override onComplete(): void {
    this.s.window!.complete();
    this.dest.complete();
  }

  override onError(error: unknown): void {
    // A closing that fails after all was left: nobody feeds the window any more.
    if (!this.dest.closed) this.s.window!.error(error);
    this.dest.error(error);
  }

  private beginWindow(): void {
    const { s } = this;
    this.closing?.unsubscribe();
    s.window?.complete();
    const window = this.windows.open();
    s.window = window;
    this.out.next(window.observable);
    const { closing } = this;
    try {
      this.subscribeInner(null, s.count++);
    } catch (error) {
      // What subscribing to it throws the window does not hear.
      if (this.closing !== closing) throw error;
      window.error(error);
      this.dest.error(error);
    }
  }

  project(): ObservableInput<unknown> {
    const { closingSelector } = this;
    return closingSelector();
  }

  override innerStarted(inner: Inner<null, unknown>): void {
    this.closing = inner;
  }

  override onInnerNext(): void {
    this.beginWindow();
  }

  onInnerComplete(): void {
    this.beginWindow();
  }

  override onInnerError(error: unknown): void {
    this.onError(error);
  }

  protected override passOn(barrier: Barrier): void {
    super.passOn(barrier);
    this.windows.barrier(barrier);
  }

  protected override onEnd(): void {
    super.onEnd();
    this.windows.forsake();
  }

  protected captureState(capture: Capture): WindowWhenSnapshot {
    const { count, window } = this.s;
    return { count, window: window?.snapshot() ?? null, closing: this.captureInners(capture) };
  }

  protected restoreState({ count, window, closing }: WindowWhenSnapshot): void {
    this.s = { count, window: window === null ? null : this.windows.restore(window) };
    this.restoreInners(closing);
  }
}
