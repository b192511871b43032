import type { Observable, Operator, Subject, Subscription } from 'rxjs';
import { ConnectableObservable as RxjsConnectableObservable } from 'rxjs';

import { markConnectable } from '../checkpoint/protocol/foreignOperators.js';
import { ConnectableInJobError } from '../errors/ConnectableInJobError.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { refuseAdopted } from './base/foreignSubscriber.js';
import { refCounted } from './refCounted.js';

/**
 * RxJS's ConnectableObservable. Over a checkpointed Observable it works outside of a job; `recover()` and inner
 * pipelines of a job refuse it; what `publish` and its kin make takes part in checkpoints.
 *
 * @deprecated Use `connectable`, `connect` or `share`.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- all that it adds may be missing
export class ConnectableObservable<T> extends RxjsConnectableObservable<T> {
  /** @deprecated Use `connectable`, `connect` or `share`. */
  constructor(source: Observable<T>, subjectFactory: () => Subject<T>) {
    super(source, subjectFactory);
    if (!(source instanceof CheckpointedObservable)) return;
    // RxJS takes over the source's, which is made for nodes of a graph.
    const lift = <R>(operator: Operator<T, R>): Observable<R> => super.lift(operator);
    this.lift = lift;
    markConnectable(this);
  }

  /**
   * Subscribes the Subject to the source.
   *
   * @deprecated Use `connectable`.
   * @throws ConnectableInJobError in an inner pipeline of a job.
   */
  override connect(): Subscription {
    if (this.source instanceof CheckpointedObservable) refuseAdopted(() => new ConnectableInJobError());
    return super.connect();
  }

  /** @deprecated Use `share`. */
  override refCount(): Observable<T> {
    return refCounted(this);
  }
}

/** What `pipe(publish()) as ConnectableObservable` needs: it may be a checkpointed stream. `recover()` takes none for one. */
export interface ConnectableObservable<T> extends Partial<Omit<CheckpointedObservable<T>, keyof Observable<T>>> {
  pipe: Observable<T>['pipe'] & CheckpointedObservable<T>['pipe'];
}
