/* eslint-disable @typescript-eslint/no-explicit-any -- RxJS's signatures: the arguments of events are of any type */
import type { Observable } from 'rxjs';
import { fromEvent as rxFromEvent } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';
import type {
  EventListenerOptions,
  HasEventTargetAddRemove,
  JQueryStyleEventEmitter,
  NodeCompatibleEventEmitter,
  NodeStyleEventEmitter,
} from './eventTargets.js';

/**
 * Emits the events of a DOM element, an event emitter of Node or jQuery, or a list of them.
 *
 * **Checkpoint:** nothing that could be restored: what happens while nothing runs is lost. A restore listens afresh.
 * What the operators behind it have made of earlier events is in their own state.
 *
 * @example
 * const clicks$ = fromEvent(document, 'click');
 * @param target - what to listen to.
 * @param eventName - the event.
 * @throws TypeError when the target is none.
 */
export function fromEvent<T>(
  target: HasEventTargetAddRemove<T> | ArrayLike<HasEventTargetAddRemove<T>>,
  eventName: string,
): CheckpointedObservable<T>;
/** The same; `resultSelector` makes the values. */
export function fromEvent<T, R>(
  target: HasEventTargetAddRemove<T> | ArrayLike<HasEventTargetAddRemove<T>>,
  eventName: string,
  resultSelector: (event: T) => R,
): CheckpointedObservable<R>;
/** The same; `options` are for `addEventListener`. */
export function fromEvent<T>(
  target: HasEventTargetAddRemove<T> | ArrayLike<HasEventTargetAddRemove<T>>,
  eventName: string,
  options: EventListenerOptions,
): CheckpointedObservable<T>;
/** The same; `options` are for `addEventListener`, `resultSelector` makes the values. */
export function fromEvent<T, R>(
  target: HasEventTargetAddRemove<T> | ArrayLike<HasEventTargetAddRemove<T>>,
  eventName: string,
  options: EventListenerOptions,
  resultSelector: (event: T) => R,
): CheckpointedObservable<R>;
/** The same for an emitter of Node: several arguments of an event come as an array. */
export function fromEvent(
  target: NodeStyleEventEmitter | ArrayLike<NodeStyleEventEmitter>,
  eventName: string,
): CheckpointedObservable<unknown>;
/** @deprecated Give no type argument. */
export function fromEvent<T>(
  target: NodeStyleEventEmitter | ArrayLike<NodeStyleEventEmitter>,
  eventName: string,
): CheckpointedObservable<T>;
/** The same for an emitter of Node; `resultSelector` gets all arguments. */
export function fromEvent<R>(
  target: NodeStyleEventEmitter | ArrayLike<NodeStyleEventEmitter>,
  eventName: string,
  resultSelector: (...args: any[]) => R,
): CheckpointedObservable<R>;
/** The same for what has the methods of an emitter of Node. */
export function fromEvent(
  target: NodeCompatibleEventEmitter | ArrayLike<NodeCompatibleEventEmitter>,
  eventName: string,
): CheckpointedObservable<unknown>;
/** @deprecated Give no type argument. */
export function fromEvent<T>(
  target: NodeCompatibleEventEmitter | ArrayLike<NodeCompatibleEventEmitter>,
  eventName: string,
): CheckpointedObservable<T>;
/** The same for what has the methods of an emitter of Node; `resultSelector` gets all arguments. */
export function fromEvent<R>(
  target: NodeCompatibleEventEmitter | ArrayLike<NodeCompatibleEventEmitter>,
  eventName: string,
  resultSelector: (...args: any[]) => R,
): CheckpointedObservable<R>;
/** The same for an emitter of jQuery. */
export function fromEvent<T>(
  target: JQueryStyleEventEmitter<any, T> | ArrayLike<JQueryStyleEventEmitter<any, T>>,
  eventName: string,
): CheckpointedObservable<T>;
/** The same for an emitter of jQuery; `resultSelector` gets all arguments. */
export function fromEvent<T, R>(
  target: JQueryStyleEventEmitter<any, T> | ArrayLike<JQueryStyleEventEmitter<any, T>>,
  eventName: string,
  resultSelector: (value: T, ...args: any[]) => R,
): CheckpointedObservable<R>;
export function fromEvent(...args: unknown[]): CheckpointedObservable<unknown> {
  const events = (rxFromEvent as (...parameters: unknown[]) => Observable<unknown>)(...args);
  return plainNode(events, { operator: 'fromEvent', isHot: true });
}
