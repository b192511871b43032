import { alive, simulate } from './simulatedProcess.js';

import { afterEach, describe, expect, it } from '@jest/globals';

import { DirectoryStorage } from '../../src/node/DirectoryStorage.js';
import { ClaimedStorage } from '../../src/storage/ClaimedStorage.js';
import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';
import { LossyFileSystem } from '../../src/testing/LossyFileSystem.js';
import type { Choices } from '../../src/testing/LossyTree.js';
import { random } from '../../src/testing/random.js';
import { Run, snapshotOf } from '../checkpoint/store/checkpointing.js';
import type { Entries } from '../checkpoint/store/checkpointing.js';
import { caseCount, seed } from '../support/seed.js';
import { everyOutcome } from '../testing/everyOutcome.js';

const DIRECTORY = '/jobs/state';
const storageOn = (files: LossyFileSystem): CheckpointStorage => new DirectoryStorage(DIRECTORY, files);

type Files = LossyFileSystem;
type Work = (storage: CheckpointStorage) => Promise<unknown>;

afterEach(() => alive.clear());

/** A process of its own, as far as locks can tell. */
let processes = 0;
async function asProcess<R>(work: () => Promise<R>): Promise<R> {
  const name = `process ${processes++}`;
  alive.add(name);
  try {
    return await simulate({ name, beforeCall: () => Promise.resolve() }, work);
  } finally {
    alive.delete(name);
  }
}

/**
 * Lets a process work until the power fails at a moment of a call (none, and it does all of it).
 *
 * @returns whether the work was done, and where the last call was.
 */
async function workUntil(files: Files, moment: number, work: () => Promise<unknown>): Promise<boolean> {
  let moments = 0;
  const crashed = new Promise<false>((resolve) => {
    files.onCall = () => {
      if (moments++ !== moment) return;
      files.kill();
      resolve(false);
    };
  });
  const done = asProcess(work).then(() => true as const);
  const isDone = await Promise.race([crashed, done]);
  files.onCall = undefined;
  alive.clear();
  return isDone;
}

/** Files on which a process has worked, and ended; all of it durable. */
async function after(work: Work, directories: 'any' | 'ordered'): Promise<Files> {
  const files = new LossyFileSystem({ seed, directories });
  await asProcess(() => work(storageOn(files)));
  return files.crash({ below: (n) => Math.min(1, n - 1) }); // all has survived
}

interface Crash {
  /** Whether the work was done. */
  readonly isDone: boolean;
  /** What the next process finds. */
  readonly files: Files;
}

interface Scenario {
  /** What another process has done, and is durable. */
  readonly before: Work;
  readonly work: Work;
  readonly directories: 'any' | 'ordered';
  readonly outcomesOf?: typeof everyOutcome;
}

async function someOutcomes(visit: (choices: Choices) => Promise<void>): Promise<number> {
  const count = caseCount(20);
  for (let i = 0; i < count; i++) await visit(random(seed * 1_000_000 + i));
  return count;
}

/** Power failures at all moments of the work, and for each all that may survive, or some of it. */
async function everyPowerFailure(
  { before, work, directories, outcomesOf = everyOutcome }: Scenario,
  check: (crash: Crash) => Promise<void>,
): Promise<{ moments: number; outcomes: number }> {
  let outcomes = 0;
  for (let moment = 0; ; moment++) {
    const files = await after(before, directories);
    const isDone = await workUntil(files, moment, () => work(storageOn(files)));
    outcomes += await outcomesOf((choices) => check({ isDone, files: files.crash(choices) }));
    if (isDone) return { moments: moment, outcomes };
  }
}

const old = new Uint8Array(50).fill(1);
const new_ = new Uint8Array(60).fill(2);

/** One text for each content, so that a difference can be read. */
function textOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return 'nothing';
  if (Buffer.compare(bytes, old) === 0) return 'old';
  return Buffer.compare(bytes, new_) === 0 ? 'new' : `torn: ${[...bytes].join('')}`;
}

