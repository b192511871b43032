import { CheckpointStore } from '../../checkpoint/store/CheckpointStore.js';
import { checkFlag, checkNames } from '../../errors/invalidOption.js';
import { StorageLockedError } from '../../errors/StorageLockedError.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { assertRejects, assertSame, assertTrue } from './assertions.js';
import type { ContractCase } from './ContractCase.js';
import { fenceChecks } from './fenceChecks.js';
import type { StorageCheck, StorageUnderTest } from './storageCheck.js';
import { assertNames, assertRead, bytes, lockOf } from './storageCheck.js';

export type { StorageUnderTest } from './storageCheck.js';

export interface StorageContractOptions {
  /** False for a storage without `lock`, which leaves it to the user to start one job only. */
  readonly locks?: boolean;
  /** False for a storage whose lock cannot be stolen, or does not tell when it was lost. */
  readonly fences?: boolean;
}

/**
 * What every `CheckpointStorage` promises, as far as it shows without a crash.
 *
 * @param create - makes a new, empty place.
 * @example
 * registerContract({ describe, it }, 'myStorage', storageContract(() => {
 *   const name = newName();
 *   return { reopen: () => myStorage(name) };
 * }));
 */
export function storageContract(
  create: () => StorageUnderTest | Promise<StorageUnderTest>,
  options: StorageContractOptions = {},
): ContractCase[] {
  checkNames('storageContract', options, ['locks', 'fences']);
  const { locks = true, fences = locks } = options;
  checkFlag('locks', locks);
  checkFlag('fences', fences);
  const checks = [
    ...[...byteChecks, ...nameChecks, ...concurrencyChecks, ...storeChecks, ...identityChecks],
    ...(locks ? lockChecks : []),
    ...(fences ? fenceChecks : []),
  ];
  return checks.map(([name, check]) => ({
    name,
    async run() {
      const place = await create();
      try {
        await check(place.reopen(), place);
      } finally {
        await place.dispose?.();
      }
    },
  }));
}

const allBytes = Uint8Array.from({ length: 256 }, (_, i) => i);

/** As of a Node Buffer, its slices share its memory, and are of its class. */
class BufferLike extends Uint8Array {
  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(start, end);
  }
}

const byteChecks: readonly StorageCheck[] = [
  [
    'is empty at first',
    async (storage) => {
      await assertNames(storage, []);
      await assertRead(storage, 'a', undefined);
    },
  ],
  [
    'gives back what was written, every byte, as a plain Uint8Array',
    async (storage) => {
      await storage.write('a', allBytes);
      await storage.write('empty', bytes());
      await storage.write('large', new Uint8Array(3_000_000).fill(7));
      await assertRead(storage, 'a', allBytes);
      await assertRead(storage, 'empty', bytes());
      assertSame(`the length of read('large')`, (await storage.read('large'))?.length, 3_000_000);
    },
  ],
  [
    'gives it to the next run too',
    async (storage, place) => {
      await storage.write('a', allBytes);
      const next = place.reopen();
      await assertRead(next, 'a', allBytes);
      await assertNames(next, ['a']);
    },
  ],
  [
    'replaces what has the same name',
    async (storage) => {
      await storage.write('a', bytes(1, 2, 3));
      await storage.write('a', bytes(4));
      await assertRead(storage, 'a', bytes(4));
      await assertNames(storage, ['a']);
    },
  ],
  [
    'lists what is there, and not what was removed',
    async (storage) => {
      for (const name of ['b', 'a', 'c']) await storage.write(name, bytes(1));
      await storage.remove('b');
      await assertNames(storage, ['a', 'c']);
      await assertRead(storage, 'b', undefined);
    },
  ],
  [
    'removes what is not there without complaint',
    async (storage) => assertSame(`remove('a')`, await storage.remove('a'), undefined),
  ],
  [
    'has a copy of its own of what was written',
    async (storage) => {
      const mine = bytes(1, 2, 3);
      await storage.write('a', mine);
      mine[0] = 9;
      await assertRead(storage, 'a', bytes(1, 2, 3));
    },
  ],
  [
    'hands out bytes that the caller may change',
    async (storage) => {
      await storage.write('a', bytes(1, 2, 3));
      (await storage.read('a'))![0] = 9;
      await assertRead(storage, 'a', bytes(1, 2, 3));
    },
  ],
  [
    'writes what a view shows, not what is behind it',
    async (storage) => {
      const sharing = new BufferLike(allBytes.slice().buffer, 20, 2);
      await storage.write('a', allBytes.subarray(10, 12));
      await storage.write('b', sharing);
      sharing[0] = 99;
      await assertRead(storage, 'a', bytes(10, 11));
      await assertRead(storage, 'b', bytes(20, 21));
    },
  ],
];

