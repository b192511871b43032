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
 * Begins a window with each value of `openings`, emits it as an Observable of its own, and ends it when what
 * `closingSelector` gives for that value emits. Windows may overlap, and there may be none.
 *
 * **Checkpoint:** which windows are open, who listens to each, and the opening value and the state of each closing. A
 * restore calls `closingSelector` again for each: a checkpointed closing goes on where it was; any other is subscribed
 * again, and as many of its values are skipped as it had emitted.
 *
 * ```text
 * source    -a-b-%-c-d-e-|
 * openings  --x------y---|
 *           windowToggle(openings, () => timer(5)), mergeMap(w => w.pipe(toArray()))
 * result    -----%-p-----(q|)    p = [b], q = [d, e]
 * ```
 *
 * @example
 * const shifts$ = events$.pipe(windowToggle(begins$, ({ shift }) => endOf(shift)));
 * @param openings - begins a window by each of its values.
 * @param closingSelector - gives what ends the window by its first value; its own end does nothing.
 * @throws what `closingSelector` throws, and errors of closings, go to the subscriber and to all windows.
 */
export function windowToggle<T, O>(
  openings: ObservableInput<O>,
  closingSelector: (openValue: O) => ObservableInput<unknown>,
): CheckpointedOperator<T, CheckpointedObservable<T>> {
  return coreOperator<T, CheckpointedObservable<T>>(
    {
      operator: 'windowToggle',
      outlivesConsumer: true,
      create: (dest, site, sources) => new WindowToggleCore<T, O>(dest, site, sources, closingSelector),
    },
    [openings],
  );
}

interface OpenWindow<T, O> {
  readonly window: Window<T>;
  closing: Inner<O, unknown> | null;
}

interface WindowToggleState<T, O> {
  /** How many windows there have been. */
  count: number;
  /** By age. */
  readonly windows: Map<number, OpenWindow<T, O>>;
  /** Whether the source has been subscribed to, which comes after the openings. */
  isFed: boolean;
}

interface WindowToggleSnapshot<O> {
  readonly count: number;
  readonly isFed: boolean;
  readonly windows: readonly (WindowSnapshot & { readonly index: number })[];
  readonly closings: InnersSnapshot<O>;
}

class WindowToggleCore<T, O> extends HigherOrderCore<O, CheckpointedObservable<T>, WindowToggleState<T, O>> {
  s: WindowToggleState<T, O> = { count: 0, windows: new Map(), isFed: false };
  private readonly windows: Windows<T>;
  private isRestoring = false;
  /** The closing that is being subscribed to: it is not left before that has come back, as in RxJS. */
  private starting: Inner<O, unknown> | null = null;

  constructor(
    dest: Subscriber<CheckpointedObservable<T>>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly closingSelector: (openValue: O) => ObservableInput<unknown>,
  ) {
    super(dest, site, sources);
    this.windows = new Windows(dest, site, this);
  }

  protected override subscribeOrder(): number[] {
    return [1, 0];
  }

  protected override subscribeInput(index: number): void {
    if (index === 0) {
      if (this.site === null) this.s.isFed = true;
      else this.site.run.connecting.queue({ open: () => void (this.s.isFed = true) });
    }
    super.subscribeInput(index);
  }

  override onNext(value: unknown, input: number): void {
    if (input === 1) return this.beginWindow(value as O);
    for (const { window } of [...this.s.windows.values()]) window.next(value as T);
  }

  override onComplete(input: number): void {
    if (input === 1) return;
    const { windows } = this.s;
    for (const [index, { window }] of windows) {
      windows.delete(index);
      window.complete();
    }
    this.dest.complete();
  }

  /** The windows do not hear of an error of the openings, as in RxJS. */
  override onError(error: unknown, input: number): void {
    if (input === 1) this.dest.error(error);
    else this.fail(error);
  }

  override handsOn(end: 'complete' | 'error', input: number): boolean {
    return end === 'error' && input === 1 ? true : super.handsOn(end, input);
  }

  private fail(error: unknown): void {
    const { windows } = this.s;
    for (const [index, { window }] of windows) {
      windows.delete(index);
      window.error(error);
    }
    this.dest.error(error);
  }

  private beginWindow(value: O): void {
    const { s } = this;
    const index = s.count++;
    const open: OpenWindow<T, O> = { window: this.windows.open(), closing: null };
    s.windows.set(index, open);
    const outer = this.starting;
    try {
      this.subscribeInner(value, index);
    } catch (error) {
      // What subscribing to it throws the windows do not hear.
      if (open.closing !== null) throw error;
      this.fail(error);
    } finally {
      this.starting = outer;
    }
    if (!s.windows.has(index)) open.closing?.unsubscribe();
  }

  project(value: O): ObservableInput<unknown> {
    const { closingSelector } = this;
    return closingSelector(value);
  }

  override innerStarted(inner: Inner<O, unknown>): void {
    const open = this.s.windows.get(inner.index);
    if (open === undefined) return;
    open.closing = inner;
    if (this.isRestoring) return;
    this.starting = inner;
    this.out.next(open.window.observable);
  }

  override onInnerNext(_value: unknown, closing: Inner<O, unknown>): void {
    const { windows } = this.s;
    const open = windows.get(closing.index);
    windows.delete(closing.index);
    open?.window.complete();
    if (this.starting !== closing) closing.unsubscribe();
  }

  onInnerComplete(): void {}

  override onInnerError(error: unknown): void {
    this.fail(error);
  }

  protected override passOn(barrier: Barrier): void {
    super.passOn(barrier);
    this.windows.barrier(barrier);
  }

  protected override onEnd(): void {
    super.onEnd();
    this.s.windows.clear();
    // What openings began before the source was subscribed to refuses nobody, as in RxJS.
    if (this.s.isFed) this.windows.close();
    else this.windows.forsake();
  }

  protected captureState(capture: Capture): WindowToggleSnapshot<O> {
    const { count, isFed, windows } = this.s;
    const taken = [...windows].map(([index, { window }]) => Object.freeze({ ...window.snapshot(), index }));
    return { count, isFed, windows: Object.freeze(taken), closings: this.captureInners(capture) };
  }

  protected restoreState({ count, isFed, windows, closings }: WindowToggleSnapshot<O>): void {
    this.s = { count, isFed, windows: new Map() };
    for (const { index, ...snapshot } of windows)
      this.s.windows.set(index, { window: this.windows.restore(snapshot), closing: null });
    this.isRestoring = true;
    this.restoreInners(closings);
    this.isRestoring = false;
  }
}
