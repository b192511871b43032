import type { Observable, ObservableInput, Subject, SubjectLike } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { lift } from './base/lift.js';
import type { GroupByOptions } from './GroupBySubscriber.js';
import { GroupBySubscriber } from './GroupBySubscriber.js';
import type { GroupedObservable } from './GroupedObservable.js';

export interface BasicGroupByOptions<K, T> {
  element?: undefined;
  /** The group ends at the first notification of what this gives. */
  duration?: (grouped: GroupedObservable<K, T>) => ObservableInput<unknown>;
  connector?: () => SubjectLike<T>;
}

export interface GroupByOptionsWithElement<K, E, T> {
  /** What a value is in its group. */
  element: (value: T) => E;
  duration?: (grouped: GroupedObservable<K, E>) => ObservableInput<unknown>;
  connector?: () => SubjectLike<E>;
}

/**
 * Splits the source into one Observable per key, and emits each when its first value comes.
 *
 * **Checkpoint:** the keys of the live groups, with the branches that use each and the state of its duration. A restore
 * makes the same groups again: wherever one was held (in a delay, in an inner pipeline) it is the same again.
 *
 * ```text
 * source  -a1-b1-%-a2-|
 *         groupBy(x => x[0]), mergeMap(group => group.pipe(count()))
 * result  -------%----(2 1|)
 * ```
 *
 * @example
 * const perAirport$ = flights$.pipe(groupBy((flight) => flight.from), mergeMap((group) => group.pipe(scan((n) => n + 1, 0))));
 * @param key - gives the key of a value; keys are equal as in a Map. A type guard gives two groups.
 * @param options - `element`, `duration`, `connector`. In a job the connector has to make a Subject or BehaviorSubject.
 * @throws what the functions throw goes to the subscriber and to all groups.
 */
export function groupBy<T, K>(
  key: (value: T) => K,
  options: BasicGroupByOptions<K, T>,
): CheckpointedOperator<T, GroupedObservable<K, T>>;
export function groupBy<T, K, E>(
  key: (value: T) => K,
  options: GroupByOptionsWithElement<K, E, T>,
): CheckpointedOperator<T, GroupedObservable<K, E>>;
export function groupBy<T, K extends T>(
  key: (value: T) => value is K,
): CheckpointedOperator<T, GroupedObservable<true, K> | GroupedObservable<false, Exclude<T, K>>>;
export function groupBy<T, K>(key: (value: T) => K): CheckpointedOperator<T, GroupedObservable<K, T>>;
/** @deprecated Use the options parameter. */
export function groupBy<T, K>(
  key: (value: T) => K,
  element: void,
  duration: (grouped: GroupedObservable<K, T>) => Observable<unknown>,
): CheckpointedOperator<T, GroupedObservable<K, T>>;
/** @deprecated Use the options parameter. */
export function groupBy<T, K, R>(
  key: (value: T) => K,
  element?: (value: T) => R,
  duration?: (grouped: GroupedObservable<K, R>) => Observable<unknown>,
): CheckpointedOperator<T, GroupedObservable<K, R>>;
/** @deprecated Use the options parameter. */
export function groupBy<T, K, R>(
  key: (value: T) => K,
  element?: (value: T) => R,
  duration?: (grouped: GroupedObservable<K, R>) => Observable<unknown>,
  connector?: () => Subject<R>,
): CheckpointedOperator<T, GroupedObservable<K, R>>;
export function groupBy<T, K, R>(
  key: (value: T) => K,
  elementOrOptions?: ((value: T) => R) | BasicGroupByOptions<K, R> | GroupByOptionsWithElement<K, R, T> | void | null,
  duration?: (grouped: GroupedObservable<K, R>) => ObservableInput<unknown>,
  connector?: () => SubjectLike<R>,
): CheckpointedOperator<T, GroupedObservable<K, R>> {
  const given: Partial<GroupByOptions<T, K, R>> =
    typeof elementOrOptions === 'object' && elementOrOptions !== null
      ? elementOrOptions
      : { element: typeof elementOrOptions === 'function' ? elementOrOptions : undefined, duration, connector };
  // RxJS takes null as well.
  const options: GroupByOptions<T, K, R> = {
    key,
    element: given.element ?? undefined,
    duration: given.duration ?? undefined,
    connector: given.connector ?? undefined,
  };
  const apply = (source: Observable<T>): Observable<GroupedObservable<K, R>> => {
    if (!(source instanceof CheckpointedObservable)) {
      return lift<T, GroupedObservable<K, R>>(source, (dest, lifted) =>
        lifted.subscribe(new GroupBySubscriber(dest, null, options)),
      );
    }
    return new CheckpointedObservable<GroupedObservable<K, R>>({
      operator: 'groupBy',
      isStateful: true,
      outlivesConsumer: true,
      inputs: [source],
      connect(dest, site) {
        const subscriber = new GroupBySubscriber(dest, site, options);
        if (site !== null) return subscriber.connect(site);
        source.subscribe(subscriber);
        return null;
      },
    });
  };
  return apply as CheckpointedOperator<T, GroupedObservable<K, R>>;
}
