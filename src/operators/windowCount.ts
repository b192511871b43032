import type { ObservableInput, Subscriber } from 'rxjs';

import type { Barrier } from '../checkpoint/protocol/Participant.js';
import type { CheckpointedObservable, CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { Window, WindowSnapshot } from './Windows.js';
import { Windows } from './Windows.js';

/**
 * Splits the source into windows of so many values, and emits each as an Observable of its own when it begins.
 *
 * **Checkpoint:** which windows are open, who listens to each, and how many values have come. Wherever a window was held
 * (in a delay, in an inner pipeline) it is the same again after a restore.
 *
 * ```text
 * source  -a-b-c-%-d-e-|
 *         windowCount(2), mergeMap(w => w.pipe(toArray()))
 * result  ---x---%-y---(z|)    x = [a, b], y = [c, d], z = [e]
 * ```
 *
 * @example
 * const sums$ = orders$.pipe(windowCount(100), mergeMap((window$) => window$.pipe(reduce((sum, { price }) => sum + price, 0))));
 * @param windowSize - how many values a window has.
 * @param startWindowEvery - a window begins each so many values; by default when the one before ends. Smaller than
 *   `windowSize`, windows overlap.
 */
export function windowCount<T>(
  windowSize: number,
  startWindowEvery: number = 0,
): CheckpointedOperator<T, CheckpointedObservable<T>> {
  const startEvery = startWindowEvery > 0 ? startWindowEvery : windowSize;
  return coreOperator<T, CheckpointedObservable<T>>({
    operator: 'windowCount',
    create: (dest, site, sources) => new WindowCountCore<T>(dest, site, sources, windowSize, startEvery),
  });
}

interface WindowCountState<T> {
  /** How many values have come. */
  count: number;
  /** By age. Another array when the operator ends: whoever iterates then goes on with the old one. */
  windows: Window<T>[];
}

interface WindowCountSnapshot {
  readonly count: number;
  readonly windows: readonly WindowSnapshot[];
}

class WindowCountCore<T> extends OperatorCore<CheckpointedObservable<T>, WindowCountState<T>> {
  s: WindowCountState<T> = { count: 0, windows: [] };
  private readonly windows: Windows<T>;

  constructor(
    dest: Subscriber<CheckpointedObservable<T>>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly windowSize: number,
    private readonly startEvery: number,
  ) {
    super(dest, site, sources);
    this.windows = new Windows(dest, site, this);
  }

  protected override onOpen(): void {
    this.windows.turn(() => this.beginWindow());
  }

  override onNext(value: unknown): void {
    const { s, startEvery } = this;
    for (const window of s.windows) window.next(value as T);
    // How many values have come since the oldest window was full.
    const since = s.count - this.windowSize + 1;
    // None is left to end with some arguments: that is an error, as in RxJS.
    if (since >= 0 && since % startEvery === 0) s.windows.shift()!.complete();
    s.count++;
    if (s.count % startEvery === 0) this.beginWindow();
  }

  override onComplete(): void {
    for (let window = this.s.windows.shift(); window !== undefined; window = this.s.windows.shift()) window.complete();
    this.dest.complete();
  }

  override onError(error: unknown): void {
    for (let window = this.s.windows.shift(); window !== undefined; window = this.s.windows.shift())
      window.error(error);
    this.dest.error(error);
  }

  private beginWindow(): void {
    const window = this.windows.open();
    this.s.windows.push(window);
    this.out.next(window.observable);
  }

  protected override passOn(barrier: Barrier): void {
    super.passOn(barrier);
    this.windows.barrier(barrier);
  }

  protected override onEnd(): void {
    this.s.windows = [];
    this.windows.forsake();
  }

  protected captureState(): WindowCountSnapshot {
    const { count, windows } = this.s;
    return { count, windows: Object.freeze(windows.map((window) => window.snapshot())) };
  }

  protected restoreState({ count, windows }: WindowCountSnapshot): void {
    this.s = { count, windows: windows.map((window) => this.windows.restore(window)) };
  }
}
