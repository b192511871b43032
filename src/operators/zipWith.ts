import type { ObservableInput, ObservableInputTuple } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { popFunction } from './base/trailingArguments.js';
import type { Select } from './zip.js';
import { ZipCore } from './zip.js';

/**
 * Emits the first values of this and the other inputs together, then the second ones, and so on.
 *
 * **Checkpoint:** the values of each input that wait for the others, and which inputs are done. A restore repeats
 * nothing; a plain input is subscribed again, and skipped by what it had emitted.
 *
 * ```text
 * source  -1-2-%---3-|
 * other   ---4-%-5---|
 *         zipWith(other)
 * result  ---x-%-y---|      x = [1, 4], y = [2, 5]
 * ```
 *
 * @example
 * const pairs$ = requests$.pipe(zipWith(replies$));
 * @param otherInputs - anything that RxJS can subscribe to.
 */
export function zipWith<T, A extends readonly unknown[]>(
  ...otherInputs: [...ObservableInputTuple<A>]
): CheckpointedOperator<T, [T, ...A]> {
  return zipOthers('zipWith', otherInputs);
}

/** @param args - the other inputs; a function at the end makes a result of each group. */
export function zipOthers<T, R>(operator: string, args: readonly unknown[]): CheckpointedOperator<T, R> {
  const others = [...args];
  const select = popFunction(others) as Select;
  return coreOperator<T, R>(
    { operator, create: (dest, site, sources) => new ZipCore(dest, site, sources, select) },
    others as readonly ObservableInput<unknown>[],
  );
}
