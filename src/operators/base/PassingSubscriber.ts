import type { Subscriber } from 'rxjs';

import type { SyncOperator } from './SyncSubscriber.js';
import { SyncSubscriber } from './SyncSubscriber.js';

const passOn: SyncOperator<unknown, unknown, null, null> = {
  operator: 'passOn',
  next(value) {
    this.out.next(value);
  },
  capture: () => null,
  restore: () => null,
};

const noState = (): null => null;

/**
 * What operators that are about the end of their source are subscribed with where no barrier can come: it hands values
 * on, and a subclass says what it does with the end. One object, where an operator core and its input are five.
 */
export abstract class PassingSubscriber<T> extends SyncSubscriber<T, T, null, null> {
  constructor(dest: Subscriber<T>) {
    super(dest, null, passOn as SyncOperator<T, T, null, null>, null, noState);
  }
}
