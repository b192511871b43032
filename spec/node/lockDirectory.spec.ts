import { alive, crashingAfter, simulate } from './simulatedProcess.js';

import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { StorageLockedError } from '../../src/errors/StorageLockedError.js';
import { lockDirectory } from '../../src/node/lockDirectory.js';
import type { ProcessIdentity } from '../../src/node/ProcessIdentity.js';
import { ownIdentity } from '../../src/node/ProcessIdentity.js';
import { caseCount } from '../support/seed.js';
import { temporaryDirectory } from './temporaryDirectory.js';

const take = (directory: string, options?: { steal?: boolean }): ReturnType<typeof lockDirectory> =>
  lockDirectory(directory, 'a storage', options);

/** A lock as another process would have left it. */
async function lockedBy(owner: Partial<ProcessIdentity> | string): Promise<string> {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, '.lock'));
  const text = typeof owner === 'string' ? owner : JSON.stringify({ ...(await ownIdentity()), ...owner });
  await writeFile(join(directory, '.lock', 'token'), text);
  return directory;
}

async function isFree(directory: string): Promise<boolean> {
  try {
    await (await take(directory)).release();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(StorageLockedError);
    return false;
  }
}

/** The pid of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

const pidOfDead = deadPid();
const unhindered = { beforeCall: () => Promise.resolve() };

describe('the lock of', () => {
  it('this process is refused, and said to be its own', async () => {
    const directory = await temporaryDirectory();
    await take(directory);
    await expect(take(directory)).rejects.toThrow(/\(a storage\) is in use by another job of this process: /);
  });

  it('a process that has ended is taken over', async () => {
    expect(await isFree(await lockedBy({ pid: await deadPid() }))).toBe(true);
  });

  it('a process that runs is refused, naming it', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => 0, 60_000)']);
    const directory = await lockedBy({ pid: child.pid!, startedAt: undefined });
    await expect(take(directory)).rejects.toThrow(new RegExp(`in use by process ${child.pid}: `));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isFree(directory)).toBe(true);
  });

  it('a process whose pid another has now is taken over', async () => {
    expect(await isFree(await lockedBy({ startedAt: '1' }))).toBe(process.platform !== 'win32');
    expect(await isFree(await lockedBy({}))).toBe(false);
  });

  it('a process that is known by its pid only is refused as long as there is one', async () => {
    expect(await isFree(await lockedBy({ startedAt: undefined }))).toBe(false);
    expect(await isFree(await lockedBy({ pid: await deadPid(), startedAt: undefined }))).toBe(true);
  });

  it('a process of another run of the system is taken over', async () => {
    expect(await isFree(await lockedBy({ bootId: 'another' }))).toBe(true);
  });

  it('a process of another host is refused, with the way to remove it', async () => {
    const directory = await lockedBy({ host: `${hostname()}-2`, pid: await deadPid() });
    await expect(take(directory)).rejects.toThrow(
      new RegExp(
        `of host '${hostname()}-2'.* If that host or container is gone, remove ${join(directory, '.lock')}\\.$`,
      ),
    );
  });

  it('a process of another user is refused', async () => {
    const kill = process.kill.bind(process);
    process.kill = () => {
      throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
    };
    try {
      expect(await isFree(await lockedBy({ startedAt: undefined }))).toBe(false);
    } finally {
      process.kill = kill;
    }
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('a zombie, killed and not yet noticed by its parent, is taken over', async () => {
    // The shell's child ends, and the shell, which became sleep, never asks for it.
    const shell = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60']);
    const [output] = (await once(shell.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    const state = async (): Promise<string> => (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]![0]!;
    while ((await state()) !== 'Z') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await isFree(await lockedBy({ pid, startedAt: undefined }))).toBe(true);
    shell.kill('SIGKILL');
    await once(shell, 'exit');
  });
});

describe('what is left of a lock after a crash or a power failure does not block:', () => {
  it.each(['', '{', '{"pid":1', '{}', 'null', '{"pid":"1","host":"x"}', '\0\0\0\0'])(
    'an owner file %j',
    async (text) => {
      expect(await isFree(await lockedBy(text))).toBe(true);
    },
  );

  it('an empty lock', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, '.lock'));
    expect(await isFree(directory)).toBe(true);
  });

  it('a file of that name', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, '.lock'), 'x');
    expect(await isFree(directory)).toBe(true);
  });

  it('candidates of processes that died before they had it; they are cleared away', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, '.lock-a'));
    await mkdir(join(directory, '.lock-b'));
    await writeFile(join(directory, '.lock-b', 'b'), '{');
    expect(await isFree(directory)).toBe(true);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('a process that crashes between any two system calls', () => {
  it.each(['taking', 'releasing'])(
    'while %s the lock leaves one that can be taken',
    async (phase) => {
      for (let limit = 0, isDone = false; !isDone; limit++) {
        const directory = await lockedBy({ pid: await deadPid() });
        const setUp =
          phase === 'taking' ? undefined : await simulate({ ...unhindered, name: 'crashing' }, () => take(directory));
        alive.add('crashing');
        const process = { ...crashingAfter(limit), name: 'crashing' };
        const work = simulate(process, () => setUp?.release() ?? take(directory).then(() => undefined));
        isDone = await Promise.race([process.crashed.then(() => false), work.then(() => true)]);
        alive.delete('crashing');
        expect(await isFree(directory)).toBe(true);
        expect(await readdir(directory)).toEqual([]);
        if (isDone) expect(limit).toBeGreaterThan(phase === 'taking' ? 10 : 1);
      }
    },
    30_000,
  );
});

it('a candidate that a new owner had half cleared away when it was killed does not become a lock without an owner', async () => {
  const directory = await temporaryDirectory();
  let isCleared = false;
  const beforeCall = async (call: string): Promise<void> => {
    if (call !== 'rename' || isCleared) return;
    isCleared = true;
    const candidate = (await readdir(directory)).find((name) => name.startsWith('.lock-'))!;
    for (const file of await readdir(join(directory, candidate)))
      await rm(join(directory, candidate, file), { recursive: true });
  };
  const lock = await simulate({ beforeCall }, () => take(directory));
  expect(isCleared).toBe(true);
  expect(await isFree(directory)).toBe(false);
  await lock.release();
  expect(await isFree(directory)).toBe(true);
});

describe('any interleaving of processes that take, release and are killed', () => {
  interface Waiting {
    readonly name: string;
    goOn(): void;
  }

  /**
   * Four simulated processes on one directory. Each system call waits for its turn, in an order that the seed gives; at
   * some of them the process is killed. Nobody may have the lock beside a live owner.
   */
  async function simulation(seed: number): Promise<{ taken: number; killed: number }> {
    const random = randomNumbers(seed);
    const directory = await lockedBy({ pid: await pidOfDead });
    const waiting: Waiting[] = [];
    const owners = new Set<string>();
    const counts = { taken: 0, killed: 0 };
    let busy = 0;
    let allWait = (): void => undefined;
    const begin = (): void => void busy++;
    const end = (): void => {
      if (--busy === 0) allWait();
    };
    const turn = (name: string): Promise<void> =>
      new Promise((resolve) => {
        waiting.push({ name, goOn: () => (begin(), resolve()) });
        end();
      });

    async function live(name: string): Promise<void> {
      for (let round = 0; round < 3; round++) {
        const lock = await take(directory).catch((error: unknown) => {
          expect(error).toBeInstanceOf(StorageLockedError);
          return undefined;
        });
        if (lock === undefined) continue;
        counts.taken++;
        expect([...owners].filter((owner) => alive.has(owner))).toEqual([]);
        owners.add(name);
        await turn(name);
        owners.delete(name);
        await lock.release();
      }
    }

    const failures: unknown[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      alive.add(name);
      begin();
      void simulate({ name, beforeCall: () => turn(name) }, () => live(name))
        .catch((error: unknown) => failures.push(error))
        .finally(end);
    }
    for (;;) {
      while (busy > 0) await new Promise<void>((resolve) => (allWait = resolve));
      if (waiting.length === 0) break;
      const [next] = waiting.splice(Math.floor(random() * waiting.length), 1) as [Waiting];
      if (random() < 0.01) {
        alive.delete(next.name);
        counts.killed++;
      } else {
        next.goOn();
      }
    }
    alive.clear();
    expect(failures).toEqual([]);
    expect(await isFree(directory)).toBe(true);
    return counts;
  }

  it('has one owner at most, and leaves a lock that can be taken', async () => {
    let [taken, killed] = [0, 0];
    for (let seed = 1; seed <= caseCount(100); seed++) {
      try {
        const counts = await simulation(seed);
        taken += counts.taken;
        killed += counts.killed;
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    expect(taken).toBeGreaterThan(caseCount(100));
    expect(killed).toBeGreaterThan(caseCount(50));
  }, 120_000);
});

