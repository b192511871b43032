import type { ObservableInput, SchedulerLike, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { Input } from './base/OperatorCore.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Outlet } from './base/Outlet.js';
import { ForeignOutlet } from './base/Outlet.js';
import type { Site } from './base/Site.js';
import type { TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';

interface Period {
  readonly ms: number;
  readonly scheduler: SchedulerLike;
}

interface SampleState<T> {
  hasValue: boolean;
  value: T | null;
}

interface SampleSnapshot<T> extends SampleState<T> {
  readonly timers: readonly TimerSnapshot<null>[];
}

/** What sample and sampleTime do. The second input, or a timer, tells when to emit the latest value. */
export class SampleCore<T> extends OperatorCore<T, SampleState<T>> {
  s: SampleState<T> = { hasValue: false, value: null };
  private readonly timers: Timers<null> | null;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly period: Period | null,
  ) {
    super(dest, site, sources);
    this.timers = period === null ? null : new Timers(period.scheduler, site?.run ?? null, () => this.onTimer());
  }

  /** The interval starts after the source, as RxJS subscribes them. */
  protected override get opensLast(): boolean {
    return true;
  }

  protected override onOpen(): void {
    this.timers?.schedule(this.period!.ms, null);
  }

  override onNext(value: unknown, input: number): void {
    if (input === 1) this.emit();
    else this.hold(value as T);
  }

  hold(value: T): void {
    this.s.hasValue = true;
    this.s.value = value;
  }

  override passageOf({ index }: Input<unknown>): Outlet<T> | null {
    return index === 0 ? new ForeignOutlet<T, SampleCore<T>>(this, hold) : null;
  }

  private onTimer(): void {
    try {
      this.emit();
    } catch (error) {
      this.dest.error(error);
    }
    if (!this.dest.closed) this.timers?.scheduleAgain(this.period!.ms, null);
  }

  private emit(): void {
    const { s } = this;
    if (!s.hasValue) return;
    const value = s.value as T;
    s.hasValue = false;
    s.value = null;
    this.out.next(value);
  }

  protected override onEnd(): void {
    this.timers?.cancelAll();
  }

  protected captureState(capture: Capture): SampleSnapshot<T> {
    const { hasValue, value } = this.s;
    const timers = Object.freeze(this.timers?.snapshot(() => null) ?? []);
    return { hasValue, value: capture.held(value, 'value'), timers };
  }

  protected restoreState({ hasValue, value, timers }: SampleSnapshot<T>, revival: Revival): void {
    this.s = { hasValue, value: revival.held(value) };
    for (const timer of timers) this.timers?.restore(timer, null, this.site!.run.connecting);
  }
}

function hold<T>(this: ForeignOutlet<T, SampleCore<T>>, value: T): void {
  this.dest.hold(value);
}
