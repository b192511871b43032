import { describe, expect, it } from '@jest/globals';

import { DamagedCheckpointError } from '../../src/errors/DamagedCheckpointError.js';
import { StorageError } from '../../src/errors/StorageError.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import type { StorageCall, StorageFaults } from '../../src/testing/StorageFaults.js';
import { settled } from '../support/Observed.js';
import { caseCount } from '../support/seed.js';
import { Run, snapshotOf, startedRun } from '../checkpoint/store/checkpointing.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const old = bytes(1, 1, 1, 1, 1, 1);
const new_ = bytes(2, 2, 2, 2, 2, 2, 2, 2);

function faulty(faults: StorageFaults, seed = 1): FaultyStorage {
  return new FaultyStorage({ seed, faults });
}

async function withOld(faults: StorageFaults, seed = 1): Promise<FaultyStorage> {
  const storage = faulty({}, seed);
  await storage.write('a', old);
  storage.faults = faults;
  return storage;
}

async function failureOf(work: Promise<unknown>): Promise<StorageError> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StorageError);
  return error as StorageError;
}

/** What happened to a promise by the time that everything has settled. */
async function fateOf(work: Promise<unknown>): Promise<string> {
  let fate = 'pending';
  void work.then(
    () => (fate = 'resolved'),
    () => (fate = 'rejected'),
  );
  await settled();
  return fate;
}

describe('a torn write', () => {
  it('rejects, and leaves a prefix', async () => {
    const lengths = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const storage = await withOld({ tornWrite: 1 }, seed);
      expect((await failureOf(storage.write('a', new_))).message).toMatch(/could not write 'a': EIO/);
      const left = (await storage.read('a'))!;
      expect(left).toEqual(new_.subarray(0, left.length));
      lengths.add(left.length);
    }
    expect([...lengths].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('comes of a crash while a slow write is under way, if it is to', async () => {
    const storage = await withOld({ slow: 1, tornWrite: ({ phase }) => phase === 'torn' });
    void storage.write('a', new_);
    const restarted = storage.crash();
    restarted.faults = {};
    const left = (await restarted.read('a'))!;
    expect(left.length).toBeLessThan(new_.length);
    expect(left).toEqual(new_.subarray(0, left.length));
  });
});

describe('a lying disk', () => {
  it('shows a write that a crash takes back', async () => {
    const storage = await withOld({ lostWrite: 1 });
    await storage.write('a', new_);
    await storage.write('b', new_);
    expect([await storage.read('a'), await storage.read('b')]).toEqual([new_, new_]);
    const restarted = storage.crash();
    expect([await restarted.read('a'), await restarted.read('b')]).toEqual([old, undefined]);
    expect(await restarted.list()).toEqual(['a']);
  });

  it('keeps what was written again, and durably', async () => {
    const storage = await withOld({ lostWrite: ({ index }) => index === 1 });
    await storage.write('a', bytes(9));
    await storage.write('a', new_);
    expect(await storage.crash().read('a')).toEqual(new_);
  });

  it('takes several writes of a name back to what was durable', async () => {
    const storage = await withOld({ lostWrite: 1 });
    await storage.write('a', bytes(9));
    await storage.write('a', new_);
    expect(await storage.crash().read('a')).toEqual(old);
  });

  it('shows a removal that a crash takes back', async () => {
    const storage = await withOld({ lostRemove: 1 });
    await storage.remove('a');
    expect(await storage.list()).toEqual([]);
    expect(await storage.crash().read('a')).toEqual(old);
  });
});

it('a write or removal that has taken place may reject', async () => {
  const storage = await withOld({ failedButDone: 1 });
  await failureOf(storage.write('b', new_));
  await failureOf(storage.remove('a'));
  expect(await storage.list()).toEqual(['b']);
});

describe('stale names', () => {
  it('are given after the removal, for some time, and there is nothing to read', async () => {
    const storage = await withOld({ staleName: 1 });
    await storage.remove('a');
    expect(await storage.list()).toEqual(['a']);
    expect(await storage.read('a')).toBeUndefined();
    let lists = 1;
    while ((await storage.list()).length > 0) lists++;
    expect(lists).toBeLessThan(20);
    await storage.write('a', old);
    expect(await storage.list()).toEqual(['a']);
  });

  it('are not given yet after a first write, and there is something to read', async () => {
    const storage = faulty({ lateName: 1 });
    await storage.write('a', old);
    expect(await storage.list()).toEqual([]);
    expect(await storage.read('a')).toEqual(old);
    while ((await storage.list()).length === 0);
    await storage.write('a', new_);
    expect(await storage.list()).toEqual(['a']);
  });
});

it('a full storage refuses what does not fit, and takes it when there is room', async () => {
  const storage = await withOld({ capacityBytes: 10 });
  const error = await failureOf(storage.write('b', new_));
  expect(error.cause).toMatchObject({ code: 'ENOSPC' });
  expect(await storage.list()).toEqual(['a']);
  await storage.write('a', new_); // replaces
  await storage.remove('a');
  await storage.write('b', new_);
  expect(await storage.read('b')).toEqual(new_);
});

it('a bit flips in what is read, and not in what is stored', async () => {
  const storage = await withOld({ bitFlip: 1 });
  const flipped = (await storage.read('a'))!;
  const different = flipped.reduce((bits, byte, i) => bits + (byte ^ old[i]!).toString(2).replace(/0/g, '').length, 0);
  expect(different).toBe(1);
  storage.faults = {};
  expect(await storage.read('a')).toEqual(old);
});

describe('a slow call', () => {
  it('waits for the test, and takes place then', async () => {
    const storage = await withOld({ slow: ({ operation }) => operation === 'write' });
    const written = storage.write('a', new_);
    expect(await fateOf(written)).toBe('pending');
    expect(await storage.read('a')).toEqual(old);
    expect(storage.held.map(({ operation, name }) => [operation, name])).toEqual([['write', 'a']]);
    storage.held[0]!.goOn();
    await written;
    expect(await storage.read('a')).toEqual(new_);
    expect(storage.held).toEqual([]);
  });

  it('may fail', async () => {
    const storage = await withOld({ slow: ({ operation }) => operation === 'remove' });
    const removed = storage.remove('a');
    storage.held[0]!.fail();
    await failureOf(removed);
    expect(await storage.read('a')).toEqual(old);
  });

  it('has happened or has not when the crash comes, and is whole', async () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const storage = await withOld({ slow: 1 }, seed);
      const written = storage.write('a', new_);
      const removed = storage.remove('b');
      const restarted = storage.crash();
      restarted.faults = {};
      seen.add((await restarted.read('a'))!.length);
      expect([await fateOf(written), await fateOf(removed)]).toEqual(['pending', 'pending']);
    }
    expect([...seen].sort()).toEqual([6, 8]);
  });
});