const allowedNames = ['a', '0', '-', 'a.b-c', 'checkpoint-000000000001', 'x'.repeat(64), 'a.tmp', 'lock'];

const nameChecks: readonly StorageCheck[] = [
  [
    'takes every name that is allowed',
    async (storage) => {
      const content = (name: string): Uint8Array => new TextEncoder().encode(name);
      for (const name of allowedNames) await storage.write(name, content(name));
      await assertNames(storage, allowedNames);
      for (const name of allowedNames) await assertRead(storage, name, content(name));
    },
  ],
  [
    'describes itself',
    ({ description }) => assertTrue(/\w/.test(description), () => `Its description, '${description}', says nothing.`),
  ],
];

const concurrencyChecks: readonly StorageCheck[] = [
  [
    'keeps writes apart that are under way at the same time',
    async (storage) => {
      const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
      await Promise.all(names.map((name, i) => storage.write(name, bytes(i))));
      for (const [i, name] of names.entries()) await assertRead(storage, name, bytes(i));
    },
  ],
  [
    'shows all of one write or all of another, never a mixture',
    async (storage) => {
      const versions = Array.from({ length: 8 }, (_, i) => new Uint8Array(100_000 + i).fill(i));
      await storage.write('a', versions[0]!);
      const writes = Promise.all(versions.map((version) => storage.write('a', version)));
      for (let i = 0; i < 20; i++) await assertWhole(storage, versions);
      await writes;
      await assertWhole(storage, versions);
    },
  ],
];

async function assertWhole(storage: CheckpointStorage, versions: readonly Uint8Array[]): Promise<void> {
  const seen = await storage.read('a');
  const version = versions[seen?.[0] ?? -1];
  const isWhole = version?.length === seen?.length && seen?.every((byte) => byte === seen[0]) === true;
  assertTrue(isWhole, () => `read('a') gives ${seen?.length ?? 'no'} bytes that nobody wrote, while 'a' is written.`);
}

const lockChecks: readonly StorageCheck[] = [
  [
    'is locked by one at a time',
    async (storage, place) => {
      const lock = await lockOf(storage);
      await assertRejects('a second lock()', lockOf(storage), StorageLockedError);
      await assertRejects('lock() of another object', lockOf(place.reopen()), StorageLockedError);
      await lock.release();
      const next = await lockOf(place.reopen());
      await lock.release(); // a second time, and now it is another's
      await assertRejects(`lock() after somebody else's second release()`, lockOf(storage), StorageLockedError);
      await next.release();
      await (await lockOf(storage)).release();
    },
  ],
  [
    'gives the lock to one of many that ask at once',
    async (_, place) => {
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockOf(place.reopen())));
      const winners = results.filter((result) => result.status === 'fulfilled');
      assertSame('how many of ten have the lock', winners.length, 1);
      await winners[0]!.value.release();
    },
  ],
  [
    'does not show its lock among the names, and keeps what is there when it is locked',
    async (storage) => {
      await storage.write('a', bytes(1));
      const lock = await lockOf(storage);
      await assertNames(storage, ['a']);
      await storage.write('b', bytes(2));
      await lock.release();
      await assertNames(storage, ['a', 'b']);
      await assertRead(storage, 'a', bytes(1));
    },
  ],
];

const identityChecks: readonly StorageCheck[] = [
  [
    'identifies, if it does, what is there and nothing else',
    async (storage, place) => {
      if (storage.identify === undefined) return;
      assertSame(`identify('a')`, await storage.identify('a'), undefined);
      const seen = new Set<string | undefined>();
      for (const content of [bytes(1), bytes(1), bytes(2)]) {
        await storage.write('a', content);
        const identity = await storage.identify('a');
        assertSame(`identify('a') of another object`, await place.reopen().identify!('a'), identity);
        seen.add(identity);
      }
      assertSame('how many identities three writes have', seen.size, 3);
      await storage.remove('a');
      assertSame(`identify('a') after its removal`, await storage.identify('a'), undefined);
    },
  ],
];

const storeChecks: readonly StorageCheck[] = [
  [
    'carries checkpoints',
    async (storage, place) => {
      const options = { retained: 2, types: {}, onDamaged: () => undefined };
      const store = new CheckpointStore(storage, options);
      await store.load();
      for (let id = 1; id <= 4; id++) {
        const entries = new Map([['sum', { state: new Map([[id, 2n]]) }]]);
        await store.prepare({ id, timestamp: id, meta: null, entries }).write();
      }
      await store.idle();
      assertSame('how many checkpoints of two retained there are', (await storage.list()).length, 2);
      const loaded = await new CheckpointStore(place.reopen(), options).load();
      assertSame('the state in the last checkpoint', loaded?.entries.get('sum')?.decode(), {
        state: new Map([[4, 2n]]),
      });
    },
  ],
];
