import type { Observable, ObservableInput, ObservableInputTuple, SchedulerLike } from 'rxjs';
import { from } from 'rxjs';

import type { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CheckpointedInputTuple } from './base/combination.js';
import { combination } from './base/combination.js';
import { popNumber, popScheduler } from './base/trailingArguments.js';
import { mergeScheduled } from './mergeScheduled.js';
import { MergeInputsCore } from './MergeInputsCore.js';

/**
 * Emits what all inputs emit, as it comes.
 *
 * **Checkpoint:** which inputs are active, waiting or done. A restore goes on with those that were active.
 *
 * ```text
 * a       -1---%-3--|
 * b       ---2-%---4|
 *         merge(a, b)
 * result  -1-2-%-3-4|
 * ```
 *
 * @example
 * const all$ = merge(orders$, cancellations$);
 * @param sources - at the end a number may follow: how many inputs at a time at most. With checkpointed inputs only,
 * the result is checkpointed.
 */
export function merge<A extends readonly unknown[]>(
  ...sources: [...CheckpointedInputTuple<A>]
): CheckpointedObservable<A[number]>;
export function merge<A extends readonly unknown[]>(
  ...sourcesAndConcurrency: [...CheckpointedInputTuple<A>, number]
): CheckpointedObservable<A[number]>;
export function merge<A extends readonly unknown[]>(...sources: [...ObservableInputTuple<A>]): Observable<A[number]>;
export function merge<A extends readonly unknown[]>(
  ...sourcesAndConcurrency: [...ObservableInputTuple<A>, number?]
): Observable<A[number]>;
/** @deprecated Use `scheduled` of rxjs and `mergeAll` instead of a scheduler. */
export function merge<A extends readonly unknown[]>(
  ...sourcesAndScheduler: [...ObservableInputTuple<A>, SchedulerLike?]
): Observable<A[number]>;
/** @deprecated Use `scheduled` of rxjs and `mergeAll` instead of a scheduler. */
export function merge<A extends readonly unknown[]>(
  ...sourcesAndConcurrencyAndScheduler: [...ObservableInputTuple<A>, number?, SchedulerLike?]
): Observable<A[number]>;
export function merge(...args: unknown[]): Observable<unknown> {
  const scheduler = popScheduler(args);
  const concurrent = popNumber(args) ?? Infinity;
  const sources = args as ObservableInput<unknown>[];
  const [only] = sources;
  if (sources.length === 1) return from(only!);
  if (scheduler !== undefined && sources.length > 0) return mergeScheduled('merge', sources, concurrent, scheduler);
  return mergeInputs('merge', sources, concurrent);
}

/** At most `concurrent` of the inputs at a time, in their order. */
export function mergeInputs(
  operator: string,
  sources: readonly ObservableInput<unknown>[],
  concurrent: number,
): Observable<unknown> {
  return combination(
    {
      operator,
      endsWithInputs: true,
      create: (dest, site, inputs) => new MergeInputsCore(dest, site, inputs, concurrent),
    },
    sources,
  );
}
