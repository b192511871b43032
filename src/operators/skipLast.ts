import type { Observable } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { failingNode } from './base/plainNode.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Leaves out the last `skipCount` values: each value is emitted when so many others have followed it. With a
 * `skipCount` of 0 or less it lets all values through.
 *
 * **Checkpoint:** the last `skipCount` values, and the number of values. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         skipLast(2)
 * result  -----%-1-2-|
 * ```
 *
 * @example
 * const withoutFooter$ = lines$.pipe(skipLast(1));
 * @param skipCount - how many values to leave out.
 */
export function skipLast<T>(skipCount: number): MonoTypeOperatorFunction<T> {
  if (skipCount <= 0) {
    const mirror = syncOperator(mirrorOperator as SyncOperator<T, T, null, null>, null, () => null, false);
    // A node of its own in a graph, or a uid would go to the operator before.
    const apply = (source: Observable<T>): Observable<T> =>
      source instanceof CheckpointedObservable ? mirror(source) : source;
    return apply as CheckpointedOperator<T, T>;
  }
  const create = (): SkipLastState => ({ ring: new Array<unknown>(skipCount), seen: 0 });
  const skip = syncOperator(skipLastOperator as SyncOperator<T, T, SkipLastState, number>, skipCount, create);
  try {
    create();
  } catch (error) {
    // What is no length fails when it is subscribed, as in RxJS, and not while a job connects.
    const apply = (source: Observable<T>): Observable<T> =>
      source instanceof CheckpointedObservable ? failingNode('skipLast', error) : skip(source);
    return apply as CheckpointedOperator<T, T>;
  }
  return skip;
}

interface SkipLastState {
  /** The last values; the oldest one's place is the next value's. */
  ring: unknown[];
  seen: number;
}

const skipLastOperator: SyncOperator<unknown, unknown, SkipLastState, number> = {
  operator: 'skipLast',
  next(value) {
    const { s, args: skipCount } = this;
    const { ring } = s;
    try {
      const index = s.seen++ % skipCount;
      const oldest = ring[index];
      ring[index] = value;
      // Not what the ring holds: `undefined` is a value, too.
      if (!(s.seen <= skipCount)) this.out.next(oldest);
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: ({ ring, seen }, capture) => ({ ring: capture.held(ring, 'ring'), seen }),
  restore: ({ ring, seen }, revival) => ({ ring: revival.held(ring), seen }),
  overdue() {
    const { s, args: skipCount, out } = this;
    const { ring, seen } = s;
    if (ring.length === skipCount) return;
    const held = Math.min(seen, ring.length);
    const values = Array.from({ length: held }, (_, i) => ring[(seen - held + i) % ring.length]);
    const kept = values.slice(Math.max(0, held - skipCount));
    // From the beginning of the ring.
    s.ring = Object.assign(new Array<unknown>(skipCount), kept);
    s.seen = kept.length;
    for (const value of values.slice(0, held - kept.length)) out.next(value);
  },
};

const mirrorOperator: SyncOperator<unknown, unknown, null, null> = {
  operator: 'skipLast',
  throwsOut: true,
  next(value) {
    this.out.next(value);
  },
  capture: () => null,
  restore: () => null,
};