describe.each(['any', 'ordered'] as const)('a power failure that keeps %s changes of directories,', (directories) => {
  async function writing(before: Work, allowed: readonly string[], names: readonly string[]): Promise<void> {
    const seen = new Set<string>();
    const work: Work = (storage) => storage.write('a', new_);
    const { outcomes } = await everyPowerFailure({ before, work, directories }, async ({ isDone, files }) => {
      const next = storageOn(files);
      const found = textOf(await next.read('a'));
      expect(isDone ? ['new'] : allowed).toContain(found);
      expect(names).toContain((await next.list()).join());
      await next.write('a', old);
      expect(textOf(await next.read('a'))).toBe('old');
      seen.add(found);
    });
    expect([...seen].sort()).toEqual([...allowed].sort());
    expect(outcomes).toBeGreaterThan(20);
  }

  it('at any moment of a write leaves the old bytes or the new, and the new once it has resolved', async () => {
    await writing((storage) => storage.write('a', old), ['old', 'new'], ['a']);
  });

  it('at any moment of the first write, which creates the directory, leaves nothing or all', async () => {
    await writing(() => Promise.resolve(), ['nothing', 'new'], ['', 'a']);
  });

  it('at any moment of a removal leaves all or nothing', async () => {
    const before: Work = async (storage) => {
      await storage.write('a', old);
      await storage.write('b', new_);
    };
    const seen = new Set<string>();
    const work: Work = (storage) => storage.remove('a');
    await everyPowerFailure({ before, work, directories }, async ({ files }) => {
      const next = storageOn(files);
      seen.add(textOf(await next.read('a')));
      expect(textOf(await next.read('b'))).toBe('new');
    });
    expect([...seen].sort()).toEqual(['nothing', 'old']);
  });

  it("at any moment of a write and a removal of the lock's owner the same holds, and nothing else is left", async () => {
    const before: Work = async (storage) => {
      await storage.write('a', old);
      await storage.write('b', old);
      await storage.lock!(); // and this process is dead afterwards
    };
    const seen = new Set<string>();
    const work: Work = async (storage) => {
      const claimed = await ClaimedStorage.claim(storage, false);
      await claimed.write('a', new_);
      await claimed.remove('b');
    };
    const scenario = { before, work, directories, outcomesOf: someOutcomes };
    await everyPowerFailure(scenario, async ({ isDone, files }) => {
      const next = storageOn(files);
      const found = textOf(await next.read('a'));
      expect(isDone ? ['new'] : ['old', 'new']).toContain(found);
      seen.add(`${found} ${textOf(await next.read('b'))}`);
      await asProcess(async () => (await next.lock!()).release());
      const names = await files.readdir(DIRECTORY);
      expect(names.filter((name) => name !== 'a' && name !== 'b')).toEqual([]);
    });
    expect([...seen].sort()).toEqual(['new nothing', 'new old', 'old old']);
  });

  it.each([
    ['taking', (storage: CheckpointStorage): Promise<unknown> => storage.lock!()],
    ['releasing', async (storage: CheckpointStorage): Promise<unknown> => (await storage.lock!()).release()],
  ])('at any moment of %s a lock leaves one that the next process can take', async (_, work) => {
    const before: Work = async (storage) => {
      await storage.write('a', old);
      await storage.lock!(); // and this process is dead afterwards
    };
    const scenario = { before, work, directories, outcomesOf: someOutcomes };
    const { moments } = await everyPowerFailure(scenario, async ({ files }) => {
      await asProcess(async () => {
        const next = storageOn(files);
        await (await next.lock!()).release();
        expect(await next.list()).toEqual(['a']);
      });
      expect((await files.readdir(DIRECTORY)).filter((name) => name !== 'a')).toEqual([]);
    });
    expect(moments).toBeGreaterThan(20);
  });

  it('keeps what a process wrote into a directory that a killed one had just created', async () => {
    for (let moment = 0, wasKilled = true; wasKilled; moment++) {
      const files = new LossyFileSystem({ seed, directories });
      wasKilled = !(await workUntil(files, moment, () => storageOn(files).list()));
      const next = files.kill();
      await asProcess(() => storageOn(next).write('a', new_));
      await everyOutcome(async (choices) => {
        expect([moment, textOf(await storageOn(next.crash(choices)).read('a'))]).toEqual([moment, 'new']);
      });
    }
  });

  it('keeps what the next process has found that took the lock of a killed one', async () => {
    const seen = new Set<string>();
    for (let moment = 0, wasKilled = true; wasKilled; moment++) {
      const files = await after((storage) => storage.write('a', old), directories);
      wasKilled = !(await workUntil(files, moment, () => storageOn(files).write('a', new_)));
      const next = files.kill();
      const found = await asProcess(async () => {
        const storage = storageOn(next);
        await storage.lock!();
        return textOf(await storage.read('a'));
      });
      seen.add(found);
      await someOutcomes(async (choices) => {
        expect([moment, textOf(await storageOn(next.crash(choices)).read('a'))]).toEqual([moment, found]);
      });
    }
    expect([...seen].sort()).toEqual(['new', 'old']);
  });

  /** Takes checkpoints until the power fails, and again, and compares what is found with what was given. */
  async function history(of: number): Promise<number> {
    const chosen = random(of);
    const below = (n: number): number => chosen.below(n);
    const given = new Map<number, string>();
    let files = new LossyFileSystem({ seed: of, directories });
    let completed = 0;
    let entries: Entries = {};
    for (let crash = 0; crash < 8; crash++) {
      const work = async (): Promise<void> => {
        const compression = below(3) === 0 ? 'gzip' : 'none';
        const run = new Run(await ClaimedStorage.claim(storageOn(files), false), { retained: 2, compression });
        await run.store.load();
        for (let i = 0; i < 6; i++) {
          entries = { ...entries, [`operator ${below(3)}`]: snapshotOf(below(1000), below(2) * 3000) };
          const prepared = run.prepare(entries);
          given.set(prepared.id, JSON.stringify(entries));
          await prepared.write();
          completed = prepared.id;
          if (below(2) === 0) await run.store.idle();
        }
      };
      await workUntil(files, below(250), work);
      files = files.crash();
      const next = new Run(storageOn(files), { retained: 2 });
      const loaded = await next.load();
      expect(next.damages).toEqual([]);
      expect(loaded?.id ?? 0).toBeGreaterThanOrEqual(completed);
      if (loaded !== undefined) expect(sorted(loaded.entries)).toBe(sortedText(given.get(loaded.id)!));
      completed = loaded?.id ?? 0;
      entries = { ...loaded?.entries };
    }
    return completed;
  }

  it('in histories of checkpoints leaves the last that was completed, or the one that was being written', async () => {
    let total = 0;
    for (let i = 0; i < caseCount(100); i++) {
      try {
        total += await history(seed * 1_000_000 + i);
      } catch (error) {
        throw new Error(`seed ${seed * 1_000_000 + i}: ${String(error)}`, { cause: error });
      }
    }
    expect(total).toBeGreaterThan(caseCount(1_000));
  }, 60_000);
});

function sorted(entries: Entries): string {
  return JSON.stringify(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sortedText(text: string): string {
  return sorted(JSON.parse(text) as Entries);
}
