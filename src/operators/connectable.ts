import type { Connectable, ObservableInput, SubjectLike, Subscription } from 'rxjs';
import { from, Observable, Subject } from 'rxjs';

import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { CheckpointedConnectable } from './CheckpointedConnectable.js';

export interface ConnectableConfig<T> {
  /** Makes the Subject through which the source is shared. Default: a plain one. */
  connector: () => SubjectLike<T>;
  /** Whether the next connection begins with a new Subject. Default: true. */
  resetOnDisconnect?: boolean;
}

/**
 * A stream that several subscribers share, and that starts when its `connect` is called. In a job there is one, however
 * many pipelines use it; when they are several, or inner pipelines use it, it needs a `uid`.
 *
 * **Checkpoint:** whether it is connected, which branches there are, how it ended, and what the connector's Subject
 * holds. A restore brings it back connected if it was; a `connect()` that the program calls when it starts is then the
 * call that had been. What was called after the checkpoint is not repeated.
 *
 * ```text
 * source   -1-2-%-3-|
 *          connectable(source), connect() called at 4
 * result   -----1-2-%-3-|    (each)
 * ```
 *
 * Two differences to RxJS, in a job only: `connect()` before the pipelines run takes effect when they do, with all of
 * them subscribed; and one that nobody has subscribed to connects when the first subscriber is there.
 *
 * @example
 * const ticks$ = connectable(interval(1_000));
 * checkpoints.recover(ticks$).subscribe(show);
 * const connection = ticks$.connect();
 * @param source - what can be subscribed to; each `connect` does.
 * @param config - `connector` and `resetOnDisconnect`. In a job the connector has to make one of RxJS's own Subjects.
 * @throws UnsupportedConnectorError, in a job, when the connector makes something else.
 */
export function connectable<T>(
  source: CheckpointedObservable<T>,
  config?: ConnectableConfig<T>,
): CheckpointedConnectable<T>;
export function connectable<T>(source: ObservableInput<T>, config?: ConnectableConfig<T>): Connectable<T>;
export function connectable<T>(
  source: ObservableInput<T>,
  config: ConnectableConfig<T> = { connector: () => new Subject<T>() },
): Connectable<T> {
  const outside = new OutsideConnection(source, config);
  const plain = Object.assign(new Observable<T>((subscriber) => outside.subject.subscribe(subscriber)), {
    connect: () => outside.connect(),
  });
  if (!(source instanceof CheckpointedObservable)) return plain;
  return CheckpointedConnectable.of(source as CheckpointedObservable<T>, config, plain);
}

/** What RxJS's `connectable` does. */
class OutsideConnection<T> {
  subject: SubjectLike<T>;
  private connection: Subscription | null = null;
  private readonly source: Observable<T>;

  constructor(
    source: ObservableInput<T>,
    private readonly config: ConnectableConfig<T>,
  ) {
    this.source = new Observable<T>((subscriber) => from(source).subscribe(subscriber));
    this.subject = this.createSubject();
  }

  private createSubject(): SubjectLike<T> {
    const { connector } = this.config;
    return connector();
  }

  connect(): Subscription {
    if (this.connection === null || this.connection.closed) {
      const { resetOnDisconnect = true } = this.config;
      this.connection = this.source.subscribe(this.subject);
      if (resetOnDisconnect) this.connection.add(() => (this.subject = this.createSubject()));
    }
    return this.connection;
  }
}
