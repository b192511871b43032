import { TestScheduler } from 'rxjs/testing';

import type { TimedNotification } from './timedSource.js';

/** Marbles as in `TestScheduler.run`: a frame is 1 ms. */
export function timedMarbles<T>(
  marbles: string,
  values: Readonly<Record<string, T>> | undefined,
  error: unknown,
): TimedNotification<T>[] {
  return new TestScheduler(() => true).run(() => TestScheduler.parseMarbles(marbles, values, error, false, true));
}

/** Small enough for the sum over all frames to be less than one. */
const MOMENT: number = 2 ** -16;

/**
 * Each frame a moment later, so that nothing that operators do by their timers happens at the same time as an input:
 * the order of the two is nobody's promise. Those of one frame stay together.
 */
export function moved<T>(messages: readonly TimedNotification<T>[]): TimedNotification<T>[] {
  const frames = [...new Set(messages.map(({ frame }) => frame))];
  return messages.map(({ frame, notification }) => ({
    frame: frame + (frames.indexOf(frame) + 1) * MOMENT,
    notification,
  }));
}
