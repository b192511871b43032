import type { Connectable, ObservableInput, SubjectLike, Subscription } from 'rxjs';
import { from, Observable, Subject } from 'rxjs';

import { markConnectable } from '../checkpoint/protocol/foreignOperators.js';
import { ConnectableInJobError } from '../errors/ConnectableInJobError.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { refuseAdopted } from './base/foreignSubscriber.js';

export interface ConnectableConfig<T> {
  /** Makes the Subject through which the source is shared. Default: a plain one. */
  connector: () => SubjectLike<T>;
  /** Whether the next connection begins with a new Subject. Default: true. */
  resetOnDisconnect?: boolean;
}

/**
 * A stream that several subscribers share, and that starts when its `connect` is called.
 *
 * **Checkpoint:** none: a job refuses it with a `ConnectableInJobError`, since a restart could not know whether it was
 * connected. There, use `share` or `connect`.
 *
 * ```text
 * source   -1-2-3-|
 *          connectable(source), connect() called at 4
 * result   -----1-2-3-|    (each)
 * ```
 *
 * @example
 * const ticks$ = connectable(interval(1_000));
 * ticks$.subscribe(show);
 * const connection = ticks$.connect();
 * @param source - what can be subscribed to; each `connect` does.
 * @param config - `connector` and `resetOnDisconnect`.
 */
export function connectable<T>(
  source: ObservableInput<T>,
  config: ConnectableConfig<T> = { connector: () => new Subject<T>() },
): Connectable<T> {
  const { connector, resetOnDisconnect = true } = config;
  const isCheckpointed = source instanceof CheckpointedObservable;
  const converted = new Observable<T>((subscriber) => from(source).subscribe(subscriber));
  let subject = connector();
  let connection: Subscription | null = null;

  const connect = (): Subscription => {
    if (isCheckpointed) refuseAdopted(() => new ConnectableInJobError());
    if (connection === null || connection.closed) {
      connection = converted.subscribe(subject);
      if (resetOnDisconnect) connection.add(() => (subject = connector()));
    }
    return connection;
  };
  const result = Object.assign(new Observable<T>((subscriber) => subject.subscribe(subscriber)), { connect });
  if (isCheckpointed) markConnectable(result);
  return result;
}
