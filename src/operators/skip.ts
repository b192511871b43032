import type { Subscriber } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CountingSubscriber } from './base/CountingSubscriber.js';
import type { Site } from './base/Site.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Leaves out the first `count` values and lets all others through.
 *
 * **Checkpoint:** how many values there were so far. A restore repeats nothing, and leaves out what is missing to
 * `count`.
 *
 * ```text
 * source  -1-2-%-3-4-|
 *         skip(3)
 * result  -----%---4-|
 * ```
 *
 * @example
 * const withoutHeader$ = lines$.pipe(skip(1));
 * @param count - how many values to leave out.
 */
export function skip<T>(count: number): CheckpointedOperator<T, T> {
  return syncOperator<T, T>({
    operator: 'skip',
    isStateful: true,
    create: (dest, site) => new SkipSubscriber(dest, site, count),
  });
}

class SkipSubscriber<T> extends CountingSubscriber<T, T> {
  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    private readonly count: number,
  ) {
    super(dest, site);
  }

  override next(value: T): void {
    if (this.isStopped) return this.late(value);
    try {
      if (this.count <= this.s.index++) this.dest.next(value);
    } catch (error) {
      this.dest.error(error);
    }
  }
}
