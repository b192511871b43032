import type { ObservableInput, SchedulerLike, Subscriber, TimeoutInfo } from 'rxjs';
import { from } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { Site } from './base/Site.js';
import type { Timer, TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';

interface TimeoutOptions {
  readonly first?: number | Date | undefined;
  readonly each?: number | undefined;
  readonly scheduler: SchedulerLike;
  readonly meta?: unknown;
  readonly takeOver: (info: TimeoutInfo<unknown>) => ObservableInput<unknown>;
}

interface TimeoutState {
  seen: number;
}

interface TimeoutSnapshot extends TimeoutState {
  readonly timers: readonly TimerSnapshot<null>[];
  /** Which of them the next value ends, if any: there are several if the consumer has emitted to the source. */
  readonly timer: number | null;
  /** What took over: projected from the number of values until then. */
  readonly successor: InnersSnapshot<number>;
}

/** What timeout and timeoutWith do. */
class TimeoutCore<T> extends HigherOrderCore<number, T, TimeoutState> {
  s: TimeoutState = { seen: 0 };
  private readonly timers: Timers<null>;
  private timer: Timer<null> | null = null;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly options: TimeoutOptions,
  ) {
    super(dest, site, sources);
    this.timers = new Timers(options.scheduler, site?.run ?? null, () => this.onTimer());
  }

  /** The time of the first value runs from when the source was subscribed. */
  protected override get opensLast(): boolean {
    return true;
  }

  protected override onOpen(): void {
    if (this.s.seen > 0) return;
    const { first, each } = this.options;
    this.startTimer(first == null ? each! : first instanceof Date ? +first - this.timers.scheduler.now() : first);
  }

  private startTimer(delayMs: number): void {
    if (!this.dest.closed) this.timer = this.timers.schedule(delayMs, null);
  }

  override onNext(value: unknown): void {
    this.timer?.cancel();
    this.s.seen++;
    this.out.next(value as T);
    const { each } = this.options;
    if (each != null && each > 0) this.startTimer(each);
  }

  private onTimer(): void {
    try {
      this.inputs[0]?.unsubscribe();
      this.timer?.cancel();
      // Outside of a job it is not ours any more.
      if (this.site === null) from(this.project(this.s.seen)).subscribe(this.dest as Subscriber<unknown>);
      else this.subscribeInner(this.s.seen, 0);
    } catch (error) {
      this.dest.error(error);
    }
  }

  project(seen: number): ObservableInput<unknown> {
    const { takeOver, meta = null } = this.options;
    // RxJS forgets the last value when it leaves the source, which is before it tells.
    return takeOver({ meta, lastValue: null, seen });
  }

  onInnerComplete(): void {
    this.dest.complete();
  }

  protected override onEnd(): void {
    super.onEnd();
    this.timers.cancelAll();
  }

  protected captureState(capture: Capture): TimeoutSnapshot {
    const timers = this.timers.snapshot(() => null);
    const current = timers.findIndex(({ serial }) => serial === this.timer?.serial);
    return {
      seen: this.s.seen,
      timers: Object.freeze(timers),
      timer: current < 0 ? null : current,
      successor: this.captureInners(capture),
    };
  }

  protected override restoreStructure({ seen }: TimeoutSnapshot): void {
    this.s = { seen };
  }

  protected restoreState({ timers, timer: current, successor }: TimeoutSnapshot): void {
    const { connecting } = this.site!.run;
    const restored = timers.map((timer) => this.timers.restore(timer, null, connecting));
    if (current !== null) this.timer = restored[current]!;
    this.restoreInners(successor);
  }
}

/** @throws TypeError when there is no time. */
export function timeoutFor<T, R>(operator: string, options: TimeoutOptions): CheckpointedOperator<T, T | R> {
  if (options.first == null && options.each == null) throw new TypeError('No timeout provided.');
  return coreOperator<T, T | R>({
    operator,
    outlivesConsumer: true,
    create: (dest, site, sources) => new TimeoutCore<T | R>(dest, site, sources, options),
  });
}
