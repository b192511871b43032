import type { ObservableInput, SchedulerLike, Subscriber } from 'rxjs';

import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { subscribeOutside } from './base/connectOutside.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';

/**
 * Subscribes to the source on a scheduler.
 *
 * **Checkpoint:** when it is to be subscribed, if that is still to come. A restore waits for the rest of the time.
 *
 * ```text
 * source     1-2-|
 *         subscribeOn(asyncScheduler, 4)
 * result  -%--1-2-|
 * ```
 *
 * @example
 * const later$ = orders$.pipe(subscribeOn(asyncScheduler, 1_000));
 * @param scheduler - on which the source is subscribed.
 * @param delay - in ms.
 */
export function subscribeOn<T>(scheduler: SchedulerLike, delay: number = 0): MonoTypeOperatorFunction<T> {
  return coreOperator<T, T>({
    operator: 'subscribeOn',
    create: (dest, site, sources) => new SubscribeOnCore<T>(dest, site, sources, scheduler, delay),
  });
}

interface SubscribeOnSnapshot {
  readonly timers: readonly TimerSnapshot<null>[];
}

class SubscribeOnCore<T> extends OperatorCore<T, Timers<null>> {
  s: Timers<null>;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    scheduler: SchedulerLike,
    private readonly delay: number,
  ) {
    super(dest, site, sources);
    this.s = new Timers(scheduler, site?.run ?? null, () => this.start());
  }

  protected override onOpen(): void {
    this.s.schedule(this.delay, null);
  }

  /** The timer does it. */
  protected override begin(): void {}

  private start(): void {
    const { site } = this;
    if (site === null) subscribeOutside(this.sources[0]!, this.dest);
    else site.run.join(() => this.subscribeInput(0));
  }

  protected override onEnd(): void {
    this.s.cancelAll();
  }

  protected captureState(): SubscribeOnSnapshot {
    return { timers: Object.freeze(this.s.snapshot(() => null)) };
  }

  protected restoreState({ timers }: SubscribeOnSnapshot): void {
    for (const timer of timers) this.s.restore(timer, null, this.site!.run.connecting);
  }
}
