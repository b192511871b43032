// Each of our operators can stand for RxJS's, and takes what RxJS's takes; no type degrades to any.
import * as rx from 'rxjs';
import type { Observable } from 'rxjs';
import * as ours from 'rxjs-checkpoint';
import type { CheckpointedObservable } from 'rxjs-checkpoint';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

/** `any` alone is both a subtype of everything and a supertype of 1. */
type IsAny<T> = 0 extends 1 & T ? true : false;
function notAny<T>(_: IsAny<T> extends true ? never : 'not any'): void {}

interface Order {
  id: number;
  item: string;
}
declare const orders$: CheckpointedObservable<Order>;
declare const plainOrders$: Observable<Order>;
declare const numbers$: CheckpointedObservable<number>;

// Assignable to RxJS's, with all overloads that are not deprecated.
export const bufferCount: typeof rx.bufferCount = ours.bufferCount;
export const bufferTime: typeof rx.bufferTime = ours.bufferTime;
export const catchError: typeof rx.catchError = ours.catchError;
export const concatMap: typeof rx.concatMap = ours.concatMap;
export const debounceTime: typeof rx.debounceTime = ours.debounceTime;
export const delay: typeof rx.delay = ours.delay;
export const distinctUntilChanged: typeof rx.distinctUntilChanged = ours.distinctUntilChanged;
export const filter: typeof rx.filter = ours.filter;
export const groupBy: typeof rx.groupBy = ours.groupBy;
export const map: typeof rx.map = ours.map;
export const mergeMap: typeof rx.mergeMap = ours.mergeMap;
export const mergeWith: typeof rx.mergeWith = ours.mergeWith;
export const pairwise: typeof rx.pairwise = ours.pairwise;
export const reduce: typeof rx.reduce = ours.reduce;
export const repeat: typeof rx.repeat = ours.repeat;
export const retry: typeof rx.retry = ours.retry;
export const scan: typeof rx.scan = ours.scan;
export const share: typeof rx.share = ours.share;
export const skip: typeof rx.skip = ours.skip;
export const startWith: typeof rx.startWith = ours.startWith;
export const switchMap: typeof rx.switchMap = ours.switchMap;
export const take: typeof rx.take = ours.take;
export const tap: typeof rx.tap = ours.tap;
export const withLatestFrom: typeof rx.withLatestFrom = ours.withLatestFrom;
export const combineLatest: typeof rx.combineLatest = ours.combineLatest;
export const concat: typeof rx.concat = ours.concat;
export const from: typeof rx.from = ours.from;
export const merge: typeof rx.merge = ours.merge;
export const of: typeof rx.of = ours.of;
