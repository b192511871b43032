import type { ObservableInput, ObservedValueOf, SchedulerLike, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Site } from './base/Site.js';
import type { TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';
import type { MergeSnapshot } from './mergeInternals.js';
import { MergeCore } from './mergeInternals.js';

/**
 * Emits each value and projects it to an inner Observable, whose values are emitted and projected in turn.
 *
 * **Checkpoint:** the values that wait for a free place (or, with a scheduler, for their time), the value and index of
 * each active inner, and the inners' own states. A restore calls `project` again for each active inner: a checkpointed
 * inner goes on where it was; any other is subscribed again, and as many of its values are skipped as it had emitted.
 *
 * ```text
 * source  -1---%-------|
 *         expand(x => x < 8 ? of(2 * x).pipe(delay(2)) : EMPTY)
 * result  -1-2-%4-8----|
 * ```
 *
 * @example
 * const pages$ = firstPage$.pipe(expand((page) => (page.next === null ? EMPTY : fetchPage(page.next))));
 * @param project - gives what to subscribe to; also gets the index of the value.
 * @param concurrent - how many inners at a time at most. Default, and for less than 1: no limit.
 * @param scheduler - on which values that have waited are projected.
 * @throws what `project` throws, and errors of inners, go to the subscriber. On a scheduler what `project` throws is
 * thrown to the scheduler, as in RxJS; in a job it goes to the subscriber.
 */
export function expand<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  concurrent?: number,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Schedule the inner with `subscribeOn` instead. */
export function expand<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  concurrent: number | undefined,
  scheduler: SchedulerLike,
): CheckpointedOperator<T, ObservedValueOf<O>>;
export function expand<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  concurrent: number = Infinity,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, ObservedValueOf<O>> {
  // Also NaN is no limit.
  const limit = concurrent >= 1 ? concurrent : Infinity;
  return coreOperator<T, ObservedValueOf<O>>({
    operator: 'expand',
    outlivesConsumer: true,
    create: (dest, site, sources) =>
      new ExpandCore<T, ObservedValueOf<O>>(dest, site, sources, project, limit, scheduler),
  });
}

interface ExpandSnapshot<T> extends MergeSnapshot<T> {
  readonly timers: readonly TimerSnapshot<T>[];
}

class ExpandCore<T, R> extends MergeCore<T, R> {
  private readonly timers: Timers<T> | null;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    projection: (value: T, index: number) => ObservableInput<unknown>,
    concurrent: number,
    scheduler: SchedulerLike | undefined,
  ) {
    super(dest, site, sources, projection, concurrent);
    this.timers = scheduler ? new Timers(scheduler, site?.run ?? null, (value) => this.onTimer(value)) : null;
  }

  protected override start(value: T): void {
    this.out.next(value as unknown as R);
    super.start(value);
  }

  override onInnerNext(value: unknown): void {
    this.onNext(value as T);
  }

  protected override startWaiting(value: T): void {
    if (this.timers === null) this.start(value);
    else if (!this.dest.closed) this.timers.schedule(0, value);
  }

  private onTimer(value: T): void {
    try {
      this.start(value);
    } catch (error) {
      // Nobody above a timer could tell the job.
      if (this.site === null) throw error;
      this.dest.error(error);
    }
  }

  protected override onEnd(): void {
    super.onEnd();
    this.timers?.cancelAll();
  }

  protected override captureState(capture: Capture): ExpandSnapshot<T> {
    let i = 0;
    const timers = this.timers?.snapshot((value) => capture.held(value, `timers[${i++}].payload`)) ?? [];
    return { ...super.captureState(capture), timers: Object.freeze(timers) };
  }

  protected override restoreState(state: ExpandSnapshot<T>, revival: Revival): void {
    super.restoreState(state, revival);
    const round = this.site!.run.connecting;
    for (const timer of state.timers) this.timers?.restore(timer, revival.held(timer.payload), round);
  }
}
