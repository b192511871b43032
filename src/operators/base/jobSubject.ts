import type { SubjectLike } from 'rxjs';
import { AsyncSubject, BehaviorSubject, ReplaySubject, Subject, Subscriber } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Revival } from '../../checkpoint/protocol/Revival.js';
import { UnsupportedConnectorError } from '../../errors/UnsupportedConnectorError.js';

/** What a Subject holds for whoever comes later. */
export interface SubjectContent {
  readonly values: readonly unknown[];
  /** When each is forgotten, in ms of the Subject's clock; null if never. */
  readonly expiries: readonly number[] | null;
}

/** The private parts of RxJS 7's ReplaySubject and AsyncSubject that hold something (decision 0050). */
interface ReplayParts {
  /** Each value is followed by its expiry, unless the time window is infinite. */
  readonly _buffer: unknown[];
  readonly _infiniteTimeWindow: boolean;
  readonly _windowTime: number;
  readonly _timestampProvider: { now(): number };
}

interface AsyncParts {
  readonly _hasValue: boolean;
  readonly _value: unknown;
}

/**
 * A job can restore RxJS's own Subjects. A subclass may hold anything.
 *
 * @throws UnsupportedConnectorError
 */
export function checkConnector(subject: object, operator: string): void {
  if (!isPlain(subject) && !isReplay(subject) && !isAsync(subject)) throw new UnsupportedConnectorError(operator);
}

/**
 * The same for what feeds live Observables that outlast their end: then all that is known of them is how they ended.
 *
 * @throws UnsupportedConnectorError
 */
export function checkPlainConnector(subject: object, operator: string): void {
  if (!isPlain(subject)) throw new UnsupportedConnectorError(operator, 'content', ['Subject', 'BehaviorSubject']);
}

function isPlain(subject: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(subject);
  return prototype === Subject.prototype || prototype === BehaviorSubject.prototype;
}

function isReplay(subject: object): boolean {
  const { _buffer, _infiniteTimeWindow, _windowTime } = subject as Partial<ReplayParts>;
  return (
    Object.getPrototypeOf(subject) === ReplaySubject.prototype &&
    Array.isArray(_buffer) &&
    typeof _infiniteTimeWindow === 'boolean' &&
    typeof _windowTime === 'number'
  );
}

function isAsync(subject: object): boolean {
  return (
    Object.getPrototypeOf(subject) === AsyncSubject.prototype &&
    typeof (subject as Partial<AsyncParts>)._hasValue === 'boolean'
  );
}

/** What is to be stored of a connector's Subject; null if it holds nothing. */
export function captureContent(subject: object | null, capture: Capture): SubjectContent | null {
  const taken = subject === null ? null : contentOf(subject);
  if (taken === null) return null;
  const { values, expiries } = taken;
  return Object.freeze({
    values: Object.freeze(values.map((value, i) => capture.held(value, `content[${i}]`))),
    expiries: expiries === null ? null : Object.freeze(expiries),
  });
}

/** Whether it has something to tell who comes later. */
export function holdsContent(subject: object | null): boolean {
  const content = subject === null ? null : contentOf(subject);
  return content !== null && content.values.length > 0;
}

function contentOf(subject: object): SubjectContent | null {
  if (subject instanceof BehaviorSubject) {
    const behavior = subject as BehaviorSubject<unknown>;
    return behavior.hasError ? null : { values: [behavior.value], expiries: null };
  }
  if (subject instanceof ReplaySubject) {
    const { _buffer: buffer, _infiniteTimeWindow: isEndless } = subject as unknown as ReplayParts;
    if (isEndless) return { values: [...buffer], expiries: null };
    return {
      values: buffer.filter((_, i) => i % 2 === 0),
      expiries: buffer.filter((_, i) => i % 2 === 1) as number[],
    };
  }
  if (!(subject instanceof AsyncSubject)) return null;
  const { _hasValue: hasValue, _value: value } = subject as unknown as AsyncParts;
  return hasValue ? { values: [value], expiries: null } : null;
}

/** Gives a new Subject its content back, before anybody has subscribed. */
export function restoreContent(subject: SubjectLike<never>, content: SubjectContent, revival: Revival): void {
  const values = content.values.map((value) => revival.held(value));
  if (!isReplay(subject)) {
    for (const value of values) subject.next(value as never);
    return;
  }
  const { _buffer, _infiniteTimeWindow, _windowTime, _timestampProvider } = subject as unknown as ReplayParts;
  // A connector may give the same Subject to several attempts, of which each has a snapshot.
  _buffer.length = 0;
  values.forEach((value, i) => {
    _buffer.push(value);
    // The time window may be new.
    if (!_infiniteTimeWindow) _buffer.push(content.expiries?.[i] ?? _timestampProvider.now() + _windowTime);
  });
}

/** Subscribes a branch. One that is restored has had what the Subject says to newcomers already. */
export function subscribeBranch<T>(subject: SubjectLike<T>, dest: Subscriber<T>, isRestored: boolean): void {
  if (!isRestored || !(subject instanceof BehaviorSubject || subject instanceof ReplaySubject)) {
    subject.subscribe(dest);
    return;
  }
  const gate = new Gate(dest);
  subject.subscribe(gate);
  gate.isOpen = true;
}

class Gate<T> extends Subscriber<T> {
  isOpen = false;

  constructor(private readonly dest: Subscriber<T>) {
    super(dest);
  }

  protected override _next(value: T): void {
    if (this.isOpen) this.dest.next(value);
  }
}
