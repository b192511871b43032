import type { ObservableInput, SchedulerLike, Subscriber } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import { isScheduler } from '../sources/isScheduler.js';
import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { msUntil } from './base/msUntil.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';

/**
 * Emits each value later by `due`, or not before the date `due`.
 *
 * **Checkpoint:** the values on their way, each with the absolute time when it is due. After a restore those that are
 * overdue come first, the others when their time comes.
 *
 * ```text
 * source  -a-%---|
 *         delay(3)
 * result  ---%-a-|
 * ```
 *
 * @example
 * const later$ = alarms$.pipe(delay(5_000));
 * @param due - in ms, or a Date.
 * @param scheduler - the clock. Default: `asyncScheduler`.
 */
export function delay<T>(due: number | Date, scheduler?: SchedulerLike): MonoTypeOperatorFunction<T> {
  const clock = isScheduler(scheduler) ? scheduler : asyncScheduler;
  return coreOperator<T, T>({
    operator: 'delay',
    create: (dest, site, sources) => new DelayCore(dest, site, sources, due, clock),
  });
}

interface DelaySnapshot<T> {
  readonly values: readonly TimerSnapshot<T>[];
}

class DelayCore<T> extends OperatorCore<T, Timers<T>> {
  /** The values on their way are the payloads of the timers. */
  s: Timers<T>;
  private isComplete = false;
  private emitting = 0;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly due: number | Date,
    scheduler: SchedulerLike,
  ) {
    super(dest, site, sources);
    this.s = new Timers(scheduler, site?.run ?? null, (value) => this.onTimer(value));
  }

  override onNext(value: unknown): void {
    const { due, s } = this;
    s.schedule(msUntil(due, s.scheduler), value as T);
  }

  override onComplete(): void {
    this.isComplete = true;
    this.completeIfDone();
  }

  private onTimer(value: T): void {
    this.emitting++;
    try {
      this.out.next(value);
      this.emitting--;
      this.completeIfDone();
    } catch (error) {
      // As from a notifier.
      this.dest.error(error);
    }
  }

  private completeIfDone(): void {
    if (this.isComplete && this.emitting === 0 && this.s.size === 0) this.dest.complete();
  }

  protected override onEnd(): void {
    this.s.cancelAll();
  }

  protected captureState(capture: Capture): DelaySnapshot<T> {
    let i = 0;
    return { values: Object.freeze(this.s.snapshot((value) => capture.held(value, `values[${i++}].payload`))) };
  }

  protected restoreState({ values }: DelaySnapshot<T>, revival: Revival): void {
    this.isComplete = this.isInputDone(0);
    const round = this.site!.run.connecting;
    for (const timer of values) this.s.restore(timer, revival.held(timer.payload), round);
  }
}
