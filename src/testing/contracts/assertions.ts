import { inspectValue } from '../inspectValue.js';
import { isSame } from './isSame.js';

export function assertTrue(condition: boolean, message: () => string): void {
  if (!condition) throw new Error(message());
}

/** @param what - begins the message: what it is that should be `expected`. */
export function assertSame(what: string, actual: unknown, expected: unknown): void {
  assertTrue(isSame(actual, expected), () => `${what}: ${inspectValue(actual)} instead of ${inspectValue(expected)}.`);
}

/** @param what - the call, in words. */
export async function assertRejects(
  what: string,
  call: Promise<unknown>,
  errorClass: new (...args: never[]) => Error,
): Promise<void> {
  let outcome: string;
  try {
    outcome = `resolved with ${inspectValue(await call)}`;
  } catch (error) {
    if (error instanceof errorClass) return;
    outcome = `rejected with ${inspectValue(error)}`;
  }
  throw new Error(`${what}: it should reject with a ${errorClass.name}, and ${outcome}.`);
}
