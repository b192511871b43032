// The network entries can stand for RxJS's; what they make can be checkpointed.
import type { Observable, ObservableInput } from 'rxjs';
import type * as rxAjax from 'rxjs/ajax';
import type * as rxFetch from 'rxjs/fetch';
import type * as rxWebSocket from 'rxjs/webSocket';
import { journaled } from 'rxjs-checkpoint';
import type { CheckpointedObservable, fromObservable } from 'rxjs-checkpoint';
import * as ajaxEntry from 'rxjs-checkpoint/ajax';
import * as fetchEntry from 'rxjs-checkpoint/fetch';
import * as webSocketEntry from 'rxjs-checkpoint/webSocket';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

export const ajax: typeof rxAjax.ajax = ajaxEntry.ajax;
export const fromFetch: typeof rxFetch.fromFetch = fetchEntry.fromFetch;
export const webSocket: typeof rxWebSocket.webSocket = webSocketEntry.webSocket;
export const config: rxAjax.AjaxConfig = {} as ajaxEntry.AjaxConfig;
export const request: ajaxEntry.AjaxRequest = {} as rxAjax.AjaxRequest;
export const direction: ajaxEntry.AjaxDirection = {} as rxAjax.AjaxDirection;
export const socket: rxWebSocket.WebSocketSubjectConfig<number> = {} as webSocketEntry.WebSocketSubjectConfig<number>;

interface User {
  name: string;
}
const response$ = ajaxEntry.ajax<User>('/a');
same<typeof response$, CheckpointedObservable<ajaxEntry.AjaxResponse<User>>>(true);
const user$ = ajaxEntry.ajax.getJSON<User>('/a');
same<typeof user$, CheckpointedObservable<User>>(true);
const plain$ = fetchEntry.fromFetch('/a');
same<typeof plain$, CheckpointedObservable<Response>>(true);
const selected$ = fetchEntry.fromFetch('/a', { selector: () => [1] });
same<typeof selected$, CheckpointedObservable<number>>(true);

// journaled() takes what fromObservable() takes.
same<Parameters<typeof journaled<User>>, [source: ObservableInput<User>]>(true);
same<Parameters<typeof fromObservable<User>>[0], ObservableInput<User>>(true);
declare const users$: Observable<User>;
const replayable$ = journaled(users$);
same<typeof replayable$, CheckpointedObservable<User>>(true);
