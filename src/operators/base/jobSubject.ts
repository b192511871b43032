import type { SubjectLike } from 'rxjs';
import { BehaviorSubject, Subject, Subscriber } from 'rxjs';

import { UnsupportedConnectorError } from '../../errors/UnsupportedConnectorError.js';

/**
 * A job can restore two kinds of Subject: a plain one, which holds nothing, and a BehaviorSubject, whose value is
 * public. What others hold cannot be looked into.
 *
 * @throws UnsupportedConnectorError
 */
export function checkConnector(subject: object, operator: string): void {
  const prototype: unknown = Object.getPrototypeOf(subject);
  if (prototype !== Subject.prototype && prototype !== BehaviorSubject.prototype)
    throw new UnsupportedConnectorError(operator);
}

/** Subscribes a branch. One that is restored has had the BehaviorSubject's present value already. */
export function subscribeBranch<T>(subject: SubjectLike<T>, dest: Subscriber<T>, isRestored: boolean): void {
  if (!isRestored || !(subject instanceof BehaviorSubject)) {
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