it('a call that never settles may have taken place', async () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const storage = await withOld({ hang: ({ operation }) => operation === 'write' }, seed);
    expect(await fateOf(storage.write('a', new_))).toBe('pending');
    seen.add((await storage.read('a'))!.length);
  }
  expect([...seen].sort()).toEqual([6, 8]);
});

it('an outage ends after so many calls', async () => {
  const storage = await withOld({ outage: ({ index }) => index === 1, outageCalls: 2 });
  await failureOf(storage.write('a', new_));
  expect((await failureOf(storage.list())).message).toMatch(/could not list: EIO/);
  expect(await storage.read('a')).toEqual(old);
});

describe('a crash', () => {
  it('leaves every call of the old object pending, and without effect', async () => {
    const storage = await withOld({});
    const lock = await storage.lock();
    const beforehand = [storage.read('a'), storage.write('b', new_)];
    const restarted = storage.crash();
    expect([storage.hasCrashed, restarted.hasCrashed]).toEqual([true, false]);
    const afterwards = [storage.write('c', new_), storage.remove('a'), storage.list(), storage.lock(), lock.release()];
    for (const call of [...beforehand, ...afterwards]) expect(await fateOf(call)).toBe('pending');
    expect((await restarted.list()).sort()).toEqual(['a', 'b']);
    const next = await restarted.lock();
    await next.release();
  });

  it('comes at any call, before it, in the middle of it or after it', async () => {
    const left = async (operation: string, phase: StorageCall['phase']): Promise<number | undefined> => {
      const storage = await withOld({});
      let restarted: FaultyStorage | undefined;
      storage.onCall = (call) => {
        if (call.operation === operation && call.phase === phase) restarted = storage.crash();
      };
      const work = operation === 'write' ? storage.write('a', new_) : storage.remove('a');
      expect(await fateOf(work)).toBe('pending');
      restarted!.onCall = undefined;
      return (await restarted!.read('a'))?.length;
    };
    expect(await left('write', 'before')).toBe(6);
    expect(await left('write', 'torn')).toBeLessThan(8);
    expect(await left('write', 'after')).toBe(8);
    expect(await left('remove', 'before')).toBe(6);
    expect(await left('remove', 'after')).toBeUndefined();
  });

  it('that does not come at any of them leaves them as they are', async () => {
    const seen: string[] = [];
    const storage = new FaultyStorage({
      seed: 1,
      onCall: ({ operation, name, phase, index }) => seen.push(`${index} ${operation} ${name} ${phase}`),
    });
    await storage.write('a', old);
    await storage.remove('a');
    await storage.list();
    expect(seen).toEqual([
      '0 write a before',
      '0 write a torn',
      '0 write a after',
      '1 remove a before',
      '1 remove a after',
      '2 list undefined before',
      '2 list undefined after',
    ]);
    expect(storage.blobs.size).toBe(0);
  });
});

it('a hook is told of no call of a dead process', async () => {
  const storage = await withOld({});
  const restarted = storage.crash();
  const seen: number[] = [];
  restarted.onCall = ({ index }) => seen.push(index);
  void storage.list();
  await restarted.list();
  expect(seen).toEqual([1, 1]);
});

