import type { Observable } from 'rxjs';
import type { AjaxConfig, AjaxResponse } from 'rxjs/ajax';
import { ajax as rxAjax } from 'rxjs/ajax';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { plainNode } from '../operators/base/plainNode.js';

/** The function `ajax` and its methods, as in RxJS. */
export interface AjaxCreationMethod {
  <T>(config: AjaxConfig): CheckpointedObservable<AjaxResponse<T>>;
  <T>(url: string): CheckpointedObservable<AjaxResponse<T>>;
  get<T>(url: string, headers?: Record<string, string>): CheckpointedObservable<AjaxResponse<T>>;
  post<T>(url: string, body?: unknown, headers?: Record<string, string>): CheckpointedObservable<AjaxResponse<T>>;
  put<T>(url: string, body?: unknown, headers?: Record<string, string>): CheckpointedObservable<AjaxResponse<T>>;
  patch<T>(url: string, body?: unknown, headers?: Record<string, string>): CheckpointedObservable<AjaxResponse<T>>;
  delete<T>(url: string, headers?: Record<string, string>): CheckpointedObservable<AjaxResponse<T>>;
  getJSON<T>(url: string, headers?: Record<string, string>): CheckpointedObservable<T>;
}

function node<T>(request: Observable<T>): CheckpointedObservable<T> {
  return plainNode(request, { operator: 'ajax' });
}

/**
 * Makes a request with `XMLHttpRequest`, by RxJS's `ajax`: the response is emitted, then it completes. A status outside
 * of 200 to 299 is an `AjaxError`. `ajax.get`, `post`, `put`, `patch` and `delete` are short for a method,
 * `ajax.getJSON` emits the body alone.
 *
 * **Checkpoint:** how many responses and progress events it has emitted (`position.recordsAfterOffset`). A restore makes
 * a request again that had not completed, and skips as many. So a request may arrive twice: make it idempotent.
 *
 * A response is no value that a snapshot can hold. Take what is needed of it before an operator keeps it.
 *
 * ```text
 *         ajax('/users/1')
 * result  ----%---(r|)      restored from %: the request is made again
 * ```
 *
 * @example
 * ids$.pipe(
 *   mergeMap((id) => ajax<User>(`/users/${id}`).pipe(map(({ response }) => response.name))),
 *   scan((names, name) => [...names, name], []),
 * );
 * @param urlOrConfig - the URL for a GET that expects JSON, or all that RxJS's `ajax` can be told.
 */
export const ajax: AjaxCreationMethod = Object.assign(
  <T>(urlOrConfig: string | AjaxConfig) => node(rxAjax<T>(urlOrConfig as AjaxConfig)),
  {
    get: <T>(url: string, headers?: Record<string, string>) => node(rxAjax.get<T>(url, headers)),
    post: <T>(url: string, body?: unknown, headers?: Record<string, string>) =>
      node(rxAjax.post<T>(url, body, headers)),
    put: <T>(url: string, body?: unknown, headers?: Record<string, string>) => node(rxAjax.put<T>(url, body, headers)),
    patch: <T>(url: string, body?: unknown, headers?: Record<string, string>) =>
      node(rxAjax.patch<T>(url, body, headers)),
    delete: <T>(url: string, headers?: Record<string, string>) => node(rxAjax.delete<T>(url, headers)),
    getJSON: <T>(url: string, headers?: Record<string, string>) => node(rxAjax.getJSON<T>(url, headers)),
  },
);
