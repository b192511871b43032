import type { Observable, ObservableInput, ObservableInputTuple, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { combination } from './base/combination.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import { argumentsOrArray, popFunction } from './base/trailingArguments.js';

/**
 * Emits the first values of all inputs together, then the second ones, and so on. It completes when an input has, and
 * all of that input's values were used.
 *
 * **Checkpoint:** the values of each input that wait for the others, and which inputs are done. A restore repeats nothing.
 *
 * ```text
 * a       -1-2-%---3-|
 * b       ---4-%-5---|
 *         zip(a, b)
 * result  ---x-%-y---|      x = [1, 4], y = [2, 5]
 * ```
 *
 * @example
 * const pairs$ = zip(requests$, replies$);
 * @param sources - an array of them does as well. With checkpointed inputs only, the result is checkpointed.
 */
export function zip<A extends readonly unknown[]>(sources: [...CheckpointedInputTuple<A>]): CheckpointedObservable<A>;
export function zip<A extends readonly unknown[]>(sources: [...ObservableInputTuple<A>]): Observable<A>;
export function zip<A extends readonly unknown[], R>(
  sources: [...CheckpointedInputTuple<A>],
  resultSelector: (...values: A) => R,
): CheckpointedObservable<R>;
export function zip<A extends readonly unknown[], R>(
  sources: [...ObservableInputTuple<A>],
  resultSelector: (...values: A) => R,
): Observable<R>;
export function zip<A extends readonly unknown[]>(
  ...sources: [...CheckpointedInputTuple<A>]
): CheckpointedObservable<A>;
export function zip<A extends readonly unknown[]>(...sources: [...ObservableInputTuple<A>]): Observable<A>;
export function zip<A extends readonly unknown[], R>(
  ...sourcesAndResultSelector: [...ObservableInputTuple<A>, (...values: A) => R]
): Observable<R>;
export function zip(...args: unknown[]): Observable<unknown> {
  const select = popFunction(args) as Select;
  return combination<unknown>(
    { operator: 'zip', create: (dest, site, sources) => new ZipCore(dest, site, sources, select) },
    argumentsOrArray<ObservableInput<unknown>>(args),
  );
}

export type Select = ((...values: unknown[]) => unknown) | undefined;

interface ZipState {
  /** By input: the values that wait for the others. */
  readonly buffers: readonly unknown[][];
}

export class ZipCore<R> extends OperatorCore<R, ZipState> {
  s: ZipState;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly select: Select,
  ) {
    super(dest, site, sources);
    this.s = { buffers: sources.map(() => []) };
  }

  protected override begin(): void {
    if (this.sources.length === 0) return this.dest.complete();
    for (let i = 0; i < this.sources.length && !this.dest.closed; i++) this.subscribeInput(i);
  }

  onNext(value: unknown, input: number): void {
    const { buffers } = this.s;
    buffers[input]!.push(value);
    for (const buffer of buffers) if (buffer.length === 0) return;
    const { select } = this;
    const values = buffers.map((buffer) => buffer.shift());
    const result = select === undefined ? values : select(...values);
    this.dest.next(result as R);
    for (let i = 0; i < buffers.length; i++)
      if (buffers[i]!.length === 0 && this.isInputDone(i)) return this.dest.complete();
  }

  onComplete(input: number): void {
    if (this.s.buffers[input]!.length === 0) this.dest.complete();
  }

  protected captureState(capture: Capture): ZipState {
    const buffers = this.s.buffers.map((buffer, i) =>
      Object.freeze(buffer.map((value, j) => capture.held(value, `buffers[${i}][${j}]`))),
    );
    return Object.freeze({ buffers: Object.freeze(buffers) as unknown as readonly unknown[][] });
  }

  protected restoreState({ buffers }: ZipState, revival: Revival): void {
    this.s = { buffers: buffers.map((buffer) => buffer.map((value) => revival.held(value))) };
  }
}
