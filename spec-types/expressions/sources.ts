// What the expressions in this folder are about. Their streams are made by the library that is compared.
import type * as rx from 'rxjs';
import * as lib from 'rxjs-checkpoint';

export interface A {
  readonly a: 1;
}
export interface B {
  readonly b: 2;
}
export interface C {
  readonly c: 3;
}
interface Deep {
  readonly x: { readonly y: { readonly z: { readonly u: { readonly v: { readonly w: { readonly more: string } } } } } };
}

export declare const a: A;
export declare const b: B;
export declare const c: C;
export declare const d: 4;
export declare const e: 'e';
export declare const f: true;
export declare const g: Date;
export declare const h: readonly number[];
export declare const i: null;
export declare const j: undefined;
export declare const pair: readonly [A, B];
export declare const many: readonly A[];
export declare const record: Record<string, A>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what becomes of it is compared
export declare const anything: any;
export declare const as: boolean;
export declare const never: () => never;
export declare const identity: <T>(value: T) => T;
export declare const valueIn: <T>(input: rx.Observable<T>) => T;
export declare const keys: string[];
export declare const isString: (value: string | number) => value is string;
export declare const thisArg: { readonly x: number };
export declare const scheduler: rx.SchedulerLike;
export declare const subscription: rx.Subscription;
export declare const subject: rx.Subject<A>;

export declare const iterable: Iterable<A>;
export declare const asyncIterable: AsyncIterable<A>;
export declare const generator: () => Generator<A, B, C>;
export declare const stream: rx.ReadableStreamLike<A>;
export declare const readable: ReadableStream<A>;
export declare const interop: rx.InteropObservable<A>;
export declare const typed: Uint8Array;
export declare const subscribable: rx.Subscribable<A>;
export declare const promiseLike: PromiseLike<A>;
export declare const maybeInput: rx.ObservableInput<A> | undefined;
export declare const union: rx.Observable<A> | Promise<B>;
export declare const plain$: rx.Observable<B>;
export declare const plainA$: rx.Observable<A>;

export declare const target: EventTarget;
export declare const nodeTarget: {
  addListener: (name: string | symbol, handler: (...args: unknown[]) => void) => unknown;
  removeListener: (name: string | symbol, handler: (...args: unknown[]) => void) => unknown;
};
export declare const jQueryTarget: {
  on: (name: string, handler: (this: A, event: B, ...args: unknown[]) => unknown) => void;
  off: (name: string, handler: (this: A, event: B, ...args: unknown[]) => unknown) => void;
};
export declare const add: (handler: (value: A) => void) => C;
export declare const remove: (handler: (value: A) => void, signal?: C) => void;

const emitting = <T>() => lib.from({} as rx.Observable<T>);
export const a$ = emitting<A>();
export const b$ = emitting<B>();
export const c$ = emitting<C>();
export const d$ = emitting<4>();
export const e$ = emitting<'e'>();
export const f$ = emitting<true>();
export const g$ = emitting<Date>();
export const h$ = emitting<readonly number[]>();
export const i$ = emitting<null>();
export const j$ = emitting<undefined>();
export const n$ = emitting<number>();
export const bools$ = emitting<boolean>();
export const maybe$ = emitting<A | null | undefined | 0 | ''>();
export const mixed$ = emitting<string | number>();
export const union$ = emitting<A | B>();
export const unknown$ = emitting<unknown>();
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what becomes of it is compared
export const any$ = emitting<any>();
export const deep$ = emitting<Deep>();
export const notifications$ = emitting<rx.ObservableNotification<A>>();
export const someNotifications$ = emitting<rx.NextNotification<A> | rx.CompleteNotification>();
export const of$ = lib.of(b$);
export const ofArrays$ = emitting<B[]>();
export const ofPromises$ = emitting<Promise<B>>();
export const ofStrings$ = emitting<string>();
export const ofMixed$ = emitting<rx.Observable<A> | B[]>();
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the same
export const ofAny$ = emitting<rx.Observable<any>>();
export const pairOf = [a$, b$] as const;
export const manyOf = [a$];
export const dictionary: Record<string, typeof a$> = {};
export const maybeDictionary: { x: typeof a$; y?: typeof b$ } = { x: a$ };
export declare const usersOperator: <T>() => lib.OperatorFunction<T, T[]>;
export declare const usersFilter: <T>() => lib.MonoTypeOperatorFunction<T>;
/** An operator for values of one kind, which gives others. */
export declare function step<I extends string, O extends string>(input: I, output: O): lib.OperatorFunction<I, O>;
export declare const stockOperator: rx.OperatorFunction<A, B>;
export declare const rxLikeOperator: <T>() => rx.OperatorFunction<T, T[]>;
