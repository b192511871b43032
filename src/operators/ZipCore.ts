import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import { Fifo } from './base/Fifo.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { Select } from './mapSpread.js';

interface ZipState {
  /** Of each input the values that wait for their partners. */
  readonly waiting: readonly Fifo<unknown>[];
}

interface ZipSnapshot {
  readonly waiting: readonly (readonly unknown[])[];
}

/** What zip and its operator forms do. */
export class ZipCore extends OperatorCore<unknown, ZipState> {
  s: ZipState;

  constructor(
    dest: Subscriber<unknown>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly select: Select | undefined,
  ) {
    super(dest, site, sources);
    this.s = { waiting: sources.map(() => new Fifo()) };
  }

  protected override begin(): void {
    for (let index = 0; index < this.sources.length && !this.dest.closed; index++) this.subscribeInput(index);
  }

  override onNext(value: unknown, input: number): void {
    const { waiting } = this.s;
    waiting[input]!.push(value);
    for (const queue of waiting) if (queue.length === 0) return;
    const { select } = this;
    const values = waiting.map((queue) => queue.shift());
    const result = select === undefined ? values : select(...values);
    this.dest.next(result);
    if (waiting.some((queue, index) => queue.length === 0 && this.isInputDone(index))) this.dest.complete();
  }

  override onComplete(input: number): void {
    if (this.s.waiting[input]!.length === 0) this.dest.complete();
  }

  protected captureState(capture: Capture): ZipSnapshot {
    const waiting = this.s.waiting.map((queue, i) =>
      Object.freeze(queue.toArray().map((value, j) => capture.held(value, `waiting[${i}][${j}]`))),
    );
    return { waiting: Object.freeze(waiting) };
  }

  protected restoreState({ waiting }: ZipSnapshot, revival: Revival): void {
    this.s = { waiting: waiting.map((values) => new Fifo(values.map((value) => revival.held(value)))) };
  }
}
