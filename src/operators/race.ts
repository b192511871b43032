import type { Observable, ObservableInput, ObservableInputTuple } from 'rxjs';
import { from } from 'rxjs';

import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { combination } from './base/combination.js';
import { OperatorCore } from './base/OperatorCore.js';
import { argumentsOrArray } from './base/trailingArguments.js';

/**
 * Emits what the input emits that is the first to emit anything; the others are left at that moment.
 *
 * **Checkpoint:** which input has won. A restore goes on with it, or with all while none has.
 *
 * ```text
 * a       ---1-%-2-|
 * b       -3---%-4-|
 *         race(a, b)
 * result  -3---%-4-|
 * ```
 *
 * @example
 * const price$ = race(fastFeed$, slowFeed$);
 * @param inputs - an array of them does as well. With checkpointed inputs only, the result is checkpointed.
 */
export function race<T extends readonly unknown[]>(
  inputs: [...CheckpointedInputTuple<T>],
): CheckpointedObservable<T[number]>;
export function race<T extends readonly unknown[]>(inputs: [...ObservableInputTuple<T>]): Observable<T[number]>;
export function race<T extends readonly unknown[]>(
  ...inputs: [...CheckpointedInputTuple<T>]
): CheckpointedObservable<T[number]>;
export function race<T extends readonly unknown[]>(...inputs: [...ObservableInputTuple<T>]): Observable<T[number]>;
export function race(...args: unknown[]): Observable<unknown> {
  const inputs = argumentsOrArray<ObservableInput<unknown>>(args);
  if (inputs.length === 1) return from(inputs[0]!);
  return combination<unknown>(
    { operator: 'race', create: (dest, site, sources) => new RaceCore(dest, site, sources) },
    inputs,
  );
}

interface RaceState {
  /** Null as long as there is none. */
  winner: number | null;
}

export class RaceCore<R> extends OperatorCore<R, RaceState> {
  s: RaceState = { winner: null };

  protected override begin(): void {
    for (let i = 0; i < this.sources.length && this.s.winner === null && !this.dest.closed; i++) this.subscribeInput(i);
  }

  onNext(value: unknown, input: number): void {
    if (this.s.winner === null) this.win(input);
    this.dest.next(value as R);
  }

  private win(winner: number): void {
    this.s.winner = winner;
    this.inputs.forEach((input, i) => i !== winner && input?.unsubscribe());
  }

  onComplete(): void {
    this.dest.complete();
  }

  protected captureState(): RaceState {
    return Object.freeze({ ...this.s });
  }

  protected override restoreStructure({ winner }: RaceState): void {
    this.s = { winner };
  }

  protected restoreState(): void {}
}
