// Every name that an entry of RxJS exports as a value: ours can stand for it.
import type * as rx from 'rxjs';
import type * as rxAjax from 'rxjs/ajax';
import type * as rxFetch from 'rxjs/fetch';
// eslint-disable-next-line rxjs-x/prefer-root-operators -- it is what ours is compared with
import type * as rxOperators from 'rxjs/operators';
import type * as rxWebSocket from 'rxjs/webSocket';
import type * as ours from 'rxjs-checkpoint';
import type * as oursAjax from 'rxjs-checkpoint/ajax';
import type * as oursFetch from 'rxjs-checkpoint/fetch';
import type * as oursOperators from 'rxjs-checkpoint/operators';
import type * as oursWebSocket from 'rxjs-checkpoint/webSocket';

/** The names of what cannot stand for RxJS's, or is not there. */
type Unlike<Ours, Theirs> = {
  [Name in Exclude<keyof Theirs, 'default'>]: Name extends keyof Ours
    ? Ours[Name] extends Theirs[Name]
      ? never
      : Name
    : Name;
}[Exclude<keyof Theirs, 'default'>];

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

same<Unlike<typeof ours, typeof rx>, never>(true);
same<Unlike<typeof oursOperators, typeof rxOperators>, never>(true);
same<Unlike<typeof oursAjax, typeof rxAjax>, never>(true);
same<Unlike<typeof oursFetch, typeof rxFetch>, never>(true);
same<Unlike<typeof oursWebSocket, typeof rxWebSocket>, never>(true);
// It would notice.
same<
  Unlike<{ map: typeof ours.map; take: typeof ours.map }, Pick<typeof rx, 'map' | 'take' | 'skip'>>,
  'take' | 'skip'
>(true);

/** Types of ours that stand for RxJS's of the same name, and the other way round. */
type Alike<A, B> = [A] extends [B] ? ([B] extends [A] ? true : 'ours takes less') : 'ours gives less';
function alike<A, B>(_: Alike<A, B>): void {}

alike<ours.ShareReplayConfig, rx.ShareReplayConfig>(true);
alike<ours.ConnectConfig<string>, rx.ConnectConfig<string>>(true);
alike<oursAjax.AjaxConfig, rxAjax.AjaxConfig>(true);
alike<oursAjax.AjaxRequest, rxAjax.AjaxRequest>(true);
alike<oursAjax.AjaxResponse<string>, rxAjax.AjaxResponse<string>>(true);
alike<oursAjax.AjaxDirection, rxAjax.AjaxDirection>(true);
alike<oursAjax.AjaxError, rxAjax.AjaxError>(true);
alike<oursAjax.AjaxTimeoutError, rxAjax.AjaxTimeoutError>(true);
alike<oursWebSocket.WebSocketSubjectConfig<string>, rxWebSocket.WebSocketSubjectConfig<string>>(true);
alike<oursWebSocket.WebSocketSubject<string>, rxWebSocket.WebSocketSubject<string>>(true);
declare const group$: ours.GroupedObservable<string, number>;
declare const connectable$: ours.ConnectableObservable<string>;
export const group: rx.GroupedObservable<string, number> = group$;
export const connectable: rx.ConnectableObservable<string> = connectable$;
// Ours give `duration` a group that is checkpointed; what is written for RxJS's fits.
declare const durations: rx.BasicGroupByOptions<string, number>;
declare const elements: rx.GroupByOptionsWithElement<string, number, Date>;
export const options: ours.BasicGroupByOptions<string, number> = durations;
export const elementOptions: ours.GroupByOptionsWithElement<string, number, Date> = elements;
// What `pipe(publish())` gives can be connected after a cast, as with RxJS, which does not make a pipeline of it.
declare const multicast$: ours.CheckpointedObservable<string>;
export const cast$ = multicast$ as ours.ConnectableObservable<string>;
// @ts-expect-error of other values
export const otherCast$ = multicast$ as ours.ConnectableObservable<number>;
export const recovered = (checkpoints: ours.CheckpointSubject): unknown[] => [
  // @ts-expect-error it may be of a plain stream
  checkpoints.recover(cast$),
  // @ts-expect-error the same
  checkpoints.recover(connectable$.pipe()),
];
