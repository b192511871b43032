/* eslint-disable @typescript-eslint/no-explicit-any -- RxJS's signatures: the arguments of events are of any type */
import { fromEventPattern as rxFromEventPattern } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';
import type { NodeEventHandler } from './eventTargets.js';

/**
 * Emits what a handler is called with; several arguments come as an array.
 *
 * **Checkpoint:** nothing that could be restored: what happens while nothing runs is lost. A restore adds a handler
 * afresh. What the operators behind it have made of earlier events is in their own state.
 *
 * @example
 * const messages$ = fromEventPattern((handler) => socket.listen(handler), (handler) => socket.ignore(handler));
 * @param addHandler - called for each subscription.
 * @param removeHandler - called at its end, with the handler and what `addHandler` has returned.
 */
export function fromEventPattern<T>(
  addHandler: (handler: NodeEventHandler) => any,
  removeHandler?: (handler: NodeEventHandler, signal?: any) => void,
): CheckpointedObservable<T>;
/**
 * The same with values of one's own.
 *
 * @param resultSelector - makes the values; gets all arguments.
 */
export function fromEventPattern<T>(
  addHandler: (handler: NodeEventHandler) => any,
  removeHandler?: (handler: NodeEventHandler, signal?: any) => void,
  resultSelector?: (...args: any[]) => T,
): CheckpointedObservable<T>;
export function fromEventPattern<T>(
  addHandler: (handler: NodeEventHandler) => any,
  removeHandler?: (handler: NodeEventHandler, signal?: any) => void,
  resultSelector?: (...args: any[]) => T,
): CheckpointedObservable<T> {
  const events = rxFromEventPattern<T>(addHandler, removeHandler, resultSelector);
  return plainNode(events, { operator: 'fromEventPattern', isHot: true });
}
