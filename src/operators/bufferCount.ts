import type { Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { Site } from './base/Site.js';
import { syncOperator, SyncSubscriber } from './base/SyncSubscriber.js';

/**
 * Collects values in arrays of `bufferSize` and emits each when it is full; what is not full is emitted at the end.
 *
 * **Checkpoint:** the arrays that are not full yet, and the number of values. A restore repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         bufferCount(2, 1)
 * result  ---a-%-b-(c|)      a = [1, 2], b = [2, 3], c = [3]
 * ```
 *
 * @example
 * const batches$ = rows$.pipe(bufferCount(500));
 * @param bufferSize - the length of an array that is full.
 * @param startBufferEvery - after how many values a new array begins: fewer than `bufferSize` makes arrays overlap, more
 * leaves values out. `bufferSize` by default.
 */
export function bufferCount<T>(
  bufferSize: number,
  startBufferEvery: number | null = null,
): CheckpointedOperator<T, T[]> {
  return syncOperator<T, T[]>({
    operator: 'bufferCount',
    isStateful: true,
    create: (dest, site) => new BufferCountSubscriber(dest, site, bufferSize, startBufferEvery ?? bufferSize),
  });
}

interface BufferCountState<T> {
  /** Those that are not full, the oldest first. */
  buffers: T[][];
  index: number;
}

class BufferCountSubscriber<T> extends SyncSubscriber<T, T[], BufferCountState<T>> {
  s: BufferCountState<T> = { buffers: [], index: 0 };

  constructor(
    dest: Subscriber<T[]>,
    site: Site | null,
    private readonly bufferSize: number,
    private readonly startBufferEvery: number,
  ) {
    super(dest, site);
  }

  override next(value: T): void {
    if (this.isStopped) return this.late(value);
    const { dest, s } = this;
    try {
      if (s.index++ % this.startBufferEvery === 0) s.buffers.push([]);
      for (const buffer of s.buffers) buffer.push(value);
      // No two become full at once, since none begin at once.
      const [oldest] = s.buffers;
      if (oldest !== undefined && this.bufferSize <= oldest.length) {
        s.buffers.shift();
        dest.next(oldest);
      }
    } catch (error) {
      dest.error(error);
    }
  }

  protected override _complete(): void {
    const { dest, s } = this;
    try {
      for (const buffer of s.buffers) dest.next(buffer);
      dest.complete();
    } catch (error) {
      dest.error(error);
    } finally {
      this.unsubscribe();
    }
  }

  protected captureState(capture: Capture): BufferCountState<T> {
    const { buffers, index } = this.s;
    // All in one go: what several buffers hold stays one object.
    return { buffers: capture.held(buffers, 'buffers'), index };
  }

  protected restoreState(state: BufferCountState<T>, revival: Revival): void {
    this.s = { buffers: revival.held(state.buffers), index: state.index };
  }
}
