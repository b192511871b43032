import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Inner } from './base/Inner.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { Site } from './base/Site.js';

/**
 * Collects values, and emits them as an array when the closing that `closingSelector` gave emits, which opens the next
 * buffer with a closing of its own. At the end the open buffer is emitted.
 *
 * **Checkpoint:** the values of the open buffer, and the state of its closing. A restore calls `closingSelector` again: a
 * checkpointed closing goes on where it was, any other is subscribed anew.
 *
 * ```text
 * source  -a-b-%--c----|
 *         bufferWhen(() => closing)     (closing: -----x)
 * result  -----%y----z-(w|)     y: [a, b]   z: [c]   w: []
 * ```
 *
 * @example
 * const batches$ = orders$.pipe(bufferWhen(() => of(null).pipe(delay(1_000))));
 * @param closingSelector - gives what tells by its first value when to emit the buffer.
 * @throws what `closingSelector` throws, and errors of closings, go to the subscriber.
 */
export function bufferWhen<T>(closingSelector: () => ObservableInput<unknown>): CheckpointedOperator<T, T[]> {
  return coreOperator<T, T[]>({
    operator: 'bufferWhen',
    outlivesConsumer: true,
    create: (dest, site, sources) => new BufferWhenCore<T>(dest, site, sources, closingSelector),
  });
}

interface BufferWhenState<T> {
  /** Of the next closing. */
  index: number;
  /** Null before the first opens. */
  values: T[] | null;
}

interface BufferWhenSnapshot<T> {
  readonly index: number;
  readonly values: readonly T[] | null;
  readonly closings: InnersSnapshot<null>;
}

class BufferWhenCore<T> extends HigherOrderCore<null, T[], BufferWhenState<T>> {
  s: BufferWhenState<T> = { index: 0, values: null };
  private closing: Inner<null, unknown> | null = null;

  constructor(
    dest: Subscriber<T[]>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly closingSelector: () => ObservableInput<unknown>,
  ) {
    super(dest, site, sources);
  }

  protected override onOpen(): void {
    const { site, dest } = this;
    if (site === null) return this.openBuffer();
    // A checkpoint that the selector asks for has to wait until its result is known.
    site.run.turn(() => {
      try {
        this.openBuffer();
      } catch (error) {
        dest.error(error);
      }
    });
  }

  private openBuffer(): void {
    this.closing?.unsubscribe();
    const { s } = this;
    const { values } = s;
    s.values = [];
    if (values !== null) this.out.next(values);
    this.subscribeInner(null, s.index++);
  }

  override innerStarted(closing: Inner<null, unknown>): void {
    this.closing = closing;
  }

  override onNext(value: unknown): void {
    this.s.values?.push(value as T);
  }

  override onComplete(): void {
    const { values } = this.s;
    if (values !== null) this.out.next(values);
    this.dest.complete();
  }

  override onInnerNext(): void {
    this.openBuffer();
  }

  /** Without a value it closes nothing: the buffer stays open until the end. */
  onInnerComplete(): void {}

  project(): ObservableInput<unknown> {
    const { closingSelector } = this;
    return closingSelector();
  }

  protected captureState(capture: Capture): BufferWhenSnapshot<T> {
    const { index, values } = this.s;
    const held = values?.map((value, i) => capture.held(value, `values[${i}]`)) ?? null;
    return { index, values: Object.freeze(held), closings: this.captureInners(capture) };
  }

  protected override restoreStructure({ index }: BufferWhenSnapshot<T>): void {
    this.s.index = index;
  }

  protected restoreState({ values, closings }: BufferWhenSnapshot<T>, revival: Revival): void {
    this.s.values = values?.map((value) => revival.held(value)) ?? null;
    this.restoreInners(closings);
  }
}
