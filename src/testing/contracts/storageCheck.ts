import type { CheckpointStorage, StorageLock } from '../../storage/CheckpointStorage.js';
import { assertSame, assertTrue } from './assertions.js';
import { isSame } from './isSame.js';

/** An empty place for one case. */
export interface StorageUnderTest {
  /** Another object for the same place, as the next run of a job makes one. */
  reopen(): CheckpointStorage;
  /** Called after the case, whatever became of it. */
  dispose?(): void | Promise<void>;
}

export type StorageCheck = readonly [
  name: string,
  check: (storage: CheckpointStorage, place: StorageUnderTest) => void | Promise<void>,
];

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
export async function assertRead(
  storage: CheckpointStorage,
  name: string,
  expected: Uint8Array | undefined,
): Promise<void> {
  const read = await storage.read(name);
  if (read !== undefined) {
    const isPlain = Object.getPrototypeOf(read) === Uint8Array.prototype;
    assertTrue(
      isPlain,
      () =>
        `read('${name}') gives a ${read.constructor.name} in place of a plain Uint8Array. What slice() of a Buffer gives is a Buffer, ` +
        'which shares its memory: copy with new Uint8Array(bytes), when writing and when reading.',
    );
  }
  assertTrue(isSame(read, expected), () => `read('${name}') gives ${shown(read)} instead of ${shown(expected)}.`);
}

function shown(some: Uint8Array | undefined): string {
  if (some === undefined) return 'nothing';
  const [length, rest] = [some.length, some.length > 8 ? ', …' : ''];
  return `${length} ${length === 1 ? 'byte' : 'bytes'} (${some.subarray(0, 8).join(', ')}${rest})`;
}

export async function assertNames(storage: CheckpointStorage, expected: readonly string[]): Promise<void> {
  assertSame('list(), sorted', (await storage.list()).sort(), [...expected].sort());
}

export async function lockOf(storage: CheckpointStorage): Promise<StorageLock> {
  if (storage.lock === undefined) {
    throw new Error('The storage has no lock(). If that is on purpose, say so with { locks: false }.');
  }
  return storage.lock();
}
