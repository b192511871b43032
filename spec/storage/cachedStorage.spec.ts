import { join } from 'node:path';

import { describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';

import { CheckpointSubject, scan, uid } from '../../src/index.js';
import { fileStorage } from '../../src/node/fileStorage.js';
import { cachedStorage } from '../../src/storage/cachedStorage.js';
import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';
import { ClaimedStorage } from '../../src/storage/ClaimedStorage.js';
import { memoryStorage } from '../../src/storage/memoryStorage.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { random as randomFrom } from '../../src/testing/random.js';
import type { StorageFaults } from '../../src/testing/StorageFaults.js';
import { temporaryDirectory } from '../node/temporaryDirectory.js';
import { offsetIn } from '../support/CheckpointStates.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { caseCount, seed } from '../support/seed.js';
import { storageContract } from './storageContract.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

storageContract('cachedStorage, in memory', async () => {
  const [primary, fast] = [memoryStorage(), memoryStorage()];
  return { reopen: () => cachedStorage(primary, fast) };
});

storageContract('cachedStorage, of files', async () => {
  const directory = await temporaryDirectory();
  const fast = memoryStorage();
  return { reopen: () => cachedStorage(fileStorage(join(directory, 'slow')), fast) };
});

storageContract('cachedStorage, of a storage without identities', async () => {
  const [primary, fast] = [memoryStorage(), memoryStorage()];
  const { description } = primary;
  const plain: CheckpointStorage = {
    description,
    read: (name) => primary.read(name),
    write: (name, content) => primary.write(name, content),
    remove: (name) => primary.remove(name),
    list: () => primary.list(),
    lock: (options) => primary.lock!(options),
  };
  return { reopen: () => cachedStorage(plain, fast) };
});

const faults: Record<string, StorageFaults> = {
  'fails at everything': { outage: 1 },
  'tears what is written': { tornWrite: 1 },
  'flips bits': { bitFlip: 1 },
  'is full': { capacityBytes: 0 },
  'never answers': { hang: 1 },
  'fails now and then': {
    outage: 0.2,
    tornWrite: 0.2,
    bitFlip: 0.2,
    failedButDone: 0.2,
    staleName: 0.3,
    lateName: 0.3,
  },
};

describe.each(Object.entries(faults))('with a fast storage that %s', (_, wrong) => {
  storageContract('cachedStorage', async () => {
    const primary = memoryStorage();
    const fast = new FaultyStorage({ seed, faults: wrong });
    return { reopen: () => cachedStorage(primary, fast.reopen(), { patienceMs: 1 }) };
  });
});

function place() {
  const primary = new FaultyStorage({ seed: 1 });
  const fast = new FaultyStorage({ seed: 2 });
  const reads: string[] = [];
  primary.onCall = ({ operation, name, phase }) => {
    if (operation === 'read' && phase === 'before') reads.push(name!);
  };
  return { primary, fast, reads, storage: () => cachedStorage(primary.reopen(), fast.reopen()) };
}

describe('a copy', () => {
  /** Beside the question for its identity, which counts as a read as well. */
  const readBytes = (reads: readonly string[]): number => reads.length - 1;

  it('is made by a write, and spares the primary', async () => {
    const { storage, reads } = place();
    await storage().write('a', bytes(1, 2, 3));
    await settled();
    reads.length = 0;
    expect(await storage().read('a')).toEqual(bytes(1, 2, 3));
    expect(readBytes(reads)).toBe(0);
  });

  it('is made by a read, if there is none', async () => {
    const { storage, reads, fast } = place();
    await storage().write('a', bytes(1, 2, 3));
    await settled();
    fast.blobs.clear();
    expect(await storage().read('a')).toEqual(bytes(1, 2, 3));
    await settled();
    reads.length = 0;
    expect(await storage().read('a')).toEqual(bytes(1, 2, 3));
    expect(readBytes(reads)).toBe(0);
  });

  it('of what the primary no longer has, or has anew, is not believed', async () => {
    const { storage, primary } = place();
    await storage().write('a', bytes(1));
    await storage().write('b', bytes(2));
    await settled();
    await primary.write('a', bytes(1, 1)); // somebody who knows nothing of copies
    await primary.remove('b');
    expect(await storage().read('a')).toEqual(bytes(1, 1));
    expect(await storage().read('b')).toBeUndefined();
    expect(await storage().list()).toEqual(['a']);
  });

  it.each([
    ['any bit turned round', (copy: Uint8Array, i: number) => (copy[i]! ^= 1)],
    ['cut off anywhere', (copy: Uint8Array, i: number) => copy.subarray(0, i)],
  ])('with %s is not believed', async (_, damage) => {
    const { storage, fast } = place();
    await storage().write('a', bytes(1, 2, 3));
    await settled();
    const intact = fast.blobs.get('a')!.slice();
    for (let i = 0; i < intact.length; i++) {
      const copy = intact.slice();
      const damaged = damage(copy, i);
      fast.blobs.set('a', damaged instanceof Uint8Array ? damaged : copy);
      expect(await storage().read('a')).toEqual(bytes(1, 2, 3));
      await settled();
    }
  });

  it('goes with what it is a copy of, and with the next lock if it was left behind', async () => {
    const { storage, fast } = place();
    const claimed = await ClaimedStorage.claim(storage(), false);
    await claimed.write('a', bytes(1));
    await claimed.write('b', bytes(1));
    await settled();
    expect([...fast.blobs.keys()]).toEqual(['a', 'b']);
    await claimed.remove('a');
    await settled();
    expect([...fast.blobs.keys()]).toEqual(['b']);
    fast.faults = { outage: 1 };
    await claimed.remove('b');
    await settled();
    fast.faults = {};
    await claimed.release();
    await (await storage().lock!()).release();
    await settled();
    expect([...fast.blobs.keys()]).toEqual([]);
  });

  it('is not made of what somebody else may have written since', async () => {
    const { storage, primary, fast } = place();
    const claimed = await ClaimedStorage.claim(storage(), false);
    // The thief writes before the copy is identified.
    primary.onCall = ({ operation, phase, name }) => {
      if (operation !== 'write' || phase !== 'after' || name !== 'a') return;
      primary.onCall = undefined;
      void primary.lock({ steal: true });
      void primary.write('a', bytes(9));
    };
    await claimed.write('a', bytes(1)).catch(() => undefined);
    await settled();
    expect(fast.blobs.has('a')).toBe(false);
    expect(await storage().read('a')).toEqual(bytes(9));
  });
});

it.each([0, -1, NaN, '5', null, true])('refuses %p for patienceMs', (patienceMs) => {
  const make = () => cachedStorage(memoryStorage(), memoryStorage(), { patienceMs: patienceMs as number });
  expect(make).toThrow(RangeError);
  expect(make).toThrow(/^patienceMs is .*: it has to be above 0\.$/);
});

it.each([5, null, undefined, {}])('refuses %p for a storage, and options that it does not know', (storage) => {
  const two = new TypeError('cachedStorage(primary, fast) needs two storages.');
  expect(() => cachedStorage(storage as CheckpointStorage, memoryStorage())).toThrow(two);
  expect(() => cachedStorage(memoryStorage(), storage as CheckpointStorage)).toThrow(two);
  expect(() => cachedStorage(memoryStorage(), memoryStorage(), { scheduler: 5 as never })).toThrow(
    new TypeError('scheduler has to be one as RxJS has them, e.g. asyncScheduler.'),
  );
  expect(() => cachedStorage(memoryStorage(), memoryStorage(), { patience: 5 } as object)).toThrow(
    new TypeError("cachedStorage() has no option 'patience', only patienceMs, scheduler."),
  );
});

it('a fast storage that throws at once, where it should reject, fails nothing', async () => {
  const primary = memoryStorage();
  const broken = (): never => {
    throw new Error('no such method');
  };
  const fast = { description: 'broken', read: broken, write: broken, remove: broken, list: broken };
  const storage = cachedStorage(primary, fast);
  const lock = await storage.lock!();
  await storage.write('a', bytes(1));
  expect(await storage.read('a')).toEqual(bytes(1));
  await storage.remove('a');
  expect(await primary.list()).toEqual([]);
  await lock.release();
});

it('a fast storage that hangs is waited for once', async () => {
  const { primary, fast } = place();
  const scheduler = new VirtualTimeScheduler();
  const storage = cachedStorage(primary, fast, { patienceMs: 500, scheduler });
  await storage.write('a', bytes(1));
  await settled();
  fast.faults = { hang: 1 };
  const read = storage.read('a');
  await settled();
  scheduler.flush();
  expect(await read).toEqual(bytes(1));
  expect(scheduler.frame).toBe(500);
  expect(await storage.read('a')).toEqual(bytes(1));
});

it.each([2 ** 31, Infinity])('patienceMs: %d is as long as it says', async (patienceMs) => {
  const { primary, fast } = place();
  const waits: number[] = [];
  const scheduler = new VirtualTimeScheduler();
  const schedule = scheduler.schedule.bind(scheduler);
  jest.spyOn(scheduler, 'schedule').mockImplementation((work, delay = 0, state) => {
    waits.push(delay);
    return schedule(work, delay, state);
  });
  const storage = cachedStorage(primary, fast, { patienceMs, scheduler });
  await storage.write('a', bytes(1));
  await settled();
  expect(await storage.read('a')).toEqual(bytes(1));
  // Of anything longer, timers make 1 ms.
  expect(waits).toEqual(patienceMs === Infinity ? [] : [2 ** 31 - 1]);
});

it('jobs that crash, over copies that go wrong in every way, begin with what the primary has', async () => {
  let restores = 0;
  for (let i = 0; i < caseCount(60); i++) {
    const random = randomFrom(seed * 10_000 + i);
    let primary = new FaultyStorage({ seed: i, faults: { tornWrite: 0.05, failedButDone: 0.05 } });
    let fast = new FaultyStorage({ seed: i, faults: { ...faults['fails now and then']!, hang: 0.02, lostWrite: 0.1 } });
    const log = new Log<number>();
    let completed = 0;
    for (let life = 0; life < 5; life++) {
      const [p, f] = [primary.reopen(), fast.reopen()];
      let calls = 5 + random.below(60);
      p.onCall = () => {
        if (--calls === 0) [primary, fast] = [p.crash(), f.crash()];
      };
      const scheduler = new VirtualTimeScheduler();
      const storage = cachedStorage(p, f, { patienceMs: 10, scheduler });
      const checkpoints = new CheckpointSubject({ storage, scheduler: new VirtualTimeScheduler() });
      checkpoints.failures$.subscribe();
      const promised = completed;
      checkpoints.subscribe((checkpoint) => {
        if (!p.hasCrashed) completed = offsetIn(checkpoint, 'log')!;
      });
      const count$ = log.stream$.pipe(
        uid('log'),
        scan((count) => count + 1, 0),
        uid('count'),
      );
      const pipeline = observe(checkpoints.recover(count$));
      for (let n = 0; n < 12 && !p.hasCrashed; n++) {
        await settled();
        scheduler.flush(); // who waits for a copy, waits in vain
        await settled();
        log.write(n);
        checkpoints.next();
      }
      await settled();
      if (pipeline.values.length > 0) {
        restores++;
        expect(pipeline.values[0]).toBeGreaterThan(promised);
        if (!p.hasCrashed) expect(pipeline.last).toBe(log.records.length);
      }
      pipeline.unsubscribe();
      await settled();
    }
  }
  expect(restores).toBeGreaterThan(caseCount(100));
}, 60_000);
