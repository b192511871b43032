import type { ObservableInput, ObservedValueOf, SubjectLike } from 'rxjs';
import { Subject } from 'rxjs';

import type { CheckpointedObservable, CheckpointedOperator } from './base/CheckpointedObservable.js';
import { connecting } from './connecting.js';

export interface ConnectConfig<T> {
  /** Makes the Subject through which the source is shared. Default: a plain one. */
  connector: () => SubjectLike<T>;
}

/**
 * Gives `selector` a shared stream of the source, subscribes to what it returns, and then connects the source. So all
 * that the selector makes of the shared stream sees the same values, from the first one on.
 *
 * **Checkpoint:** who listens to the shared stream, what the connector's Subject holds, and the state of what `selector`
 * gave. A restore calls `selector` again.
 *
 * ```text
 * source  -1-2-%-3-|
 *         connect(s => merge(s, s.pipe(map(x => 10 * x))))
 * result  -x-y-%-z-|      x = 1 10, y = 2 20, z = 3 30
 * ```
 *
 * @example
 * const both$ = orders$.pipe(connect((shared$) => merge(shared$.pipe(filter(isSale)), shared$.pipe(filter(isReturn)))));
 * @param selector - gets the shared stream, which emits while what it returns is subscribed to: nothing beyond that may
 *   hold on to it.
 * @param config - `connector`: in a job it has to make one of RxJS's own Subjects.
 * @throws UnsupportedConnectorError, in a job, when the connector makes something else; what `selector` throws goes to
 *   the subscriber.
 */
export function connect<T, O extends ObservableInput<unknown>>(
  selector: (shared: CheckpointedObservable<T>) => O,
  config: ConnectConfig<T> = { connector: () => new Subject<T>() },
): CheckpointedOperator<T, ObservedValueOf<O>> {
  const { connector } = config;
  return connecting({ operator: 'connect', selector, connector });
}
