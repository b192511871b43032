import type { ObservableInput, ObservableInputTuple, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import { popFunction } from './base/trailingArguments.js';

/**
 * Emits each value together with the latest values of the other inputs, once each of them has one.
 *
 * **Checkpoint:** the latest value of each other input, and which inputs are done. A restore goes on with the others; a
 * plain one is subscribed again, and skipped by what it had emitted.
 *
 * ```text
 * source  -1---3-%-4--|
 * other   ---2---%--5-|
 *         withLatestFrom(other)
 * result  -----x-%-y--|      x = [3, 2], y = [4, 2]
 * ```
 *
 * @example
 * const priced$ = orders$.pipe(withLatestFrom(rates$, (order, rate) => order.amount * rate));
 * @param inputs - the other inputs; a function at the end makes the value to emit of them.
 */
export function withLatestFrom<T, O extends unknown[]>(
  ...inputs: [...ObservableInputTuple<O>]
): CheckpointedOperator<T, [T, ...O]>;
export function withLatestFrom<T, O extends unknown[], R>(
  ...inputs: [...ObservableInputTuple<O>, (...value: [T, ...O]) => R]
): CheckpointedOperator<T, R>;
export function withLatestFrom<T>(...inputs: unknown[]): CheckpointedOperator<T, unknown> {
  const args = [...inputs];
  const project = popFunction(args) as ((...values: unknown[]) => unknown) | undefined;
  return coreOperator<T, unknown>(
    {
      operator: 'withLatestFrom',
      endsWithInputs: true,
      create: (dest, site, sources) => new WithLatestFromCore(dest, site, sources, project),
    },
    args as ObservableInput<unknown>[],
  );
}

interface WithLatestFromState {
  /** Of the others: `[0]` belongs to input 1. */
  readonly values: unknown[];
  readonly hasValue: boolean[];
}

class WithLatestFromCore extends OperatorCore<unknown, WithLatestFromState> {
  s: WithLatestFromState;
  private isReady = false;

  constructor(
    dest: Subscriber<unknown>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly project: ((...values: unknown[]) => unknown) | undefined,
  ) {
    super(dest, site, sources);
    const others = sources.length - 1;
    this.s = { values: new Array<unknown>(others), hasValue: new Array<boolean>(others).fill(false) };
  }

  /** The others first, or the values that come at once would find nothing. */
  protected override subscribeOrder(): number[] {
    return [...this.sources.keys()].slice(1).concat(0);
  }

  override onNext(value: unknown, input: number): void {
    if (input === 0) return this.emit(value);
    const { values, hasValue } = this.s;
    values[input - 1] = value;
    if (this.isReady || hasValue[input - 1] === true) return;
    hasValue[input - 1] = true;
    this.isReady = hasValue.every(Boolean);
  }

  private emit(value: unknown): void {
    if (!this.isReady) return;
    const { project } = this;
    const values = [value, ...this.s.values];
    this.out.next(project === undefined ? values : project(...values));
  }

  protected captureState(capture: Capture): WithLatestFromState {
    const { values, hasValue } = this.s;
    const held = hasValue.map((has, i) => (has ? capture.held(values[i], `values[${i}]`) : null));
    Object.freeze(held);
    return { values: held, hasValue: Object.freeze([...hasValue]) as boolean[] };
  }

  protected restoreState(state: WithLatestFromState, revival: Revival): void {
    const values = new Array<unknown>(state.values.length);
    state.hasValue.forEach((has, i) => has && (values[i] = revival.held(state.values[i])));
    this.s = { values, hasValue: [...state.hasValue] };
    this.isReady = state.hasValue.length > 0 && state.hasValue.every(Boolean);
  }
}
