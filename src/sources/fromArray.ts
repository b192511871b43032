import type { SchedulerLike, Subscriber } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { LentBurst } from '../operators/base/atOnce.js';
import { ArraySource } from './ArraySource.js';
import { Slice } from './Slice.js';

/**
 * Emits the items of an array, for long ones: in slices of a few milliseconds, so that timers and pages stay alive.
 *
 * **Checkpoint:** the index of the next item (`position.offset`). A restore goes on there; the array must be the same.
 *
 * @example
 * const perAirport$ = fromArray(flights).pipe(groupBy((flight) => flight.from));
 * @param array - not copied: leave it as it is while the source runs.
 * @param options - `scheduler`: what yields between slices, `asyncScheduler` by default.
 */
export function fromArray<T>(
  array: ArrayLike<T>,
  options: { readonly scheduler?: SchedulerLike } = {},
): CheckpointedObservable<T> {
  const scheduler = options.scheduler ?? asyncScheduler;
  return new CheckpointedObservable<T>({
    operator: 'fromArray',
    isStateful: true,
    inputs: [],
    connect(dest, site) {
      const slice = new Slice(scheduler);
      if (site !== null) return new ArraySource(dest, site, array, slice, scheduler).connect();
      emitInSlices(array, dest, slice, scheduler);
      return null;
    },
  });
}

function emitInSlices<T>(array: ArrayLike<T>, dest: Subscriber<T>, slice: Slice, scheduler: SchedulerLike): void {
  const burst = new LentBurst(dest);
  let next = 0;
  const emit = (): void => {
    slice.begin();
    do {
      const end = Math.min(next + slice.batch, array.length);
      for (let index = next; index < end && !burst.closed; index++) burst.out.next(array[index] as T);
      next = end;
      if (next >= array.length || burst.closed) return dest.complete();
    } while (!slice.isOver());
    dest.add(scheduler.schedule(emit));
  };
  emit();
}
