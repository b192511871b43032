import type { ObservableInput, SchedulerLike, Subscriber } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { Timer, TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';

/**
 * Emits a value once no other has come for `dueTime`.
 *
 * **Checkpoint:** the value that waits, when it came, and the absolute time of the timer. If that has passed at a
 * restore, the value is emitted first thing.
 *
 * ```text
 * source  -a-b-%-----c|
 *         debounceTime(4)
 * result  -----%--b--(c|)
 * ```
 *
 * @example
 * const queries$ = input$.pipe(debounceTime(300));
 * @param dueTime - in ms.
 * @param scheduler - the clock. Default: `asyncScheduler`.
 */
export function debounceTime<T>(
  dueTime: number,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>({
    operator: 'debounceTime',
    create: (dest, site, sources) => new DebounceTimeCore(dest, site, sources, dueTime, scheduler),
  });
}

interface DebounceTimeState<T> {
  /** What waits, while the timer runs. */
  value: T | null;
  lastMs: number;
}

interface DebounceTimeSnapshot<T> extends DebounceTimeState<T> {
  readonly timers: readonly TimerSnapshot<null>[];
}

class DebounceTimeCore<T> extends OperatorCore<T, DebounceTimeState<T>> {
  s: DebounceTimeState<T> = { value: null, lastMs: 0 };
  private readonly timers: Timers<null>;
  private timer: Timer<null> | null = null;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly dueTime: number,
    scheduler: SchedulerLike,
  ) {
    super(dest, site, sources);
    this.timers = new Timers(scheduler, site?.run ?? null, () => this.onTimer());
  }

  override onNext(value: unknown): void {
    const { s } = this;
    s.value = value as T;
    s.lastMs = this.timers.now();
    // One timer for a burst: it looks when it fires whether a later value has moved the end.
    this.timer ??= this.timers.schedule(this.dueTime, null);
  }

  override onComplete(): void {
    this.emit();
    this.dest.complete();
  }

  private onTimer(): void {
    const left = this.endOf(this.s.lastMs) - this.timers.now();
    if (left > 0) this.timer = this.timers.scheduleAgain(left, null);
    else this.emit();
  }

  private emit(): void {
    if (this.timer === null) return;
    const { s } = this;
    this.timer.cancel();
    this.timer = null;
    const value = s.value as T;
    s.value = null;
    this.out.next(value);
  }

  protected override onEnd(): void {
    this.timers.cancelAll();
  }

  protected captureState(capture: Capture): DebounceTimeSnapshot<T> {
    const { value, lastMs } = this.s;
    const timers = Object.freeze(this.timers.snapshot(() => null));
    return { value: capture.held(value, 'value'), lastMs, timers };
  }

  private endOf(lastMs: number): number {
    return lastMs + this.dueTime;
  }

  protected restoreState({ value, lastMs, timers }: DebounceTimeSnapshot<T>, revival: Revival): void {
    this.s = { value: revival.held(value), lastMs };
    for (const timer of timers) {
      // It looks when it would have, and so takes the same place among others; sooner if `dueTime` is shorter by now.
      const due = Math.min(timer.due, this.endOf(lastMs));
      this.timer = this.timers.restore({ ...timer, due }, null, this.site!.run.connecting);
    }
  }
}
