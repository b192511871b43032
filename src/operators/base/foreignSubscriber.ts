import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';

import { isTurnOnStack } from '../../checkpoint/protocol/Run.js';
import { ForeignOperatorError } from '../../errors/ForeignOperatorError.js';
import type { Definition } from './Site.js';

/**
 * Stock operators wrap ours in subscribers of their own. In a job, while a value is on its way, such a subscriber means
 * that a projection returned ours inside a stock operator (`merge` of rxjs, say): its state would be in no checkpoint.
 * A user's own `subscribe` call, in a tap for example, is fine: it comes with RxJS's SafeSubscriber.
 */
export function refuseForeignSubscriber(subscriber: Subscriber<never>, definition: Definition<never>): void {
  if (!isTurnOnStack()) return;
  if ('barrier' in subscriber || Object.getPrototypeOf(subscriber) === safeSubscriber()) return;
  throw new ForeignOperatorError(definition.uid ?? definition.operator);
}

let safeSubscriberPrototype: unknown;

/** The class that RxJS wraps observers in is not public; what an Observable is subscribed with is. */
function safeSubscriber(): unknown {
  if (safeSubscriberPrototype === undefined) {
    new Observable((subscriber) => void (safeSubscriberPrototype = Object.getPrototypeOf(subscriber))).subscribe();
  }
  return safeSubscriberPrototype;
}