it('what a crash takes back is what was there before, also where a hook has looked at it torn', async () => {
  const storage = await withOld({ lostWrite: 1 });
  storage.onCall = () => undefined;
  await storage.write('a', new_);
  expect(await storage.crash().read('a')).toEqual(old);
});

it('what a hook throws, the call rejects with', async () => {
  const storage = await withOld({});
  storage.onCall = () => {
    throw new Error('the test had enough');
  };
  await expect(storage.list()).rejects.toThrow('the test had enough');
});

it('the same seed and calls give the same faults', async () => {
  const history = async (seed: number): Promise<string> => {
    let storage = faulty({ tornWrite: 0.3, lostWrite: 0.3, staleName: 0.3, bitFlip: 0.3, hang: 0.01 }, seed);
    const seen: unknown[] = [];
    for (let i = 0; i < 60; i++) {
      const name = `n${i % 5}`;
      seen.push(await fateOf(i % 3 === 2 ? storage.remove(name) : storage.write(name, new_)));
      if (i % 10 === 9) storage = storage.crash();
      if (i % 7 === 0) void storage.list().then((names) => seen.push(names));
      void storage.read(name).then((read) => seen.push([...(read ?? [])]));
    }
    await settled();
    return JSON.stringify(seen);
  };
  expect(await history(1)).toBe(await history(1));
  expect(await history(1)).not.toBe(await history(2));
});

describe('a store over it', () => {
  it('that crashes at any moment of any call comes back with the last or the last but one checkpoint', async () => {
    let crashes = 0;
    for (const phase of ['before', 'torn', 'after'] as const) {
      for (let index = 0; ; index++) {
        let restarted: FaultyStorage | undefined;
        let storage: FaultyStorage = new FaultyStorage({
          seed: index,
          onCall: (call) => {
            if (call.phase === phase && call.index === index) restarted = storage.crash();
          },
        });
        const completed: number[] = [];
        const ends = takeSix(storage, completed);
        if ((await fateOf(ends)) === 'resolved' && restarted === undefined && index > 30) break;
        if (restarted === undefined) continue;
        crashes++;
        storage = restarted;
        storage.onCall = undefined;
        const next = new Run(storage, { retained: 2 });
        if (phase === 'torn' && completed.length === 0) {
          await expect(next.load()).rejects.toThrow(DamagedCheckpointError);
          continue;
        }
        const loaded = await next.load();
        expect(next.damages).toHaveLength(phase === 'torn' ? 1 : 0);
        expect(loaded?.id ?? 0).toBeGreaterThanOrEqual(completed.at(-1) ?? 0);
        expect(loaded?.id ?? 0).toBeLessThanOrEqual((completed.at(-1) ?? 0) + 1);
      }
    }
    expect(crashes).toBe(11 + 6 + 11); // a list, six writes and four removals
  });

  async function takeSix(storage: FaultyStorage, completed: number[]): Promise<void> {
    const run = await startedRun(storage, { retained: 2 });
    for (let i = 1; i <= 6; i++) completed.push((await run.take({ sum: snapshotOf(i, 100) })).id);
  }
});

it('is cheap enough for a simulation: thousands of crashes a second', async () => {
  let storage = faulty({ tornWrite: 0.01, lostWrite: 0.01, bitFlip: 0.01, staleName: 0.01 });
  const small = new Uint8Array(200);
  const cycles = caseCount(2_000);
  for (let i = 0; i < cycles; i++) {
    await storage.list();
    await storage.read('a');
    for (const name of ['a', 'b', 'c']) await storage.write(name, small).catch(() => undefined);
    await storage.remove('b');
    storage = storage.crash();
  }
  expect(storage.hasCrashed).toBe(false);
});

describe('the death of one process of several', () => {
  it('leaves the others alone, frees its claim, and does nothing more for it', async () => {
    const storage = faulty({});
    const dying = storage.reopen();
    await dying.lock();
    storage.faults = { slow: 1 };
    const write = dying.write('a', new_);
    const other = storage.write('b', new_);
    await settled();
    dying.kill();
    dying.kill();
    expect([dying.hasCrashed, storage.hasCrashed]).toEqual([true, false]);
    expect(storage.held.map(({ name }) => name)).toEqual(['b']);
    storage.held[0]!.goOn();
    expect(await fateOf(other)).toBe('resolved');
    expect(await fateOf(write)).toBe('pending');
    expect(await fateOf(dying.list())).toBe('pending');
    storage.faults = {};
    await (await storage.lock()).release();
  });

  it('may come in the midst of its write, which then has happened or has not', async () => {
    const found = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const storage = faulty({ slow: 1 }, seed);
      const dying = storage.reopen();
      void dying.write('a', new_);
      await settled();
      dying.kill();
      found.add(storage.blobs.get('a')?.length ?? 0);
    }
    expect([...found].sort()).toEqual([0, new_.length]);
  });

  it("keeps a claim that is somebody else's", async () => {
    const storage = faulty({});
    const robbed = storage.reopen();
    await robbed.lock();
    await storage.reopen().lock({ steal: true });
    robbed.kill();
    await expect(storage.lock()).rejects.toThrow('another job');
  });
});
