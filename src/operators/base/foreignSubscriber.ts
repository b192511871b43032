import type { Subscriber } from 'rxjs';

import { isTurnOnStack } from '../../checkpoint/protocol/Run.js';
import { ForeignOperatorError } from '../../errors/ForeignOperatorError.js';
import { ConsumerSubscriber } from './ConsumerSubscriber.js';
import type { Definition } from './Site.js';

/**
 * Stock operators wrap ours in subscribers of their own. In a job, while a value is on its way, such a subscriber means
 * that a projection returned ours inside a stock operator (`merge` of rxjs, say): its state would be in no checkpoint.
 * A user's own `subscribe` call, in a tap for example, is fine: it comes with a ConsumerSubscriber.
 */
export function refuseForeignSubscriber(subscriber: Subscriber<never>, definition: Definition<never>): void {
  if (!isTurnOnStack() || subscriber instanceof ConsumerSubscriber || 'barrier' in subscriber) return;
  throw new ForeignOperatorError(definition.uid ?? definition.operator);
}
