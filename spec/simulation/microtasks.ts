import { drained } from '../../src/testing/VirtualTime.js';

/** So often the event loop has a turn: for what V8 does there, and for whoever waits for a simulation that goes on for ever. */
const TURN_EVERY = 64;

let calls = 0;

/**
 * Resolves when there is nothing left to be done in microtasks, as `drained` does. A tick of Node comes after all of them and
 * takes a sixth of the time: all that a simulated life waits for happens in virtual time, or in microtasks.
 */
export function microtasksDone(): Promise<void> {
  if (++calls % TURN_EVERY === 0) return drained();
  return new Promise((resolve) => process.nextTick(resolve));
}
