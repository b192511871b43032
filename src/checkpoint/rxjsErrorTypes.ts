import {
  ArgumentOutOfRangeError,
  EmptyError,
  NotFoundError,
  ObjectUnsubscribedError,
  SequenceError,
  TimeoutError,
  UnsubscriptionError,
} from 'rxjs';

import type { ErrorType } from './protocol/StoredError.js';

/** RxJS's own error classes, which `catchError` and `retry` may have to keep. */
export const rxjsErrorTypes: readonly ErrorType[] = [
  {
    name: 'ArgumentOutOfRangeError',
    is: (error) => error instanceof ArgumentOutOfRangeError,
    create: () => new ArgumentOutOfRangeError(),
  },
  { name: 'EmptyError', is: (error) => error instanceof EmptyError, create: () => new EmptyError() },
  {
    name: 'NotFoundError',
    is: (error) => error instanceof NotFoundError,
    create: (message) => new NotFoundError(message),
  },
  {
    name: 'ObjectUnsubscribedError',
    is: (error) => error instanceof ObjectUnsubscribedError,
    create: () => new ObjectUnsubscribedError(),
  },
  {
    name: 'SequenceError',
    is: (error) => error instanceof SequenceError,
    create: (message) => new SequenceError(message),
  },
  { name: 'TimeoutError', is: (error) => error instanceof TimeoutError, create: () => new TimeoutError() },
  {
    name: 'UnsubscriptionError',
    is: (error) => error instanceof UnsubscriptionError,
    create: () => new UnsubscriptionError([]),
  },
];
