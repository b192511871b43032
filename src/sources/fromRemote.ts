import type { Subscriber } from 'rxjs';

import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import type { RemoteConnect } from './RemoteSource.js';
import { RemoteSource } from './RemoteSource.js';

/**
 * Emits what a remote side sends: a worker, a server, whatever the job cannot look into. Records and the barrier of a
 * checkpoint come the same way, so the remote side says where it stands between two records, not the job.
 *
 * **Checkpoint:** the position that the remote side gave with its barrier (`position`). The job waits until all its
 * remote inputs have answered; what an input sends after its answer is kept back until then. One that does not answer
 * within `timeoutMs` makes the checkpoint expire. A restore connects with the position.
 *
 * ```text
 * remote  -1-2---%-3-|      asked for a barrier after 1
 *         fromRemote(connect)
 * result  -1-2---%-3-|
 * ```
 *
 * @example
 * const ticks$ = fromRemote<Tick, number>((sink, position) => {
 *   const worker = new Worker('ticks.js');
 *   worker.onmessage = ({ data }) => (data.isBarrier ? sink.barrier(data.id, data.position) : sink.next(data.tick));
 *   worker.onerror = (event) => sink.error(event.error);
 *   worker.postMessage({ type: 'start', position });
 *   return {
 *     requestBarrier: (id) => worker.postMessage({ type: 'barrier', id }),
 *     close: () => worker.terminate(),
 *   };
 * });
 * @param connect - called with what takes the remote side's messages, and the position to go on after (undefined for
 * the start); gives what takes the job's.
 * @throws what `connect` and `requestBarrier` throw goes to the subscriber as an error.
 */
export function fromRemote<T, P = unknown>(connect: RemoteConnect<T, P>): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>({
    operator: 'fromRemote',
    isStateful: true,
    inputs: [],
    connect(dest, site) {
      if (site !== null) return new RemoteSource<T, P>(dest, site, connect).connect();
      connectOutside(connect, dest);
      return null;
    },
  });
}

/** Outside of a job nobody asks for barriers. */
function connectOutside<T, P>(connect: RemoteConnect<T, P>, dest: Subscriber<T>): void {
  const connection = connect(
    {
      next: (record) => dest.next(record),
      error: (error) => dest.error(error),
      complete: () => dest.complete(),
      barrier() {},
    },
    undefined,
  );
  dest.add(() => connection.close());
}
