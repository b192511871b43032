import type { ObservableInput, ObservedValueOf } from 'rxjs';
import { from } from 'rxjs';

import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { mapWithin } from './map.js';
import { map } from './map.js';

export type ResultSelector<T, O extends ObservableInput<unknown>, R> = (
  outerValue: T,
  innerValue: ObservedValueOf<O>,
  outerIndex: number,
  innerIndex: number,
) => R;

/** The deprecated result selector of the higher-order operators: a `map` inside of each inner. */
export function projectWithResult<T, O extends ObservableInput<unknown>, R>(
  project: (value: T, index: number) => O,
  select: ResultSelector<T, O, R>,
  toMap: typeof mapWithin = map,
): (value: T, index: number) => ObservableInput<R> {
  return (value, index) => {
    const inner = project(value, index) as ObservableInput<ObservedValueOf<O>>;
    const toResult = toMap((innerValue: ObservedValueOf<O>, innerIndex: number) =>
      select(value, innerValue, index, innerIndex),
    );
    return toResult(inner instanceof CheckpointedObservable ? inner : from(inner));
  };
}
