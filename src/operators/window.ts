import type { ObservableInput, Subscriber } from 'rxjs';

import type { Barrier } from '../checkpoint/protocol/Participant.js';
import type { CheckpointedObservable, CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { Window, WindowSnapshot } from './Windows.js';
import { Windows } from './Windows.js';

/**
 * Splits the source into windows, one after the other: emits each as an Observable of its own, and begins the next
 * whenever `windowBoundaries` emits.
 *
 * **Checkpoint:** which window is open, and who listens to it. Wherever a window was held (in a delay, in an inner
 * pipeline) it is the same again after a restore.
 *
 * ```text
 * source      -a-b-%-c---d-|
 * boundaries  ---------x---|
 *             window(boundaries), mergeMap(w => w.pipe(toArray()))
 * result      -----%---x---(y|)    x = [a, b, c], y = [d]
 * ```
 *
 * @example
 * const sums$ = orders$.pipe(window(closing$), mergeMap((window$) => window$.pipe(reduce((sum, { price }) => sum + price, 0))));
 * @param windowBoundaries - ends a window and begins the next by each of its values; its own end does nothing.
 */
export function window<T>(
  windowBoundaries: ObservableInput<unknown>,
): CheckpointedOperator<T, CheckpointedObservable<T>> {
  return coreOperator<T, CheckpointedObservable<T>>(
    { operator: 'window', create: (dest, site, sources) => new WindowCore<T>(dest, site, sources) },
    [windowBoundaries],
  );
}

interface WindowState<T> {
  /** Null before it opens. */
  window: Window<T> | null;
}

class WindowCore<T> extends OperatorCore<CheckpointedObservable<T>, WindowState<T>> {
  s: WindowState<T> = { window: null };
  private readonly windows: Windows<T>;

  constructor(
    dest: Subscriber<CheckpointedObservable<T>>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
  ) {
    super(dest, site, sources);
    this.windows = new Windows(dest, site, this);
  }

  protected override onOpen(): void {
    this.windows.turn(() => this.beginWindow());
  }

  override onNext(value: unknown, input: number): void {
    const { window } = this.s;
    if (input === 0) {
      window!.next(value as T);
    } else {
      window!.complete();
      this.beginWindow();
    }
  }

  override onComplete(input: number): void {
    if (input !== 0) return;
    this.s.window!.complete();
    this.dest.complete();
  }

  override onError(error: unknown): void {
    this.s.window!.error(error);
    this.dest.error(error);
  }

  private beginWindow(): void {
    const window = this.windows.open();
    this.s.window = window;
    this.out.next(window.observable);
  }

  protected override passOn(barrier: Barrier): void {
    super.passOn(barrier);
    this.windows.barrier(barrier);
  }

  /** Also one that has completed refuses newcomers from now on. */
  protected override onEnd(): void {
    this.s.window?.close();
  }

  protected captureState(): { window: WindowSnapshot | null } {
    return { window: this.s.window?.snapshot() ?? null };
  }

  protected restoreState({ window }: { window: WindowSnapshot | null }): void {
    this.s.window = window === null ? null : this.windows.restore(window);
  }
}
