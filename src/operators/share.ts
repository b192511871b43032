import type { ShareConfig } from 'rxjs';

import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { sharing } from './sharing.js';

/**
 * Lets several subscribers share one subscription to the source. In a job there is one, however many pipelines use it;
 * when they are several, or inner pipelines use it, it needs a `uid`.
 *
 * **Checkpoint:** which branches there are and in which order they are served, whether it is connected or how it ended,
 * a reset that is under way, and what the connector's Subject holds (values to replay, with their times). A restored source opens when all branches are back.
 *
 * ```text
 * source  -1-2-%-3-|
 *         share()      (two branches)
 * result  -1-2-%-3-|   (each)
 * ```
 *
 * One difference to RxJS, in a job only, where a pipeline starts: `merge(s, s)` of `s = of(1, 2).pipe(share())` gives
 * 1, 1, 2, 2, since all branches are connected before the source opens, so that none misses what it emits at once. In inner
 * pipelines that begin later it is 1, 2, 1, 2, as in RxJS.
 *
 * @example
 * const shared$ = orders$.pipe(share(), uid('orders'));
 * @param options - as RxJS's. In a job the connector has to make one of RxJS's own Subjects.
 * @throws UnsupportedConnectorError, in a job, when the connector makes something else.
 */
export function share<T>(): MonoTypeOperatorFunction<T>;
export function share<T>(options: ShareConfig<T>): MonoTypeOperatorFunction<T>;
export function share<T>(options: ShareConfig<T> = {}): CheckpointedOperator<T, T> {
  return sharing('share', options);
}
