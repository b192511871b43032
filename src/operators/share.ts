import type { Observable, ShareConfig, Subscriber } from 'rxjs';
import { Subject } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { constructionScope } from './base/construction.js';
import { lift } from './base/lift.js';
import { JobShareHub } from './JobShareHub.js';
import { ShareHub } from './ShareHub.js';

/**
 * Lets several subscribers share one subscription to the source. In a job there is one, however many pipelines use it;
 * when they are several, or inner pipelines use it, it needs a `uid`.
 *
 * **Checkpoint:** which branches there are and in which order they are served, whether it is connected or how it ended,
 * a reset that is under way, and the value of a BehaviorSubject. A restored source opens when all branches are back.
 *
 * ```text
 * source  -1-2-%-3-|
 *         share()      (two branches)
 * result  -1-2-%-3-|   (each)
 * ```
 *
 * One difference to RxJS, in a job only: `merge(s, s)` of `s = of(1, 2).pipe(share())` gives 1, 1, 2, 2, since both
 * branches are connected before the source opens.
 *
 * @example
 * const shared$ = orders$.pipe(share(), uid('orders'));
 * @param options - as RxJS's. In a job the connector has to make a Subject or a BehaviorSubject.
 */
export function share<T>(): CheckpointedOperator<T, T>;
export function share<T>(options: ShareConfig<T>): CheckpointedOperator<T, T>;
export function share<T>(options: ShareConfig<T> = {}): CheckpointedOperator<T, T> {
  const config: Required<ShareConfig<T>> = {
    connector: options.connector ?? (() => new Subject<T>()),
    resetOnError: options.resetOnError ?? true,
    resetOnComplete: options.resetOnComplete ?? true,
    resetOnRefCountZero: options.resetOnRefCountZero ?? true,
  };
  const apply = (source: Observable<T>): Observable<T> => {
    const outside = new ShareHub<T>(config);
    if (!(source instanceof CheckpointedObservable))
      return lift<T, T>(source, (dest, lifted) => outside.join(dest, lifted));
    return sharedNode(source as CheckpointedObservable<T>, config, outside);
  };
  return apply as CheckpointedOperator<T, T>;
}

function sharedNode<T>(
  source: CheckpointedObservable<T>,
  config: Required<ShareConfig<T>>,
  outside: ShareHub<T>,
): CheckpointedObservable<T> {
  const shared = { constructedIn: constructionScope() };
  return new CheckpointedObservable<T>({
    operator: 'share',
    isStateful: true,
    outlivesConsumer: true,
    inputs: [source],
    shared,
    connect(dest: Subscriber<T>, site) {
      if (site !== null) return JobShareHub.of(shared, config, site, this.uid).joinInJob(dest, site);
      outside.join(dest, source);
      return null;
    },
  });
}