describe('real processes', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await kill(child);
  });

  function start(): ChildProcess {
    const child = fork(join(__dirname, 'lockingProcess.ts'), { execArgv: ['--import', 'tsx'] });
    children.push(child);
    return child;
  }

  async function ask(child: ChildProcess, command: object): Promise<string> {
    child.send(command);
    const [answer] = (await once(child, 'message')) as [string];
    return answer;
  }

  async function kill(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  it('killed with SIGKILL lose the lock at once, and running ones keep it', async () => {
    const directory = await temporaryDirectory();
    const [first, second] = [start(), start()];
    for (const victim of [first, second]) {
      expect(await ask(victim, { take: directory })).toBe('taken');
      await expect(take(directory)).rejects.toThrow(`in use by process ${victim.pid}: `);
      await kill(victim);
    }
    expect(await isFree(directory)).toBe(true);
  }, 30_000);

  it('that race to take over the lock of a killed one: one of them gets it', async () => {
    const racers = [start(), start(), start(), start()];
    for (let round = 0; round < 30; round++) {
      const directory = await lockedBy({ pid: await pidOfDead });
      const answers = await Promise.all(racers.map((racer) => ask(racer, { take: directory })));
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'storage-locked')).toHaveLength(3);
      await ask(racers[answers.indexOf('taken')]!, { release: true });
      expect(await readdir(directory)).toEqual([]);
    }
  }, 60_000);
});

/** Mulberry32. */
function randomNumbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
