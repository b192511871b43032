import type { Observable, SchedulerLike } from 'rxjs';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import type { TimedNotification } from '../../src/testing/timedSource.js';
import * as testing from '../../src/testing/timedSource.js';
import type { Message, Value } from './InputSpec.js';
import { ThrownByInput } from './InputSpec.js';

/** Emits messages at their frames, counted from when it is opened. A restore goes on after the last one. */
export function timedSource<T = Value>(
  messages: readonly Message<T>[],
  scheduler?: SchedulerLike,
): CheckpointedObservable<T> {
  return testing.timedSource(
    messages.map((message) => toNotification(message)),
    scheduler,
  );
}

/** The same without checkpoints. What was due before now comes at once. */
export function timedObservable<T = Value>(
  messages: readonly Message<T>[],
  ageOf: () => number,
  scheduler?: SchedulerLike,
): Observable<T> {
  return testing.timedObservable(
    messages.map((message) => toNotification(message)),
    ageOf,
    scheduler,
  );
}

function toNotification<T>({ frame, kind, value }: Message<T>): TimedNotification<T> {
  if (kind === 'next') return { frame, notification: { kind: 'N', value } };
  if (kind === 'complete') return { frame, notification: { kind: 'C' } };
  return { frame, notification: new Failure() };
}

/** Has its error once it is delivered: errors are expensive, and of most inputs nobody sees any. */
class Failure {
  readonly kind = 'E';
  private made: ThrownByInput | null = null;

  get error(): ThrownByInput {
    return (this.made ??= new ThrownByInput('thrown by an input'));
  }
}
