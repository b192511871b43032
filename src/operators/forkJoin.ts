import type { Observable, ObservableInput, ObservableInputTuple, ObservedValueOf, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import type { CoreDefinition } from './base/coreOperator.js';
import { combination } from './base/combination.js';
import type { Input } from './base/OperatorCore.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Outlet } from './base/Outlet.js';
import { ForeignOutlet } from './base/Outlet.js';
import type { Site } from './base/Site.js';
import { listOrObject, popFunction } from './base/trailingArguments.js';
import { join, LastValues, NONE } from './Joining.js';
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
  const result = combination(new ForkJoinDefinition(keys), inputs);
  return select === undefined ? result : mapSpread(select)(result);
}

class ForkJoinDefinition implements CoreDefinition<unknown> {
  constructor(private readonly keys: readonly string[] | null) {}

  get operator(): string {
    return 'forkJoin';
  }

  get endsWithInputs(): boolean {
    return true;
  }

  subscribe(dest: Subscriber<unknown>, sources: readonly ObservableInput<unknown>[]): void {
    join(dest, sources, this.keys);
  }

  create(dest: Subscriber<unknown>, site: Site, sources: readonly ObservableInput<unknown>[]): ForkJoinCore {
    return new ForkJoinCore(dest, site, sources, this.keys);
  }
}

interface ForkJoinSnapshot {
  readonly values: readonly unknown[];
  readonly hasValue: readonly boolean[];
}

/** What `forkJoin` does in a job. */
class ForkJoinCore extends OperatorCore<unknown, LastValues> {
  s: LastValues;
  /** All inputs before this one have ended. */
  private doneBefore = 0;

  constructor(
    dest: Subscriber<unknown>,
    site: Site,
    sources: readonly ObservableInput<unknown>[],
    keys: readonly string[] | null,
  ) {
    super(dest, site, sources);
    this.s = new LastValues(dest, sources.length, keys);
  }

  protected override begin(): void {
    if (this.sources.length === 0) this.dest.complete();
    else super.begin();
  }

  override onNext(value: unknown, input: number): void {
    this.s.set(input, value);
  }

  override passageOf(input: Input<unknown>): Outlet<unknown> {
    return new ForeignOutlet(input, set);
  }

  override onComplete(input: number): void {
    this.countActive();
    this.s.ended(input);
  }

  /** Of an input whose teardown has thrown nothing else tells that it has ended. Counts those as active, too, that ended behind one that is. */
  private countActive(): void {
    const { length } = this.sources;
    while (this.doneBefore < length && this.isInputDone(this.doneBefore)) this.doneBefore++;
    this.s.active = length - this.doneBefore;
  }

  /** After the teardown, where RxJS catches nothing. */
  override handsOn(end: 'complete' | 'error', input: number): boolean {
    return end === 'complete' || super.handsOn(end, input);
  }

  /** The end of an input is looked at once it has been torn down. */
  protected override get unsubscribesFirst(): boolean {
    return true;
  }

  protected captureState(capture: Capture): ForkJoinSnapshot {
    const { values } = this.s;
    return {
      values: Object.freeze(values.map((value, i) => (value === NONE ? null : capture.held(value, `values[${i}]`)))),
      hasValue: Object.freeze(values.map((value) => value !== NONE)),
    };
  }

  protected restoreState({ values, hasValue }: ForkJoinSnapshot, revival: Revival): void {
    const { s } = this;
    hasValue.forEach((has, i) => has && s.set(i, revival.held(values[i])));
    this.countActive();
  }
}

function set(this: ForeignOutlet<unknown, Input<unknown>>, value: unknown): void {
  const { core, index } = this.dest;
  (core as ForkJoinCore).s.set(index, value);
}
