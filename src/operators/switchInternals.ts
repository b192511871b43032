import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { Burst } from './base/atOnce.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Inner } from './base/Inner.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { Site } from './base/Site.js';

export interface SwitchState {
  /** Of the next inner. */
  index: number;
}

export interface SwitchSnapshot<I> extends SwitchState {
  readonly inners: InnersSnapshot<I>;
}

/**
 * What switchMap and its relatives do: the latest inner only. `I` is what an inner is projected from, and what it takes to
 * project it again: the value, unless a relative needs more.
 */
export class SwitchCore<T, R, I = T> extends HigherOrderCore<I, R, SwitchState> {
  s: SwitchState = { index: 0 };
  private inner: Inner<I, unknown> | Burst | null = null;
  private isComplete = false;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly projection: (value: I, index: number) => ObservableInput<unknown>,
  ) {
    super(dest, site, sources);
  }

  override onNext(value: T): void {
    this.inner?.unsubscribe();
    this.startInner(this.toProject(value), this.s.index++);
  }

  protected toProject(value: T): I {
    return value as unknown as I;
  }

  override onComplete(): void {
    this.isComplete = true;
    if (this.inner === null) this.dest.complete();
  }

  onInnerComplete(): void {
    this.inner = null;
    if (this.isComplete) this.dest.complete();
  }

  project(value: I, index: number): ObservableInput<unknown> {
    const { projection } = this;
    return projection(value, index);
  }

  override innerStarted(inner: Inner<I, unknown>): void {
    this.inner = inner;
  }

  protected override burstStarted(burst: Burst): void {
    this.inner = burst;
  }

  protected captureState(capture: Capture): SwitchSnapshot<I> {
    return { index: this.s.index, inners: this.captureInners(capture) };
  }

  protected override restoreStructure({ index }: SwitchSnapshot<I>): void {
    this.s.index = index;
  }

  protected restoreState({ inners }: SwitchSnapshot<I>, _revival?: Revival): void {
    this.isComplete = this.isInputDone(0);
    this.restoreInners(inners);
  }
}

export function switchInternals<T, R>(
  operator: string,
  projection: (value: T, index: number) => ObservableInput<R>,
): CheckpointedOperator<T, R> {
  return coreOperator<T, R>({
    operator,
    outlivesConsumer: true,
    create: (dest, site, sources) => new SwitchCore<T, R>(dest, site, sources, projection),
  });
}
