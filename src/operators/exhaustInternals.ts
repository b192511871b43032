import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { Site } from './base/Site.js';

interface ExhaustState {
  /** Of the next inner. */
  index: number;
  isActive: boolean;
}

interface ExhaustSnapshot<T> {
  readonly index: number;
  readonly inners: InnersSnapshot<T>;
}

/** What exhaustMap and exhaustAll do: values that come while an inner is active are ignored. */
class ExhaustCore<T, R> extends HigherOrderCore<T, R, ExhaustState> {
  s: ExhaustState = { index: 0, isActive: false };

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly projection: (value: T, index: number) => ObservableInput<R>,
  ) {
    super(dest, site, sources);
  }

  override onNext(value: T): void {
    const { s } = this;
    if (s.isActive) return;
    // First: the projection may emit to the source.
    s.isActive = true;
    this.startInner(value, s.index++);
  }

  override onComplete(): void {
    if (!this.s.isActive) this.dest.complete();
  }

  onInnerComplete(): void {
    this.s.isActive = false;
    if (this.isInputDone(0)) this.dest.complete();
  }

  project(value: T, index: number): ObservableInput<unknown> {
    const { projection } = this;
    return projection(value, index);
  }

  protected captureState(capture: Capture): ExhaustSnapshot<T> {
    return { index: this.s.index, inners: this.captureInners(capture) };
  }

  protected override restoreStructure({ index, inners }: ExhaustSnapshot<T>): void {
    this.s = { index, isActive: inners.active.length > 0 };
  }

  protected restoreState({ inners }: ExhaustSnapshot<T>): void {
    this.restoreInners(inners);
  }
}

export function exhaustInternals<T, R>(
  operator: string,
  projection: (value: T, index: number) => ObservableInput<R>,
): CheckpointedOperator<T, R> {
  return coreOperator<T, R>({
    operator,
    outlivesConsumer: true,
    create: (dest, site, sources) => new ExhaustCore<T, R>(dest, site, sources, projection),
  });
}
