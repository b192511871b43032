import type { Subscriber } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CountingSubscriber } from './base/CountingSubscriber.js';
import type { Site } from './base/Site.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Emits what `project` makes of each value.
 *
 * **Checkpoint:** nothing, unless `project` takes the index: then the number of values so far. A restore repeats
 * nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         map(x => 10 * x)
 * result  -a-b-%-c-|      a = 10, b = 20, c = 30
 * ```
 *
 * @example
 * const totals$ = orders$.pipe(map((order) => order.amount));
 * @param project - gives the value to emit; also gets the index of the value, from 0.
 * @param thisArg - `this` in `project`.
 * @throws what `project` throws goes to the subscriber as an error.
 */
export function map<T, R>(project: (value: T, index: number) => R): CheckpointedOperator<T, R>;
/** @deprecated Use a closure instead of a `thisArg`. */
export function map<T, R, A>(project: (this: A, value: T, index: number) => R, thisArg: A): CheckpointedOperator<T, R>;
export function map<T, R>(project: (value: T, index: number) => R, thisArg?: unknown): CheckpointedOperator<T, R> {
  const bound = thisArg === undefined ? project : project.bind(thisArg);
  return syncOperator<T, R>({
    operator: 'map',
    isStateful: project.length >= 2,
    create: (dest, site) => new MapSubscriber(dest, site, bound),
  });
}

class MapSubscriber<T, R> extends CountingSubscriber<T, R> {
  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    private readonly project: (value: T, index: number) => R,
  ) {
    super(dest, site);
  }

  override next(value: T): void {
    if (this.isStopped) return this.late(value);
    const { project } = this;
    try {
      this.dest.next(project(value, this.s.index++));
    } catch (error) {
      this.dest.error(error);
    }
  }
}
