import type { SchedulerLike } from 'rxjs';
import { asyncScheduler, filter, map, Observable } from 'rxjs';

import { checkOption } from '../errors/invalidOption.js';
import { intervalMs } from '../io/afterMs.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { operate } from './operate.js';

/** Counts records where it is put into pipelines, and triggers by what it has counted. */
export interface RecordMeter {
  /** The operator that counts the values that pass, to be put wherever a "record" is what it should be. */
  count<T>(): CheckpointedOperator<T, T>;
  /**
   * A trigger: with each so many records. The checkpoint has the last of them and all that it led to.
   *
   * @throws RangeError
   */
  every(records: number): Observable<number>;
  /**
   * A trigger: once none has come for so many ms (at most twice as many), if one has come since the last time. Good with
   * sources in bursts: what is repeated after a crash is then nothing, most of the time.
   *
   * @throws RangeError
   */
  idle(ms: number, scheduler?: SchedulerLike): Observable<number>;
}

/**
 * Makes triggers out of the records of pipelines. It costs an addition and a comparison for each value that passes a
 * `count()`, and nothing elsewhere. What was counted is not kept over restarts: it says when to take a checkpoint, and
 * nothing of what is in there.
 *
 * **Checkpoint:** nothing.
 *
 * ```text
 * source  -1-2---3-4---|
 *         meter.count(), with meter.every(2) as the trigger
 * result  -1-2%--3-4%--|
 * ```
 *
 * @example
 * const meter = recordMeter();
 * const checkpoints = new CheckpointSubject({ storage, trigger: merge(meter.every(10_000), meter.idle(1_000)) });
 * checkpoints.recover(fromFile('flights.csv', lines()).pipe(meter.count(), map(parse))).subscribe();
 */
export function recordMeter(): RecordMeter {
  return new Meter();
}

class Meter implements RecordMeter {
  private seen = 0;
  /** The lowest number at which somebody is to be told. */
  private due = Infinity;
  private readonly marks = new Set<Mark>();

  count<T>(): CheckpointedOperator<T, T> {
    return operate<T, T>({
      operator: 'recordMeter',
      next: (value, out) => {
        out.next(value);
        if (++this.seen >= this.due) this.reached();
      },
    });
  }

  every(records: number): Observable<number> {
    checkOption('The count of every()', records, Number.isInteger(records) && records >= 1, 'a whole number from 1 on');
    return new Observable<number>((subscriber) => {
      const mark: Mark = { at: this.seen + records, records, tell: () => subscriber.next(this.seen) };
      this.marks.add(mark);
      this.setDue();
      return () => {
        this.marks.delete(mark);
        this.setDue();
      };
    });
  }

  idle(ms: number, scheduler: SchedulerLike = asyncScheduler): Observable<number> {
    checkOption('The time of idle()', ms, typeof ms === 'number' && ms > 0 && ms < Infinity, 'above 0, and finite');
    return new Observable<number>((subscriber) => {
      let told = this.seen;
      let before = this.seen;
      return intervalMs(ms, scheduler)
        .pipe(
          map(() => {
            const isQuiet = before === this.seen && told !== this.seen;
            before = this.seen;
            if (isQuiet) told = this.seen;
            return isQuiet;
          }),
          filter((isQuiet) => isQuiet),
          map(() => this.seen),
        )
        .subscribe(subscriber);
    });
  }

  private reached(): void {
    for (const mark of [...this.marks]) {
      if (this.seen < mark.at) continue;
      mark.at = this.seen + mark.records;
      mark.tell();
    }
    this.setDue();
  }

  private setDue(): void {
    this.due = Infinity;
    for (const { at } of this.marks) this.due = Math.min(this.due, at);
  }
}

/** Somebody who is to be told at a certain number, and so many later again. */
interface Mark {
  at: number;
  readonly records: number;
  readonly tell: () => void;
}
