import type { ObservableInput, Subscriber, ThrottleConfig } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Site } from './base/Site.js';
import type { Duration } from './DurationCore.js';
import { DurationCore } from './DurationCore.js';

/** What throttle and throttleTime do: a duration follows what is emitted, and values wait or are ignored meanwhile. */
class ThrottleCore<T> extends DurationCore<T> {
  private readonly isLeading: boolean;
  private readonly isTrailing: boolean;

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

  onNext(value: T): void {
    this.hold(value);
    if (this.isRunning()) return;
    if (this.isLeading) this.send();
    else this.start(value);
  }

  onInnerNext(): void {
    this.leaveDuration();
    if (!this.isTrailing) return;
    this.send();
    if (this.isInputDone(0)) this.dest.complete();
  }

  onInnerComplete(): void {
    this.running = null;
    if (this.isInputDone(0)) this.dest.complete();
  }

  onComplete(): void {
    if (!(this.isTrailing && this.s.hasValue && this.isRunning())) this.dest.complete();
  }

  private isRunning(): boolean {
    return this.running !== null && !this.running.closed;
  }

  private send(): void {
    if (!this.s.hasValue) return;
    const value = this.release();
    this.dest.next(value);
    if (!this.isInputDone(0)) this.start(value);
  }

  /** An inner runs once it is subscribed, as in RxJS: what it emits meanwhile ends nothing. */
  private start(value: T): void {
    this.running = this.startDuration(value);
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
