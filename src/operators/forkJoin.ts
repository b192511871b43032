import type { Observable, ObservableInput, ObservableInputTuple, ObservedValueOf, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { combination } from './base/combination.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import { listOrObject, popFunction, toObject } from './base/trailingArguments.js';
import type { Select } from './mapSpread.js';
import { mapSpread } from './mapSpread.js';

/** Tells a type argument of `any` from others, as RxJS's does. */
interface AnyCatcher {
  readonly '~any': unique symbol;
}

/**
 * Emits the last values of all inputs once all of them have completed. When one completes without a value, so does the
 * result.
 *
 * **Checkpoint:** the last value of each input so far, and which inputs are done. A restore goes on with the others.
 *
 * ```text
 * a       -1-3-%|
 * b       ---2-%--4-|
 *         forkJoin([a, b])
 * result  -----%----(x|)      x = [3, 4]
 * ```
 *
 * @example
 * const report$ = forkJoin({ total: total$, count: count$ });
 * @param sources - an array, or an object whose keys the result has. With checkpointed inputs only, the result is
 * checkpointed.
 */
export function forkJoin<T extends AnyCatcher>(arg: T): Observable<unknown>;
export function forkJoin(scheduler: null | undefined): Observable<never>;
export function forkJoin(sources: readonly []): Observable<never>;
export function forkJoin<A extends readonly unknown[]>(
  sources: readonly [...CheckpointedInputTuple<A>],
): CheckpointedObservable<A>;
export function forkJoin<A extends readonly unknown[]>(sources: readonly [...ObservableInputTuple<A>]): Observable<A>;
export function forkJoin<A extends readonly unknown[], R>(
  sources: readonly [...CheckpointedInputTuple<A>],
  resultSelector: (...values: A) => R,
): CheckpointedObservable<R>;
export function forkJoin<A extends readonly unknown[], R>(
  sources: readonly [...ObservableInputTuple<A>],
  resultSelector: (...values: A) => R,
): Observable<R>;
/** @deprecated Pass an array. */
export function forkJoin<A extends readonly unknown[]>(...sources: [...ObservableInputTuple<A>]): Observable<A>;
/** @deprecated Pass an array. */
export function forkJoin<A extends readonly unknown[], R>(
  ...sourcesAndResultSelector: [...ObservableInputTuple<A>, (...values: A) => R]
): Observable<R>;
export function forkJoin(sourcesObject: Record<PropertyKey, never>): Observable<never>;
export function forkJoin<T extends Record<string, CheckpointedObservable<unknown>>>(
  sourcesObject: T,
): CheckpointedObservable<{ [K in keyof T]: ObservedValueOf<T[K]> }>;
export function forkJoin<T extends Record<string, ObservableInput<unknown>>>(
  sourcesObject: T,
): Observable<{ [K in keyof T]: ObservedValueOf<T[K]> }>;
export function forkJoin(...args: unknown[]): Observable<unknown> {
  const select = popFunction(args) as Select | undefined;
  const { inputs, keys } = listOrObject(args);
  const result = combination<unknown>(
    {
      operator: 'forkJoin',
      endsWithInputs: true,
      create: (dest, site, sources) => new ForkJoinCore(dest, site, sources, keys),
    },
    inputs,
  );
  return select === undefined ? result : mapSpread(select)(result);
}

interface ForkJoinState {
  readonly values: unknown[];
  readonly hasValue: boolean[];
}

class ForkJoinCore extends OperatorCore<unknown, ForkJoinState> {
  s: ForkJoinState;
  /** Inputs without a value. */
  private missing: number;
  private active: number;

  constructor(
    dest: Subscriber<unknown>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly keys: readonly string[] | null,
  ) {
    super(dest, site, sources);
    const { length } = sources;
    this.s = { values: new Array<unknown>(length), hasValue: new Array<boolean>(length).fill(false) };
    this.missing = this.active = length;
  }

  protected override begin(): void {
    if (this.sources.length === 0) this.dest.complete();
    else super.begin();
  }

  override onNext(value: unknown, input: number): void {
    const { values, hasValue } = this.s;
    values[input] = value;
    if (hasValue[input] === true) return;
    hasValue[input] = true;
    this.missing--;
  }

  override onComplete(input: number): void {
    const { values, hasValue } = this.s;
    if (--this.active > 0 && hasValue[input] === true) return;
    if (this.missing === 0) this.dest.next(this.keys === null ? values : toObject(this.keys, values));
    this.dest.complete();
  }

  /** After the teardown, where RxJS catches nothing. */
  override handsOn(end: 'complete' | 'error'): boolean {
    return end === 'complete' || super.handsOn(end);
  }

  /** The end of an input is looked at once it has been torn down. */
  protected override get unsubscribesFirst(): boolean {
    return true;
  }

  protected captureState(capture: Capture): ForkJoinState {
    const { values, hasValue } = this.s;
    const held = hasValue.map((has, i) => (has ? capture.held(values[i], `values[${i}]`) : null));
    Object.freeze(held);
    return { values: held, hasValue: Object.freeze([...hasValue]) as boolean[] };
  }

  protected restoreState(state: ForkJoinState, revival: Revival): void {
    const values = new Array<unknown>(state.values.length);
    state.hasValue.forEach((has, i) => has && (values[i] = revival.held(state.values[i])));
    this.s = { values, hasValue: [...state.hasValue] };
    this.missing = state.hasValue.filter((has) => !has).length;
    this.active = this.sources.filter((_, index) => !this.isInputDone(index)).length;
  }
}
