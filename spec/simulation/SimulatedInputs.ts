import type { Observable, SchedulerLike } from 'rxjs';
import { asyncScheduler, defer } from 'rxjs';

import { of } from '../../src/sources/of.js';
import type { Surroundings } from '../support/checkpointLaw.js';
import type { Message, Value } from '../support/InputSpec.js';
import { timedObservable, timedSource } from '../support/timedSource.js';
import { repeatedSlowly } from './repeatedSlowly.js';
import { InnerStarts } from './InnerStarts.js';

/** What a pipeline's inputs are in one life. They have a time of their own, which the clock may be ahead of. */
export class SimulatedInputs implements Surroundings {
  private clockIsAheadBy = 0;
  /** Set as long as its job is drained. */
  private undrained: InnerStarts | null = null;
  /** When plain inners take their time to repeat what they had emitted. */
  private slowAt: number | null = null;
  private readonly scheduler: SchedulerLike = {
    now: () => asyncScheduler.now() - this.clockIsAheadBy,
    schedule: asyncScheduler.schedule.bind(asyncScheduler),
  };

  /**
   * @param starts - of the timeline that a life is on which begins with nothing.
   * @param catchesUp - whether the first of them goes by the clock, as what somebody else writes down meanwhile does.
   */
  constructor(
    private starts: InnerStarts,
    private readonly catchesUp: boolean,
  ) {}

  /** They begin where a checkpoint was. */
  begin(starts: InnerStarts, clockIsAheadBy: number, isSlow: boolean): void {
    this.starts = starts;
    this.undrained = null;
    this.clockIsAheadBy = clockIsAheadBy;
    this.slowAt = isSlow ? this.scheduler.now() : null;
  }

  /** The clock jumps, and they go on. */
  jumped(starts: InnerStarts, clockIsAheadBy: number): void {
    this.starts = starts;
    this.clockIsAheadBy = clockIsAheadBy;
  }

  /** What a drain makes of plain inners is not for the lives that come after it. */
  drain(): void {
    this.undrained = this.starts;
    this.starts = new InnerStarts(this.starts, this.scheduler.now());
  }

  goOn(): void {
    this.starts = this.undrained ?? this.starts;
    this.undrained = null;
  }

  timed(messages: readonly Message[], input?: number): Observable<Value> {
    return timedSource(messages, this.catchesUp && input === 0 ? asyncScheduler : this.scheduler);
  }

  atOnce(values: Value[]): Observable<Value> {
    return of<Value[]>(...values);
  }

  /** Emits at the same times whenever it is subscribed, as a server does that keeps what it has sent. */
  rerun(messages: readonly Message[], name: string): Observable<Value> {
    return defer(() => {
      const now = this.scheduler.now();
      const start = this.starts.get(name) ?? now;
      this.starts.set(name, start);
      return now === this.slowAt
        ? repeatedSlowly(messages, now - start, this.scheduler)
        : timedObservable(messages, () => now - start, this.scheduler);
    });
  }
}
