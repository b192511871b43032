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
 * Opens a buffer whenever `openings` emits, and emits it as an array when what `closingSelector` gave for that opening
 * emits. Buffers may overlap; at the end those that are open are emitted.
 *
 * **Checkpoint:** the open buffers with their values, and for each the value that it was opened with and the state of its
 * closing. A restore calls `closingSelector` again for each: a checkpointed closing goes on where it was, any other is
 * subscribed anew, as `openings` is.
 *
 * ```text
 * source    -a-b-c%d-e-f-|
 * openings  --x---%------
 *         bufferToggle(openings, () => closing)     (closing: -------x)
 * result    ------%--y---|     y: [b, c, d, e]
 * ```
 *
 * @example
 * const shifts$ = orders$.pipe(bufferToggle(fromObservable(shiftStarts$), (shift) => shift.end));
 * @param openings - each of its values opens a buffer. That it completes changes nothing.
 * @param closingSelector - gives what tells by its first value when to emit the buffer.
 * @throws what `closingSelector` throws, and errors of openings and closings, go to the subscriber.
 */
export function bufferToggle<T, O>(
  openings: ObservableInput<O>,
  closingSelector: (value: O) => ObservableInput<unknown>,
): CheckpointedOperator<T, T[]> {
  return coreOperator<T, T[]>(
    {
      operator: 'bufferToggle',
      outlivesConsumer: true,
      create: (dest, site, sources) => new BufferToggleCore<T, O>(dest, site, sources, closingSelector),
    },
    [openings],
  );
}

interface ToggledBuffer<T> {
  readonly values: T[];
  /** Not any more once it was emitted; its closing may still be there for a moment. */
  isOpen: boolean;
  /** Whether its closing has been subscribed: what that emits meanwhile cannot leave it yet. */
  isStarted: boolean;
}

interface BufferToggleState<T> {
  /** Of the next buffer. */
  index: number;
  /** By age. */
  readonly buffers: Map<number, ToggledBuffer<T>>;
}

interface BufferToggleSnapshot<T, O> {
  readonly index: number;
  readonly buffers: readonly { readonly index: number; readonly values: readonly T[] }[];
  readonly closings: InnersSnapshot<O>;
}

class BufferToggleCore<T, O> extends HigherOrderCore<O, T[], BufferToggleState<T>> {
  s: BufferToggleState<T> = { index: 0, buffers: new Map() };

  constructor(
    dest: Subscriber<T[]>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly closingSelector: (value: O) => ObservableInput<unknown>,
  ) {
    super(dest, site, sources);
  }

  /** The openings first. */
  protected override subscribeOrder(): number[] {
    return [1, 0];
  }

  override onNext(value: unknown, input: number): void {
    if (input === 1) return this.openBuffer(value as O);
    for (const buffer of this.s.buffers.values()) if (buffer.isOpen) buffer.values.push(value as T);
  }

  private openBuffer(value: O): void {
    const { s } = this;
    const index = s.index++;
    const buffer: ToggledBuffer<T> = { values: [], isOpen: true, isStarted: false };
    s.buffers.set(index, buffer);
    const closing = this.subscribeInner(value, index);
    buffer.isStarted = true;
    if (!buffer.isOpen) this.leaveClosing(closing);
  }

  override onInnerNext(_value: unknown, closing: Inner<O, unknown>): void {
    const buffer = this.s.buffers.get(closing.index);
    if (buffer === undefined) return;
    buffer.isOpen = false;
    this.out.next(buffer.values);
    if (buffer.isStarted) this.leaveClosing(closing);
  }

  /** Without a value it closes nothing: the buffer stays open until the end. */
  onInnerComplete(): void {}

  private leaveClosing(closing: Inner<O, unknown>): void {
    closing.unsubscribe();
    this.s.buffers.delete(closing.index);
  }

  override onComplete(input: number): void {
    if (input === 1) return;
    for (const buffer of this.s.buffers.values()) {
      if (!buffer.isOpen) continue;
      buffer.isOpen = false;
      this.out.next(buffer.values);
    }
    this.dest.complete();
  }

  project(value: O): ObservableInput<unknown> {
    const { closingSelector } = this;
    return closingSelector(value);
  }

  protected captureState(capture: Capture): BufferToggleSnapshot<T, O> {
    const open = [...this.s.buffers].filter(([, { isOpen }]) => isOpen);
    const buffers = open.map(([index, { values }]) =>
      Object.freeze({
        index,
        values: Object.freeze(values.map((value, i) => capture.held(value, `buffers[${index}][${i}]`))),
      }),
    );
    return { index: this.s.index, buffers: Object.freeze(buffers), closings: this.captureInners(capture) };
  }

  protected override restoreStructure({ index }: BufferToggleSnapshot<T, O>): void {
    this.s.index = index;
  }

  protected restoreState({ buffers, closings }: BufferToggleSnapshot<T, O>, revival: Revival): void {
    for (const { index, values } of buffers)
      this.s.buffers.set(index, { values: values.map((value) => revival.held(value)), isOpen: true, isStarted: true });
    this.restoreInners(closings);
  }
}
