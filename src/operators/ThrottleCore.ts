import type { ObservableInput, Subscriber, ThrottleConfig } from 'rxjs';

import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Site } from './base/Site.js';
import type { Timer } from './base/Timers.js';
import type { Duration, DurationSnapshot } from './DurationCore.js';
import { DurationCore } from './DurationCore.js';

/** What throttle and throttleTime do: a duration follows what is emitted, and values wait or are ignored meanwhile. */
class ThrottleCore<T> extends DurationCore<T> {
  private readonly isLeading: boolean;
  private readonly isTrailing: boolean;
  private isComplete = false;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    duration: Duration<T>,
    { leading = true, trailing = false }: ThrottleConfig,
  ) {
    super(dest, site, sources, duration);
    this.isLeading = leading;
    this.isTrailing = trailing;
  }

  override onNext(value: T): void {
    this.hold(value);
    if (this.isRunning()) return;
    if (this.isLeading) this.send();
    else this.start(value);
  }

  onInnerNext(): void {
    this.leaveDuration();
    if (!this.isTrailing) return;
    this.send();
    if (this.isComplete) this.dest.complete();
  }

  /** RxJS's timers also complete, which is heard if the timer is not the one that was left just now. */
  protected override onTimer(index: number): void {
    const { running } = this;
    this.onInnerNext();
    if ((running as Timer<number> | null)?.payload !== index) this.onInnerComplete();
  }

  onInnerComplete(): void {
    this.running = null;
    if (this.isComplete) this.dest.complete();
  }

  override onComplete(): void {
    this.isComplete = true;
    if (!(this.isTrailing && this.s.hasValue && this.isRunning())) this.dest.complete();
  }

  private isRunning(): boolean {
    return this.running !== null && !this.running.closed;
  }

  private send(): void {
    if (!this.s.hasValue) return;
    const value = this.release();
    this.out.next(value);
    if (!this.isComplete) this.start(value);
  }

  /** An inner runs once it is subscribed, as in RxJS: what it emits meanwhile ends nothing. */
  private start(value: T): void {
    this.running = this.startDuration(value);
  }

  protected override restoreState(state: DurationSnapshot<T>, revival: Revival): void {
    super.restoreState(state, revival);
    this.isComplete = this.isInputDone(0);
  }
}

export function throttleFor<T>(
  operator: string,
  duration: Duration<T>,
  config: ThrottleConfig | undefined,
): CheckpointedOperator<T, T> {
  return coreOperator<T, T>({
    operator,
    outlivesConsumer: true,
    create: (dest, site, sources) => new ThrottleCore<T>(dest, site, sources, duration, config ?? {}),
  });
}
