import type { Observer, SubjectLike } from 'rxjs';
import { config, Subject } from 'rxjs';

// eslint-disable-next-line @typescript-eslint/unbound-method -- compared, not called
const { next: nextOfSubject } = Subject.prototype;

/**
 * Calls a Subject's `next`. One of RxJS's makes a closure and an iterator for each value; where it has one observer, as it
 * most often has, that one is all that there is to call.
 */
export function feed<T>(subject: SubjectLike<T>, value: T): void {
  if (subject.next === nextOfSubject && !config.useDeprecatedSynchronousErrorHandling) {
    const { isStopped, observers } = subject as Subject<T>;
    if (!isStopped && observers.length === 1) return observers[0]!.next(value);
  }
  subject.next(value);
}

/** What feeds a Subject as an observer of a source. */
export class Feeding<T> implements Observer<T> {
  constructor(private readonly subject: SubjectLike<T>) {}

  next(value: T): void {
    feed(this.subject, value);
  }

  error(error: unknown): void {
    this.subject.error(error);
  }

  complete(): void {
    this.subject.complete();
  }
}
