import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { Run } from '../checkpoint/protocol/Run.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { Fifo } from './base/Fifo.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import { DEEPEST_NESTING } from './base/nesting.js';
import type { Site } from './base/Site.js';

/** With more values waiting for their turn than this, the sources above are paused. */
const MOST_WAITING = 1_024;

export interface MergeState<T> {
  /** Of the next inner. */
  index: number;
  active: number;
  readonly waiting: Fifo<T>;
}

export interface MergeSnapshot<T, I = T> {
  readonly index: number;
  readonly waiting: readonly T[];
  readonly inners: InnersSnapshot<I>;
}

/**
 * What mergeMap, concatMap and their relatives do: at most `concurrent` inners at a time, the other values wait.
 *
 * `I` is what an inner is projected from, and what it takes to project it again: the value, unless a relative needs more.
 */
export class MergeCore<T, R, I = T> extends HigherOrderCore<I, R, MergeState<T>> {
  s: MergeState<T> = { index: 0, active: 0, waiting: new Fifo() };
  private isComplete = false;
  private nesting = 0;
  private isHoldingBack = false;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly projection: (value: I, index: number) => ObservableInput<unknown>,
    private readonly concurrent: number,
  ) {
    super(dest, site, sources);
  }

  override onNext(value: T, _input?: number): void {
    const { s } = this;
    if (s.active < this.concurrent) return this.start(value);
    s.waiting.push(value);
    if (s.waiting.length > MOST_WAITING && !this.isHoldingBack) this.holdBack();
  }

  override onComplete(_input?: number): void {
    this.isComplete = true;
    this.completeIfDone();
  }

  onInnerComplete(): void {
    this.s.active--;
    this.drain();
    this.completeIfDone();
  }

  project(value: I, index: number): ObservableInput<unknown> {
    const { projection } = this;
    return projection(value, index);
  }

  /** An inner is unsubscribed before the next one starts. */
  override get innerUnsubscribesFirst(): boolean {
    return true;
  }

  protected start(value: T): void {
    const { s } = this;
    s.active++;
    this.startInner(this.toProject(value), s.index++);
  }

  protected toProject(value: T): I {
    return value as unknown as I;
  }

  /** Starts one that has waited. */
  protected startWaiting(value: T): void {
    this.start(value);
  }

  private drain(): void {
    const { s } = this;
    if (this.nesting === DEEPEST_NESTING) return;
    this.nesting++;
    try {
      while (s.waiting.length > 0 && s.active < this.concurrent) this.startWaiting(s.waiting.shift());
    } finally {
      this.nesting--;
    }
    if (this.isHoldingBack && s.waiting.length <= MOST_WAITING / 2) this.letFlow();
  }

  /** More may be active at a time than at the checkpoint: those that wait go first. */
  private queueWaiting(run: Run): void {
    run.connecting.queueOverdue(() => {
      if (!this.dest.closed) run.turn(() => this.drain());
    });
  }

  private completeIfDone(): void {
    const { s } = this;
    if (this.isComplete && s.waiting.length === 0 && s.active === 0) this.finish();
  }

  protected finish(): void {
    this.dest.complete();
  }

  private holdBack(): void {
    this.isHoldingBack = true;
    this.inputs[0]?.upstream?.pause();
  }

  private letFlow(): void {
    this.isHoldingBack = false;
    this.inputs[0]?.upstream?.resume();
  }

  protected captureState(capture: Capture): MergeSnapshot<T, I> {
    const { index, waiting } = this.s;
    const held = waiting.toArray().map((value, i) => capture.held(value, `waiting[${i}]`));
    return { index, waiting: Object.freeze(held), inners: this.captureInners(capture) };
  }

  protected override restoreStructure({ index, inners }: MergeSnapshot<T, I>): void {
    this.s.index = index;
    this.s.active = inners.active.length;
  }

  protected restoreState(state: MergeSnapshot<T, I>, revival: Revival): void {
    this.isComplete = this.isInputDone(0);
    this.restoreInners(state.inners);
    for (const value of state.waiting) this.s.waiting.push(revival.held(value));
    if (this.s.waiting.length > MOST_WAITING) this.holdBack();
    if (this.s.waiting.length > 0) this.queueWaiting(this.site!.run);
  }
}

export function mergeInternals<T, R>(
  operator: string,
  projection: (value: T, index: number) => ObservableInput<R>,
  concurrent: number,
): CheckpointedOperator<T, R> {
  return coreOperator<T, R>({
    operator,
    outlivesConsumer: true,
    create: (dest, site, sources) => new MergeCore<T, R>(dest, site, sources, projection, concurrent),
  });
}
