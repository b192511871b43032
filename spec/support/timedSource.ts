import type { Observable } from 'rxjs';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import type { TimedNotification } from '../../src/testing/timedSource.js';
import * as testing from '../../src/testing/timedSource.js';
import type { Message, Value } from './InputSpec.js';
import { ThrownByInput } from './InputSpec.js';

/** Emits messages at their frames, counted from when it is opened. A restore goes on after the last one. */
export function timedSource(messages: readonly Message[]): CheckpointedObservable<Value> {
  return testing.timedSource(messages.map(toNotification));
}

/** The same without checkpoints. What was due before now comes at once. */
export function timedObservable(messages: readonly Message[], ageOf: () => number): Observable<Value> {
  return testing.timedObservable(messages.map(toNotification), ageOf);
}

function toNotification({ frame, kind, value }: Message): TimedNotification<Value> {
  if (kind === 'next') return { frame, notification: { kind: 'N', value } };
  if (kind === 'complete') return { frame, notification: { kind: 'C' } };
  return { frame, notification: { kind: 'E', error: new ThrownByInput('thrown by an input') } };
}
