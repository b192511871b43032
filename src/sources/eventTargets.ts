// What RxJS's `fromEvent` takes, whose types are not public.
/* eslint-disable @typescript-eslint/no-explicit-any -- RxJS's signatures: the arguments of events are of any type */

export type NodeEventHandler = (...args: any[]) => void;

export interface NodeStyleEventEmitter {
  addListener(eventName: string | symbol, handler: NodeEventHandler): this;
  removeListener(eventName: string | symbol, handler: NodeEventHandler): this;
}

/** Such as React Native's, whose methods return something else. */
export interface NodeCompatibleEventEmitter {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- RxJS's signature
  addListener(eventName: string, handler: NodeEventHandler): void | {};
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- RxJS's signature
  removeListener(eventName: string, handler: NodeEventHandler): void | {};
}

export interface JQueryStyleEventEmitter<TContext, T> {
  on(eventName: string, handler: (this: TContext, t: T, ...args: any[]) => any): void;
  off(eventName: string, handler: (this: TContext, t: T, ...args: any[]) => any): void;
}

export interface EventListenerObject<E> {
  handleEvent(evt: E): void;
}

export interface EventListenerOptions {
  capture?: boolean;
  passive?: boolean;
  once?: boolean;
}

export interface AddEventListenerOptions extends EventListenerOptions {
  once?: boolean;
  passive?: boolean;
}

export interface HasEventTargetAddRemove<E> {
  addEventListener(
    type: string,
    listener: ((evt: E) => void) | EventListenerObject<E> | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: ((evt: E) => void) | EventListenerObject<E> | null,
    options?: EventListenerOptions | boolean,
  ): void;
}
