import type { SchedulerLike, Subscriber } from 'rxjs';
import { Observable } from 'rxjs';

import { ReplayTooShortError } from '../errors/ReplayTooShortError.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import type { Outlet } from '../operators/base/Outlet.js';
import { outletInto } from '../operators/base/Outlet.js';
import { plainNode } from '../operators/base/plainNode.js';
import type { Site, Upstream } from '../operators/base/Site.js';
import { EMPTY } from './empty.js';
import type { Steps } from './SteppedSource.js';
import { SteppedDefinition } from './SteppedSource.js';

/**
 * Emits `count` numbers, counting up from `start`, all at once when it is subscribed.
 *
 * **Checkpoint:** the next number. A restore goes on there.
 *
 * ```text
 *         range(1, 3)
 * result  (1%23|)
 * ```
 *
 * @example
 * const hours$ = range(0, 24);
 * @param start - the first number; given alone it is the count, and the first number is 0.
 * @param count - how many. With 0 or less the result is empty.
 */
export function range(start: number, count?: number): CheckpointedObservable<number>;
/** @deprecated Use `range(start, count)` and `observeOn(scheduler)` instead of a scheduler. */
export function range(
  start: number,
  count: number | undefined,
  scheduler: SchedulerLike,
): CheckpointedObservable<number>;
export function range(start: number, count?: number, scheduler?: SchedulerLike): CheckpointedObservable<number> {
  // RxJS takes null as well.
  const isCountOnly = (count ?? null) === null;
  const first = isCountOnly ? 0 : start;
  const length = isCountOnly ? start : count!;
  if (length <= 0) return EMPTY;
  const end = length + first;
  if (scheduler) return plainNode(scheduledRange(first, end, scheduler), { operator: 'range' });
  return new CheckpointedObservable(new RangeDefinition(first, end));
}

/** A longer one is no array of its own. */
const MOST_ITEMS = 64;

class RangeDefinition extends SteppedDefinition<number> {
  constructor(
    private readonly start: number,
    private readonly end: number,
  ) {
    super('range', () => new RangeSteps(start, end), true);
  }

  override connect(dest: Subscriber<number>, site: Site | null): Upstream | null {
    if (site !== null) return super.connect(dest, site);
    const out = outletInto(dest);
    for (let next = this.start; next < this.end && !dest.closed; next++) out.next(next);
    // Whoever has left is told as well, as in RxJS: `config.onStoppedNotification` hears of it.
    dest.complete();
    return null;
  }

  get items(): readonly number[] | null {
    const { start, end } = this;
    const items: number[] = [];
    // Numbers beyond the safe integers never come to an end.
    for (let next = start; next < end; next++) if (items.push(next) > MOST_ITEMS) return null;
    return items;
  }
}

interface RangeState {
  /** The number that comes next. */
  next: number;
}

class RangeSteps implements Steps<number> {
  private readonly s: RangeState;

  constructor(
    private readonly start: number,
    private readonly end: number,
  ) {
    this.s = { next: start };
  }

  step(out: Outlet<number>): boolean {
    const { s } = this;
    // Not the other way round: NaN is no end to count to.
    if (!(s.next < this.end)) return false;
    out.next(s.next++);
    return true;
  }

  capture(): RangeState {
    return { ...this.s };
  }

  restore({ next }: RangeState, _revival: unknown, name: string): void {
    const { start, end } = this;
    // Subtracted, so that what is infinite is not compared.
    if (next - end >= 1) throw new ReplayTooShortError(name, next - start, Math.ceil(end - start));
    this.s.next = next;
  }
}

function scheduledRange(start: number, end: number, scheduler: SchedulerLike): Observable<number> {
  return new Observable((subscriber) => {
    let next = start;
    return scheduler.schedule(function () {
      if (!(next < end)) return subscriber.complete();
      subscriber.next(next++);
      this.schedule();
    });
  });
}
