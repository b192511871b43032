import type { Observable, UnaryFunction } from 'rxjs';

import { filter } from '../filter.js';

/**
 * Splits a stream in two: the values that pass the test, and those that do not. Each half subscribes to the source.
 *
 * @deprecated Use the creation function `partition`, or two `filter`s.
 */
export function partition<T>(
  predicate: (value: T, index: number) => boolean,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature
  thisArg?: any,
): UnaryFunction<Observable<T>, [Observable<T>, Observable<T>]> {
  const passes = (value: T, index: number): boolean => predicate.call(thisArg, value, index);
  const fails = (value: T, index: number): boolean => !predicate.call(thisArg, value, index);
  return (source) => [filter(passes)(source), filter(fails)(source)];
}
