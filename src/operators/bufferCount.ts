import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

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
  const args = { bufferSize, startBufferEvery: startBufferEvery ?? bufferSize };
  return syncOperator(
    bufferCountOperator as SyncOperator<T, T[], BufferCountState, BufferCountArguments>,
    args,
    () => ({ buffers: [], index: 0 }),
  );
}

interface BufferCountArguments {
  readonly bufferSize: number;
  readonly startBufferEvery: number;
}

interface BufferCountState {
  /** Those that are not full, the oldest first. */
  buffers: unknown[][];
  index: number;
}

const bufferCountOperator: SyncOperator<unknown, unknown[], BufferCountState, BufferCountArguments> = {
  operator: 'bufferCount',
  next(value) {
    const { args, s } = this;
    try {
      if (s.index++ % args.startBufferEvery === 0) s.buffers.push([]);
      for (const buffer of s.buffers) buffer.push(value);
      // No two become full at once, since none begin at once.
      const [oldest] = s.buffers;
      if (oldest !== undefined && args.bufferSize <= oldest.length) {
        s.buffers.shift();
        this.out.next(oldest);
      }
    } catch (error) {
      this.dest.error(error);
    }
  },
  finish() {
    for (const buffer of this.s.buffers) this.out.next(buffer);
  },
  // All in one go: what several buffers hold stays one object.
  capture: ({ buffers, index }, capture) => ({ buffers: capture.held(buffers, 'buffers'), index }),
  restore: ({ buffers, index }, revival) => ({ buffers: revival.held(buffers), index }),
  overdue() {
    const { s, args, out } = this;
    while (s.buffers.length > 0 && args.bufferSize <= s.buffers[0]!.length) out.next(s.buffers.shift()!);
    // Where one buffer begins behind the other, none may be left out.
    const length = s.buffers[0]?.length ?? 0;
    if (args.startBufferEvery === args.bufferSize && s.index % args.bufferSize !== length) s.index = length;
  },
};
