import type { ObservableInput, ObservedValueOf, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Inner, InnersSnapshot } from './base/HigherOrderCore.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { Site } from './base/Site.js';
import type { ResultSelector } from './projectWithResult.js';
import { projectWithResult } from './projectWithResult.js';

/**
 * Projects each value to an inner Observable and emits what the latest one emits.
 *
 * **Checkpoint:** the value and index of the active inner, and the inner's own state. A restore calls `project` again
 * for it: a checkpointed inner goes on where it was; any other is subscribed again, and as many of its values are
 * skipped as it had emitted (a promise is made anew).
 *
 * ```text
 * source  -a----%-b-----|
 *         switchMap(x => inner(x))
 * result  --1-2-%--1-2-3|
 * ```
 *
 * @example
 * const results$ = queries$.pipe(switchMap((query) => search(query)));
 * @param project - gives what to subscribe to; also gets the index of the value.
 * @throws what `project` throws, and errors of inners, go to the subscriber.
 */
export function switchMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function switchMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: undefined,
): CheckpointedOperator<T, ObservedValueOf<O>>;
/** @deprecated Use an inner `map` instead of a result selector. */
export function switchMap<T, R, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector: ResultSelector<T, O, R>,
): CheckpointedOperator<T, R>;
export function switchMap<T, R, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  resultSelector?: ResultSelector<T, O, R>,
): CheckpointedOperator<T, ObservedValueOf<O> | R> {
  type Result = ObservedValueOf<O> | R;
  const projection = (resultSelector === undefined ? project : projectWithResult(project, resultSelector)) as (
    value: T,
    index: number,
  ) => ObservableInput<Result>;
  return coreOperator<T, Result>({
    operator: 'switchMap',
    outlivesConsumer: true,
    create: (dest, site, sources) => new SwitchCore<T, Result>(dest, site, sources, projection),
  });
}

interface SwitchState {
  /** Of the next inner. */
  index: number;
}

interface SwitchSnapshot<T> extends SwitchState {
  readonly inners: InnersSnapshot<T>;
}

class SwitchCore<T, R> extends HigherOrderCore<T, R, SwitchState> {
  s: SwitchState = { index: 0 };
  private inner: Inner<T, unknown> | null = null;
  private isComplete = false;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly projection: (value: T, index: number) => ObservableInput<R>,
  ) {
    super(dest, site, sources);
  }

  onNext(value: T): void {
    this.inner?.unsubscribe();
    this.subscribeInner(value, this.s.index++);
  }

  onComplete(): void {
    this.isComplete = true;
    if (this.inner === null) this.dest.complete();
  }

  onInnerNext(value: unknown): void {
    this.dest.next(value as R);
  }

  onInnerComplete(): void {
    this.inner = null;
    if (this.isComplete) this.dest.complete();
  }

  protected project(value: T, index: number): ObservableInput<unknown> {
    const { projection } = this;
    return projection(value, index);
  }

  protected override innerStarted(inner: Inner<T, unknown>): void {
    this.inner = inner;
  }

  protected captureState(capture: Capture): SwitchSnapshot<T> {
    return { index: this.s.index, inners: this.captureInners(capture) };
  }

  protected override restoreStructure({ index }: SwitchSnapshot<T>): void {
    this.s = { index };
  }

  protected restoreState({ inners }: SwitchSnapshot<T>): void {
    this.isComplete = this.isInputDone(0);
    this.restoreInners(inners);
  }
}
