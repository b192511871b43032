import { Subscriber } from 'rxjs';

import type { Consumer } from './Site.js';

class ClosedConsumer extends Subscriber<never> implements Consumer<never> {
  barrier(): void {}
}

/** Takes nothing, and tells whoever connects to it so. */
export function closedConsumer(): Consumer<never> {
  const consumer = new ClosedConsumer();
  consumer.unsubscribe();
  return consumer;
}
