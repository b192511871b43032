import type { Observable, ObservableInput } from 'rxjs';
import { fromFetch as rxFromFetch } from 'rxjs/fetch';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';

/** @see the overload with `init`. */
export function fromFetch<T>(
  input: string | Request,
  init: RequestInit & { selector: (response: Response) => ObservableInput<T> },
): CheckpointedObservable<T>;
/**
 * Makes a request with `fetch`, by RxJS's `fromFetch`: the response is emitted, then it completes. Unsubscribing aborts
 * the request.
 *
 * **Checkpoint:** how many values it has emitted (`position.recordsAfterOffset`). A restore makes a request again that had
 * not completed, and skips as many. So a request may arrive twice: make it idempotent.
 *
 * A `Response` is no value that a snapshot can hold. Give a `selector` that reads it, or read it before an operator keeps
 * it.
 *
 * ```text
 *         fromFetch('/users/1')
 * result  ----%---(r|)      restored from %: the request is made again
 * ```
 *
 * @example
 * ids$.pipe(
 *   mergeMap((id) => fromFetch(`/users/${id}`, { selector: (response) => response.json() })),
 *   scan((users, user) => [...users, user], []),
 * );
 * @param input - the URL, or a `Request`.
 * @param init - what `fetch` takes, and `selector`: what to emit of the response. Reading the body in it, rather than
 * behind, lets unsubscribing abort that as well.
 */
export function fromFetch(input: string | Request, init?: RequestInit): CheckpointedObservable<Response>;
export function fromFetch<T>(
  input: string | Request,
  init?: RequestInit & { selector?: (response: Response) => ObservableInput<T> },
): CheckpointedObservable<Response | T> {
  const request: Observable<Response | T> = rxFromFetch(input, init);
  return plainNode(request, { operator: 'fromFetch' });
}
