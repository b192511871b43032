import type { ObservableInput, SchedulerLike, Subscriber } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { Barrier } from '../checkpoint/protocol/Participant.js';
import type { CheckpointedObservable, CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { Timer, TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';
import { popScheduler } from './base/trailingArguments.js';
import type { Window, WindowSnapshot } from './Windows.js';
import { Windows } from './Windows.js';

/**
 * Splits the source into windows of a time span, and emits each as an Observable of its own when it begins.
 *
 * **Checkpoint:** which windows are open, who listens to each, how many values it has had, and the absolute times when
 * it ends and when the next one begins. A window that is overdue at a restore ends first thing.
 *
 * ```text
 * source  -a-b-%-c---|
 *         windowTime(5), mergeMap(w => w.pipe(toArray()))
 * result  -----%x---(y|)      x = [a, b], y = [c]
 * ```
 *
 * @example
 * const perSecond$ = clicks$.pipe(windowTime(1_000), mergeMap((window$) => window$.pipe(reduce((n) => n + 1, 0))));
 * @param windowTimeSpan - how long each window is open, in ms.
 * @param windowCreationInterval - begins a window each so many ms; by default one begins when the one before ends.
 * @param maxWindowSize - ends a window as soon as it has had so many values.
 * @param scheduler - the clock. Default: `asyncScheduler`.
 */
export function windowTime<T>(
  windowTimeSpan: number,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, CheckpointedObservable<T>>;
export function windowTime<T>(
  windowTimeSpan: number,
  windowCreationInterval: number,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, CheckpointedObservable<T>>;
export function windowTime<T>(
  windowTimeSpan: number,
  windowCreationInterval: number | null | void,
  maxWindowSize: number,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, CheckpointedObservable<T>>;
export function windowTime<T>(
  windowTimeSpan: number,
  ...otherArgs: unknown[]
): CheckpointedOperator<T, CheckpointedObservable<T>> {
  const args = [...otherArgs];
  const scheduler = popScheduler(args) ?? asyncScheduler;
  const options: WindowTimeOptions = {
    timeSpanMs: windowTimeSpan,
    creationIntervalMs: (args[0] as number | null | undefined) ?? null,
    // Also 0, NaN and null are no limit, as in RxJS.
    // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
    maxSize: (args[1] as number | null | undefined) || Infinity,
    scheduler,
  };
  return coreOperator<T, CheckpointedObservable<T>>({
    operator: 'windowTime',
    create: (dest, site, sources) => new WindowTimeCore<T>(dest, site, sources, options),
  });
}

interface WindowTimeOptions {
  readonly timeSpanMs: number;
  readonly creationIntervalMs: number | null;
  readonly maxSize: number;
  readonly scheduler: SchedulerLike;
}

interface OpenWindow<T> {
  readonly index: number;
  readonly window: Window<T>;
  seen: number;
  /** Null while it is being emitted. */
  timer: Timer<TimerPayload> | null;
}

/** The index of the window that is due, or null to begin the next. */
type TimerPayload = number | null;

interface WindowTimeState<T> {
  /** How many windows there have been. */
  count: number;
  /** By age. */
  readonly windows: Map<number, OpenWindow<T>>;
}

interface WindowTimeSnapshot {
  readonly count: number;
  readonly windows: readonly (WindowSnapshot & Pick<OpenWindow<never>, 'index' | 'seen'>)[];
  readonly timers: readonly TimerSnapshot<TimerPayload>[];
}

class WindowTimeCore<T> extends OperatorCore<CheckpointedObservable<T>, WindowTimeState<T>> {
  s: WindowTimeState<T> = { count: 0, windows: new Map() };
  private readonly windows: Windows<T>;
  private readonly timers: Timers<TimerPayload>;
  /** Null: one begins when the one before ends. */
  private readonly creationIntervalMs: number | null;

  constructor(
    dest: Subscriber<CheckpointedObservable<T>>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly options: WindowTimeOptions,
  ) {
    super(dest, site, sources);
    this.windows = new Windows(dest, site, this);
    const { creationIntervalMs } = options;
    this.creationIntervalMs = creationIntervalMs !== null && creationIntervalMs >= 0 ? creationIntervalMs : null;
    this.timers = new Timers(options.scheduler, site?.run ?? null, (payload) => this.onTimer(payload));
  }

  protected override onOpen(): void {
    const { creationIntervalMs } = this;
    if (creationIntervalMs !== null) this.timers.schedule(creationIntervalMs, null);
    this.windows.turn(() => this.beginWindow());
  }

  override onNext(value: unknown): void {
    // A copy: what ends makes room for the next one, which this value is not for.
    for (const open of [...this.s.windows.values()]) {
      open.window.next(value as T);
      open.seen++;
      if (open.seen >= this.options.maxSize) this.endWindow(open);
    }
  }

  override onComplete(): void {
    for (const { window } of [...this.s.windows.values()]) window.complete();
    this.dest.complete();
  }

  override onError(error: unknown): void {
    for (const { window } of [...this.s.windows.values()]) window.error(error);
    this.dest.error(error);
  }

  private onTimer(payload: TimerPayload): void {
    if (payload === null) {
      this.beginWindow();
      // Whoever got the window may have had enough.
      if (!this.dest.closed) this.timers.scheduleAgain(this.creationIntervalMs!, null);
      return;
    }
    const open = this.s.windows.get(payload);
    if (open !== undefined) this.endWindow(open);
  }

  private beginWindow(): void {
    const { dest, s, timers } = this;
    if (dest.closed) return;
    const index = s.count++;
    const open: OpenWindow<T> = { index, window: this.windows.open(), seen: 0, timer: null };
    s.windows.set(index, open);
    dest.next(open.window.observable);
    // It may have got its last value meanwhile.
    if (s.windows.has(index)) open.timer = timers.schedule(this.options.timeSpanMs, index);
  }

  private endWindow({ index, window, timer }: OpenWindow<T>): void {
    window.complete();
    timer?.cancel();
    this.s.windows.delete(index);
    if (this.creationIntervalMs === null) this.beginWindow();
  }

  protected override passOn(barrier: Barrier): void {
    super.passOn(barrier);
    this.windows.barrier(barrier);
  }

  protected override onEnd(): void {
    this.timers.cancelAll();
    this.s.windows.clear();
    this.windows.forsake();
  }

  protected captureState(): WindowTimeSnapshot {
    const { count, windows } = this.s;
    const taken = [...windows.values()].map(({ index, seen, window }) =>
      Object.freeze({ ...window.snapshot(), index, seen }),
    );
    return { count, windows: Object.freeze(taken), timers: Object.freeze(this.timers.snapshot((payload) => payload)) };
  }

  protected restoreState({ count, windows, timers }: WindowTimeSnapshot): void {
    const round = this.site!.run.connecting;
    const restored = new Map(timers.map((timer) => [timer.payload, this.timers.restore(timer, timer.payload, round)]));
    this.s = { count, windows: new Map() };
    for (const { index, seen, ...snapshot } of windows) {
      const window = this.windows.restore(snapshot);
      this.s.windows.set(index, { index, window, seen, timer: restored.get(index) ?? null });
    }
  }
}
