import type { Subscriber } from 'rxjs';

import { ForeignOperatorError } from '../../errors/ForeignOperatorError.js';
import { ConsumerSubscriber } from './ConsumerSubscriber.js';
import type { Definition } from './Site.js';

let isAdopting = false;

/**
 * Subscribes in a job to a plain Observable that a projection returned, or that is an input of an operator. If one of
 * ours is subscribed within, a stock operator (`merge` of rxjs, say) was put around it, and its state would be in no
 * checkpoint.
 */
export function adoptPlain(subscribe: () => void): void {
  withAdopting(true, subscribe);
}

/** What the adopted Observable emits meanwhile leads to places where stock operators are fine, behind `recover()`. */
export function leaveAdopted(emit: () => void): void {
  if (isAdopting) withAdopting(false, emit);
  else emit();
}

function withAdopting(value: boolean, work: () => void): void {
  const outer = isAdopting;
  isAdopting = value;
  try {
    work();
  } finally {
    isAdopting = outer;
  }
}

/**
 * Stock operators wrap ours in subscribers of their own. A user's own `subscribe` call is fine: it comes with a
 * ConsumerSubscriber.
 */
export function refuseForeignSubscriber(subscriber: Subscriber<never>, definition: Definition<never>): void {
  if (!isAdopting || subscriber instanceof ConsumerSubscriber || 'barrier' in subscriber) return;
  throw new ForeignOperatorError(definition.uid ?? definition.operator);
}
