import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { Fifo } from './base/Fifo.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';

/**
 * Emits whether the source and another input emit the same values in the same order, as soon as that is known.
 *
 * **Checkpoint:** the values of either that the other has not come to, and which are done. A restore repeats nothing; a
 * plain input is subscribed again, and skipped by what it had emitted.
 *
 * ```text
 * source  -1-2-%---|
 * other   ---1-%-2-|
 *         sequenceEqual(other)
 * result  -----%---(t|)      t = true
 * ```
 *
 * @example
 * const isUnlocked$ = keys$.pipe(sequenceEqual(code));
 * @param compareTo - anything that RxJS can subscribe to.
 * @param comparator - whether two values are the same; `===` by default.
 */
export function sequenceEqual<T>(
  compareTo: ObservableInput<T>,
  comparator: (a: T, b: T) => boolean = isIdentical,
): CheckpointedOperator<T, boolean> {
  return coreOperator<T, boolean>(
    {
      operator: 'sequenceEqual',
      endsWithInputs: true,
      create: (dest, site, sources) => new SequenceEqualCore<T>(dest, site, sources, comparator),
    },
    [compareTo],
  );
}

function isIdentical(a: unknown, b: unknown): boolean {
  return a === b;
}

/** By input: what waits for the other. One of them is empty. */
interface SequenceEqualState<T> {
  readonly buffers: readonly [Fifo<T>, Fifo<T>];
}

interface SequenceEqualSnapshot<T> {
  readonly buffers: readonly [readonly T[], readonly T[]];
}

class SequenceEqualCore<T> extends OperatorCore<boolean, SequenceEqualState<T>> {
  s: SequenceEqualState<T> = { buffers: [new Fifo(), new Fifo()] };

  constructor(
    dest: Subscriber<boolean>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly comparator: (a: T, b: T) => boolean,
  ) {
    super(dest, site, sources);
  }

  override onNext(value: unknown, input: number): void {
    const other = 1 - input;
    const waiting = this.s.buffers[other]!;
    if (waiting.length === 0) {
      if (this.isInputDone(other)) this.emit(false);
      else this.s.buffers[input]!.push(value as T);
      return;
    }
    const { comparator } = this;
    const isSame = comparator(value as T, waiting.shift());
    if (!isSame) this.emit(false);
  }

  override onComplete(input: number): void {
    const other = 1 - input;
    if (this.isInputDone(other)) this.emit(this.s.buffers[other]!.length === 0);
    // Here, so that what a teardown throws goes to the subscriber, as in RxJS.
    this.inputs[input]?.unsubscribe();
  }

  private emit(isEqual: boolean): void {
    this.dest.next(isEqual);
    this.dest.complete();
  }

  protected captureState(capture: Capture): object {
    const buffers = this.s.buffers.map((buffer, i) =>
      Object.freeze(buffer.toArray().map((value, j) => capture.held(value, `buffers[${i}][${j}]`))),
    );
    return { buffers: Object.freeze(buffers) };
  }

  protected restoreState({ buffers: [mine, others] }: SequenceEqualSnapshot<T>, revival: Revival): void {
    const held = (buffer: readonly T[]): Fifo<T> => new Fifo(buffer.map((value) => revival.held(value)));
    this.s = { buffers: [held(mine), held(others)] };
  }
}
