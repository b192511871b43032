import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { bindThis } from './base/bindThis.js';
import { counting, startCounting } from './base/counting.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { takesIndex } from './base/takesIndex.js';
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
  const bound = bindThis(project, thisArg);
  return syncOperator(mapOperator as SyncOperator<T, R, number, typeof bound>, bound, startCounting, () =>
    takesIndex(project),
  );
}

/** The same as a part of an operator, where RxJS has no `map`. */
export function mapWithin<T, R>(project: (value: T, index: number) => R): CheckpointedOperator<T, R> {
  return syncOperator(mapWithinOperator as SyncOperator<T, R, number, typeof project>, project, startCounting, () =>
    takesIndex(project),
  );
}

const mapOperator: SyncOperator<unknown, unknown, number, (value: unknown, index: number) => unknown> = {
  operator: 'map',
  ...counting,
  next(value) {
    const { args: project } = this;
    try {
      // In two steps: what is called may stop this, and so change what `next` is.
      const result = project(value, this.s++);
      this.out.next(result);
    } catch (error) {
      this.dest.error(error);
    }
  },
};

const mapWithinOperator: typeof mapOperator = { ...mapOperator, throwsOut: true };
