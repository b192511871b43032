import type { ObservableInput, Subscriber } from 'rxjs';
import { asyncScheduler, from } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Scope } from '../checkpoint/protocol/Scope.js';
import { subscribeOutside } from './base/connectOutside.js';
import type { Inner, InnersSnapshot } from './base/HigherOrderCore.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import { Input } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';

/** How long to wait before the next attempt: ms, or what tells when by its first value. */
export type AttemptDelay<T> = number | ((reason: T, attempt: number) => ObservableInput<unknown>);

interface AttemptsState {
  /** Errors (retry) or completions (repeat) so far. */
  soFar: number;
  /** Which subscription to the source this is, from 0. */
  attempt: number;
}

interface AttemptsSnapshot<T> extends AttemptsState {
  readonly delay: InnersSnapshot<T>;
  readonly timers: readonly TimerSnapshot<null>[];
  /** Attempts that are over, of which parts live on. */
  readonly lingering: readonly number[];
}

/**
 * What retry and repeat do: subscribe to the source again. Each attempt is a scope of its own in a job, since a group
 * of an old attempt can outlive it.
 */
export abstract class AttemptsCore<T, R> extends HigherOrderCore<R, T, AttemptsState> {
  s: AttemptsState = { soFar: 0, attempt: 0 };
  // Null until one is needed: where retry stands in inner pipelines, most of them come to nothing.
  private madeTimers: Timers<null> | null = null;
  private lingeringAttempts: Set<number> | null = null;
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
    return (this.madeTimers ??= new Timers(asyncScheduler, this.site?.run ?? null, () => this.again()));
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

  protected override subscribeInput(index: number): void {
    const { site, dest } = this;
    const input = new Input(this, index, dest, this.unsubscribesFirst);
    this.inputs[index] = input;
    if (site === null) {
      subscribeOutside(this.sources[index]!, input);
      return;
    }
    const { attempt } = this.s;
    const scope = site.scope.attempt(site.name, attempt);
    site.run.join(() => {
      input.upstream = site.connectAttempt(index, scope, edgeOf(site, attempt), input);
      input.add(() => this.lingerIfNeeded(scope, attempt));
    });
  }

  /** It waits for the next attempt, or has none. What is above may live on. */
  protected override connectDone(index: number): void {
    this.noteDone(index);
    const { attempt } = this.s;
    if (this.lingeringAttempts?.has(attempt) !== true) this.reviveAttempt(this.site!, attempt);
  }

  private lingerIfNeeded(scope: Scope, attempt: number): void {
    if (scope.population === 0) return;
    const lingering = (this.lingeringAttempts ??= new Set());
    lingering.add(attempt);
    scope.onDeserted = () => {
      lingering.delete(attempt);
      this.leaveIfNotNeeded();
    };
  }

  protected project(reason: R): ObservableInput<unknown> {
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

  protected override isNeeded(): boolean {
    return super.isNeeded() || (this.lingeringAttempts !== null && this.lingeringAttempts.size > 0);
  }

  /** Timers. */
  protected override get holdsSomething(): boolean {
    return this.delay !== undefined;
  }

  protected override onEnd(): void {
    super.onEnd();
    this.madeTimers?.cancelAll();
    if (this.site !== null) this.inputs[0]?.unsubscribe();
  }

  protected captureState(capture: Capture): AttemptsSnapshot<R> {
    return {
      ...this.s,
      delay: this.captureInners(capture),
      timers: Object.freeze(this.madeTimers?.snapshot(() => null) ?? []),
      lingering: Object.freeze([...(this.lingeringAttempts ?? [])]),
    };
  }

  protected override restoreStructure({ soFar, attempt, lingering }: AttemptsSnapshot<R>): void {
    this.s = { soFar, attempt };
    for (const old of lingering) this.reviveAttempt(this.site!, old);
  }

  private reviveAttempt(site: Site, attempt: number): void {
    const scope = site.scope.attempt(site.name, attempt);
    site.connectDeadAttempt(0, scope, edgeOf(site, attempt));
    this.lingerIfNeeded(scope, attempt);
  }

  protected restoreState({ delay, timers }: AttemptsSnapshot<R>): void {
    for (const timer of timers) this.timers.restore(timer, null, this.site!.run.connecting);
    this.restoreInners(delay);
  }
}

function edgeOf(site: Site, attempt: number): string {
  return `${site.name}@${attempt}`;
}
