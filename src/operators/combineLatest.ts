import type {
  Observable,
  ObservableInput,
  ObservableInputTuple,
  ObservedValueOf,
  SchedulerLike,
  Subscriber,
} from 'rxjs';
import { from } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { combination } from './base/combination.js';
import type { Input } from './base/OperatorCore.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Outlet } from './base/Outlet.js';
import { ForeignOutlet } from './base/Outlet.js';
import type { Site } from './base/Site.js';
import { listOrObject, popFunction, popScheduler, toObject } from './base/trailingArguments.js';
import type { Select } from './mapSpread.js';
import { mapSpread } from './mapSpread.js';

/** Tells a type argument of `any` from others, as RxJS's does. */
interface AnyCatcher {
  readonly '~any': unique symbol;
}

/**
 * Emits the latest values of all inputs whenever one of them emits, once each has.
 *
 * **Checkpoint:** the latest value of each input, and which inputs are done. A restore goes on with the others. In a job the
 * deprecated scheduler has no effect; put `observeOn` and `subscribeOn` behind the inputs.
 *
 * ```text
 * a       -1---%-3---|
 * b       ---2-%---4-|
 *         combineLatest([a, b])
 * result  ---x-%-y-z-|      x = [1, 2], y = [3, 2], z = [3, 4]
 * ```
 *
 * @example
 * const view$ = combineLatest({ totals: totals$, filter: filter$ });
 * @param sources - an array, or an object whose keys the result has. With checkpointed inputs only, the result is
 * checkpointed.
 */
export function combineLatest<T extends AnyCatcher>(arg: T): Observable<unknown>;
export function combineLatest<A extends readonly [unknown, ...unknown[]]>(
  sources: readonly [...CheckpointedInputTuple<A>],
): CheckpointedObservable<A>;
export function combineLatest(sources: []): Observable<never>;
export function combineLatest<T>(sources: readonly CheckpointedObservable<T>[]): CheckpointedObservable<T[]>;
export function combineLatest<A extends readonly unknown[]>(
  sources: readonly [...ObservableInputTuple<A>],
): Observable<A>;
/** @deprecated Use `scheduled` of rxjs and `combineLatestAll` instead of a scheduler. */
export function combineLatest<A extends readonly unknown[], R>(
  sources: readonly [...ObservableInputTuple<A>],
  resultSelector: (...values: A) => R,
  scheduler: SchedulerLike,
): Observable<R>;
export function combineLatest<A extends readonly unknown[], R>(
  sources: readonly [...CheckpointedInputTuple<A>],
  resultSelector: (...values: A) => R,
): CheckpointedObservable<R>;
export function combineLatest<A extends readonly unknown[], R>(
  sources: readonly [...ObservableInputTuple<A>],
  resultSelector: (...values: A) => R,
): Observable<R>;
/** @deprecated Use `scheduled` of rxjs and `combineLatestAll` instead of a scheduler. */
export function combineLatest<A extends readonly unknown[]>(
  sources: readonly [...ObservableInputTuple<A>],
  scheduler: SchedulerLike,
): Observable<A>;
/** @deprecated Pass an array. */
export function combineLatest<A extends readonly unknown[]>(...sources: [...ObservableInputTuple<A>]): Observable<A>;
/** @deprecated Use `scheduled` of rxjs and `combineLatestAll` instead of a scheduler. */
export function combineLatest<A extends readonly unknown[], R>(
  ...sourcesAndResultSelectorAndScheduler: [...ObservableInputTuple<A>, (...values: A) => R, SchedulerLike]
): Observable<R>;
/** @deprecated Pass an array. */
export function combineLatest<A extends readonly unknown[], R>(
  ...sourcesAndResultSelector: [...ObservableInputTuple<A>, (...values: A) => R]
): Observable<R>;
/** @deprecated Use `scheduled` of rxjs and `combineLatestAll` instead of a scheduler. */
export function combineLatest<A extends readonly unknown[]>(
  ...sourcesAndScheduler: [...ObservableInputTuple<A>, SchedulerLike]
): Observable<A>;
export function combineLatest(sourcesObject: Record<PropertyKey, never>): Observable<never>;
export function combineLatest<T extends Record<string, CheckpointedObservable<unknown>>>(
  sourcesObject: T,
): CheckpointedObservable<{ [K in keyof T]: ObservedValueOf<T[K]> }>;
export function combineLatest<T extends Record<string, ObservableInput<unknown>>>(
  sourcesObject: T,
): Observable<{ [K in keyof T]: ObservedValueOf<T[K]> }>;
export function combineLatest(...args: unknown[]): Observable<unknown> {
  const scheduler = popScheduler(args);
  const resultSelector = popFunction(args) as Select | undefined;
  const { inputs, keys } = listOrObject(args);
  if (inputs.length === 0) return from([], scheduler);
  const result = combination<unknown>(
    {
      operator: 'combineLatest',
      endsWithInputs: scheduler === undefined,
      create: (dest, site, sources) => new CombineLatestCore(dest, site, sources, keys, scheduler),
    },
    inputs,
  );
  return resultSelector === undefined ? result : mapSpread(resultSelector)(result);
}

interface CombineLatestState {
  readonly values: unknown[];
  readonly hasValue: boolean[];
}

/** What combineLatest and its operator forms do. */
export class CombineLatestCore extends OperatorCore<unknown, CombineLatestState> {
  s: CombineLatestState;
  private missing: number;
  private active: number;

  constructor(
    dest: Subscriber<unknown>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly keys: readonly string[] | null,
    private readonly scheduler: SchedulerLike | undefined,
  ) {
    super(dest, site, sources);
    this.s = { values: new Array<unknown>(sources.length), hasValue: sources.map(() => false) };
    this.missing = this.active = sources.length;
  }

  protected override begin(): void {
    const { scheduler, dest, site } = this;
    if (scheduler === undefined || site !== null) return super.begin();
    dest.add(
      scheduler.schedule(
        () => this.sources.forEach((_, index) => dest.add(scheduler.schedule(() => this.subscribeInput(index), 0))),
        0,
      ),
    );
  }

  protected override convert(source: ObservableInput<unknown>): Observable<unknown> {
    return from(source, this.scheduler);
  }

  override onNext(value: unknown, input: number): void {
    const { values, hasValue } = this.s;
    values[input] = value;
    if (hasValue[input] !== true) {
      hasValue[input] = true;
      this.missing--;
    }
    if (this.missing === 0) this.out.next(this.keys === null ? values.slice() : toObject(this.keys, values));
  }

  override passageOf(input: Input<unknown>): Outlet<unknown> {
    return new ForeignOutlet(input, fill);
  }

  override onComplete(): void {
    if (--this.active === 0) this.dest.complete();
  }

  protected captureState(capture: Capture): CombineLatestState {
    const { values, hasValue } = this.s;
    const held = hasValue.map((has, i) => (has ? capture.held(values[i], `values[${i}]`) : null));
    Object.freeze(held);
    return { values: held, hasValue: Object.freeze([...hasValue]) as boolean[] };
  }

  protected restoreState(state: CombineLatestState, revival: Revival): void {
    const values = new Array<unknown>(state.values.length);
    state.hasValue.forEach((has, i) => has && (values[i] = revival.held(state.values[i])));
    this.s = { values, hasValue: [...state.hasValue] };
    this.missing = state.hasValue.filter((has) => !has).length;
    this.active = this.sources.filter((_, index) => !this.isInputDone(index)).length;
  }
}

function fill(this: ForeignOutlet<unknown, Input<unknown>>, value: unknown): void {
  const { core, index } = this.dest;
  (core as CombineLatestCore).onNext(value, index);
}
