import { ArgumentOutOfRangeError } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { counting, startCounting } from './base/counting.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';
import type { Fallback } from './searching.js';
import { fallBack } from './searching.js';

/**
 * Emits the value number `index`, from 0, then completes and unsubscribes from the source. If the source completes
 * before, it emits the default value, or fails if none was given.
 *
 * **Checkpoint:** how many values there were so far. A restore repeats nothing.
 *
 * ```text
 * source  -a-b-%-c-d-|
 *         elementAt(2)
 * result  -----%-(c|)
 * ```
 *
 * @example
 * const third$ = finishers$.pipe(elementAt(2));
 * @param index - the number of the value.
 * @param defaultValue - what to emit when there are not as many values.
 * @throws ArgumentOutOfRangeError (RxJS's): at once for a negative index; to the subscriber when there are not as many
 * values and no default.
 */
export function elementAt<T, D = T>(index: number, defaultValue?: D): CheckpointedOperator<T, T | D>;
export function elementAt<T, D = T>(index: number, ...fallback: [D?]): CheckpointedOperator<T, T | D> {
  if (index < 0) throw new ArgumentOutOfRangeError();
  // What is no whole number is no value's.
  const args = { index: Number.isInteger(index) ? index : Infinity, fallback };
  return syncOperator(elementAtOperator as SyncOperator<T, T | D, number, ElementArguments>, args, startCounting);
}

interface ElementArguments {
  readonly index: number;
  readonly fallback: Fallback;
}

const elementAtOperator: SyncOperator<unknown, unknown, number, ElementArguments> = {
  operator: 'elementAt',
  ...counting,
  refusal: (seen, { index }) =>
    seen > index ? `it waits for value ${index}, counted from 0, and ${seen} values had come` : null,
  next(value) {
    const { dest } = this;
    try {
      if (this.s++ !== this.args.index) return;
      this.out.next(value);
      dest.complete();
    } catch (error) {
      dest.error(error);
    }
  },
  finish() {
    const { index, fallback } = this.args;
    // The consumer can end the source while it gets the value.
    if (this.s <= index) fallBack(this.out, fallback, () => new ArgumentOutOfRangeError());
  },
};
