import type { ObservableInput, SchedulerLike, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';

/**
 * Hands on every notification, errors and the end too, on a scheduler.
 *
 * **Checkpoint:** the notifications on their way, and when each is due. A restore delivers those at once that are overdue,
 * in their order. An error on its way has to be of a class that can be stored, see the option `errorTypes`.
 *
 * ```text
 * source  -a-b-%--|
 *         observeOn(asyncScheduler, 3)
 * result  ----a%b----|
 * ```
 *
 * @example
 * const shown$ = prices$.pipe(observeOn(animationFrameScheduler));
 * @param scheduler - on which notifications are delivered.
 * @param delay - in ms.
 */
export function observeOn<T>(scheduler: SchedulerLike, delay: number = 0): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>({
    operator: 'observeOn',
    create: (dest, site, sources) => new ObserveOnCore<T>(dest, site, sources, scheduler, delay),
  });
}

/** Null for the completion. */
type End = { readonly error: unknown } | null;

interface ObserveOnSnapshot<T> {
  readonly values: readonly TimerSnapshot<T>[];
  readonly ends: readonly TimerSnapshot<End>[];
}

class ObserveOnCore<T> extends OperatorCore<T, Timers<T>> {
  /** The values on their way are the payloads of the timers. */
  s: Timers<T>;
  private readonly ends: Timers<End>;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    scheduler: SchedulerLike,
    private readonly delay: number,
  ) {
    super(dest, site, sources);
    const run = site?.run ?? null;
    this.s = new Timers(scheduler, run, (value) => this.out.next(value));
    this.ends = new Timers(scheduler, run, (end) => this.finish(end));
  }

  /** The consumer leaves the source first, and then what was scheduled. */
  protected override get holdsSomething(): boolean {
    return false;
  }

  /** That of the source has just been added. */
  protected override convert(source: ObservableInput<unknown>): ObservableInput<unknown> {
    this.dest.add(this);
    return source;
  }

  override onNext(value: unknown): void {
    this.s.schedule(this.delay, value as T);
  }

  override onComplete(): void {
    this.ends.schedule(this.delay, null);
  }

  override onError(error: unknown): void {
    this.ends.schedule(this.delay, { error });
  }

  private finish(end: End): void {
    if (end === null) this.dest.complete();
    else this.dest.error(end.error);
  }

  protected override onEnd(): void {
    this.s.cancelAll();
    this.ends.cancelAll();
  }

  protected captureState(capture: Capture): ObserveOnSnapshot<T> {
    let i = 0;
    const values = this.s.snapshot((value) => capture.held(value, `values[${i++}].payload`));
    const ends = this.ends.snapshot((end) => capture.held(end, 'ends[0].payload'));
    return { values: Object.freeze(values), ends: Object.freeze(ends) };
  }

  protected restoreState({ values, ends }: ObserveOnSnapshot<T>, revival: Revival): void {
    const round = this.site!.run.connecting;
    for (const timer of values) this.s.restore(timer, revival.held(timer.payload), round);
    for (const timer of ends) this.ends.restore(timer, revival.held(timer.payload), round);
  }
}
