import { afterEach, beforeEach, jest } from '@jest/globals';

/** Timers and the clock stand still in this file unless a test moves them. What settles Promises and storages goes on. */
export function inFakeTime(): void {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
}
