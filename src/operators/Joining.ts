import type { ObservableInput, Subscriber } from 'rxjs';

import { subscribeOutside } from './base/connectOutside.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { SyncSubscriber } from './base/SyncSubscriber.js';
import { toObject } from './base/trailingArguments.js';

/** Stands for the value of an input that had none. */
export const NONE = Symbol('none');

/** The last values of several inputs, until all have completed or one has without a value. */
export class LastValues {
  readonly values: unknown[] = [];
  /** Inputs without a value. */
  missing: number;
  active: number;

  constructor(
    private readonly dest: Subscriber<unknown>,
    length: number,
    private readonly keys: readonly string[] | null,
  ) {
    for (let i = 0; i < length; i++) this.values.push(NONE);
    this.missing = this.active = length;
  }

  set(input: number, value: unknown): void {
    const { values } = this;
    if (values[input] === NONE) this.missing--;
    values[input] = value;
  }

  /** Looks at what is left, now that an input has ended. */
  ended(input: number): void {
    const { dest, keys, values } = this;
    if (this.active > 0 && values[input] !== NONE) return;
    if (this.missing === 0) dest.next(keys === null ? values : toObject(keys, values));
    dest.complete();
  }
}

/** Its state is which input it is. */
const joining: SyncOperator<unknown, unknown, number, LastValues> = {
  operator: 'forkJoin',
  next(value) {
    this.args.set(this.s, value);
  },
  // The end of an input is looked at once it has been torn down.
  unsubscribesFirst: true,
  ending() {
    this.args.active--;
  },
  ended() {
    this.args.ended(this.s);
  },
  capture: () => null,
  restore: (_, __, initial) => initial,
};

/** What `forkJoin` does where no barrier can come. */
export function join(
  dest: Subscriber<unknown>,
  sources: readonly ObservableInput<unknown>[],
  keys: readonly string[] | null,
): void {
  const { length } = sources;
  if (length === 0) return dest.complete();
  const last = new LastValues(dest, length, keys);
  for (let i = 0; i < length; i++) {
    const subscriber = new SyncSubscriber(dest, null, joining, last, zero);
    subscriber.s = i;
    subscribeOutside(sources[i]!, subscriber);
  }
}

function zero(): number {
  return 0;
}
