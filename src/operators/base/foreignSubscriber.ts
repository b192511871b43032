import type { Observable, Subscriber } from 'rxjs';

import type { CheckpointError } from '../../errors/CheckpointError.js';
import { ForeignOperatorError } from '../../errors/ForeignOperatorError.js';
import { ConsumerSubscriber } from './ConsumerSubscriber.js';
import type { Definition } from './Site.js';

let adopting: Adopter | null = null;

/** What an adopted Observable is subscribed with. Marked itself: one in a WeakSet would live until a full collection. */
export interface Adopter<T = unknown> extends Subscriber<T> {
  readonly isAdopter: boolean;
  /** Something of ours was found within. What subscribes to it gets that error as well, and may handle it. */
  refuse(error: CheckpointError): void;
}

/**
 * Subscribes in a job to a plain Observable that a projection returned, or that is an input of an operator. If one of
 * ours is subscribed within, a stock operator (`merge` of rxjs, say) was put around it, and its state would be in no
 * checkpoint.
 */
export function adoptPlain<T>(subscriber: Adopter<T>, source: Observable<T>): void {
  const outer = adopting;
  adopting = subscriber;
  try {
    source.subscribe(subscriber);
  } finally {
    adopting = outer;
  }
}

/** Throws what `create` makes if we are within such a subscription. */
export function refuseAdopted(create: () => CheckpointError): void {
  if (adopting !== null) refuse(adopting, create());
}

function refuse(adopter: Adopter, error: CheckpointError): never {
  adopter.refuse(error);
  throw error;
}

/**
 * What the adopted Observable emits meanwhile leads to places where stock operators are fine, behind `recover()`.
 *
 * @returns what `returnToAdopted` is to be given after that, whatever happens.
 */
export function leaveAdopted(): Adopter | null {
  const outer = adopting;
  adopting = null;
  return outer;
}

export function returnToAdopted(outer: Adopter | null): void {
  adopting = outer;
}

/**
 * Stock operators wrap ours in subscribers of their own, at once or later (`switchMap`). A user's own `subscribe` call is
 * fine: it comes with a ConsumerSubscriber.
 */
export function refuseForeignSubscriber(subscriber: Subscriber<never>, definition: Definition<never>): void {
  if (subscriber instanceof ConsumerSubscriber) return;
  if ('barrier' in subscriber && (subscriber as Partial<Adopter>).isAdopter !== true) return;
  const adopter = adopting ?? adopterBehind(subscriber);
  if (adopter !== null) refuse(adopter, new ForeignOperatorError(definition.uid ?? definition.operator));
}

/** Stock operators' subscribers know what they hand on to. */
function adopterBehind(subscriber: object): Adopter | null {
  let next: object | null | undefined = subscriber;
  while (typeof next === 'object' && next !== null) {
    if ((next as Partial<Adopter>).isAdopter === true) return next as Adopter;
    next = (next as { readonly destination?: object | null }).destination;
  }
  return null;
}
