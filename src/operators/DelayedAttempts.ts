import type { ObservableInput, Subscriber } from 'rxjs';
import { asyncScheduler, from } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { AttemptState } from './AttemptsCore.js';
import { AttemptsCore } from './AttemptsCore.js';
import type { Inner } from './base/Inner.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { Site } from './base/Site.js';
import type { TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';

/** How long to wait before the next attempt: ms, or what tells when by its first value. */
export type AttemptDelay<T> = number | ((reason: T, attempt: number) => ObservableInput<unknown>);

interface DelayedState extends AttemptState {
  /** Errors (retry) or completions (repeat) so far. */
  soFar: number;
}

interface DelayedSnapshot<T> extends DelayedState {
  readonly delay: InnersSnapshot<T>;
  readonly timers: readonly TimerSnapshot<null>[];
  /** Attempts that are over, of which parts live on. */
  readonly lingering: readonly number[];
}

/** What retry and repeat do: subscribe to the source again, after a delay if there is one. */
export abstract class DelayedAttempts<T, R> extends AttemptsCore<T, R, DelayedState> {
  s: DelayedState = { soFar: 0, attempt: 0 };
  // Null until one is needed: where retry stands in inner pipelines, most of them come to nothing.
  private madeTimers: Timers<null> | null = null;
  protected isSubscribing = false;
  private isDue = false;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly delay: AttemptDelay<R> | undefined,
  ) {
    super(dest, site, sources);
  }

  private get timers(): Timers<null> {
    return (this.madeTimers ??= new Timers(asyncScheduler, this.site?.run ?? null, () => this.delayOver()));
  }

  protected override begin(): void {
    this.subscribe();
  }

  /** The source has been subscribed to, and may have ended meanwhile. */
  protected onSubscribed(): void {}

  /** Subscribes once more, after the delay if there is one. */
  protected plan(reason: R): void {
    const { delay, site } = this;
    if (site?.run.isDraining === true) return this.endDrained(reason);
    if (delay === undefined) return this.again();
    if (typeof delay === 'number') this.timers.schedule(delay, null);
    else this.subscribeInner(reason, this.s.attempt);
  }

  /** In a job that is drained there is no other attempt. */
  protected abstract endDrained(reason: R): void;

  /** What subscribing throws (a Subject that was unsubscribed does) is for the consumer, as after a notifier. */
  private delayOver(): void {
    try {
      this.again();
    } catch (error) {
      this.dest.error(error);
    }
  }

  private again(): void {
    // A source that ends while it is being subscribed: the loop in `subscribe` goes on, so the stack stays flat.
    this.isDue = true;
    if (!this.isSubscribing) this.subscribeAgain();
  }

  private subscribeAgain(): void {
    this.inputs[0]?.unsubscribe();
    this.s.attempt++;
    this.subscribe();
  }

  private subscribe(): void {
    for (;;) {
      this.isDue = false;
      this.isSubscribing = true;
      try {
        this.subscribeInput(0);
        // Without a delay this comes back to `isDue`, so the stack stays flat.
        if (this.delay === undefined) this.onSubscribed();
      } finally {
        this.isSubscribing = false;
      }
      this.onSubscribed();
      if (!this.isDue || this.dest.closed) return;
      this.inputs[0]?.unsubscribe();
      this.s.attempt++;
    }
  }

  project(reason: R): ObservableInput<unknown> {
    const { delay, s } = this;
    return from((delay as Exclude<AttemptDelay<R>, number>)(reason, s.soFar));
  }

  override onInnerNext(_value: unknown, notifier: Inner<R, unknown>): void {
    notifier.unsubscribe();
    this.again();
  }

  onInnerComplete(): void {
    this.dest.complete();
  }

  /** Timers. */
  protected override get holdsSomething(): boolean {
    return this.delay !== undefined;
  }

  protected override onEnd(): void {
    this.madeTimers?.cancelAll();
    super.onEnd();
  }

  protected captureState(capture: Capture): DelayedSnapshot<R> {
    return {
      ...this.s,
      delay: this.captureInners(capture),
      timers: Object.freeze(this.madeTimers?.snapshot(() => null) ?? []),
      lingering: this.lingeringSnapshot(),
    };
  }

  protected override restoreStructure({ soFar, attempt, lingering }: DelayedSnapshot<R>): void {
    this.s = { soFar, attempt };
    this.reviveLingeringAttempts(lingering);
  }

  protected restoreState({ delay, timers }: DelayedSnapshot<R>): void {
    for (const timer of timers) this.timers.restore(timer, null, this.site!.run.connecting);
    this.restoreInners(delay);
  }
}
