import { simulate } from './simulatedProcess.js';

import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { ClaimLostError } from '../../src/errors/ClaimLostError.js';
import { fileStorage } from '../../src/node/fileStorage.js';
import { ClaimedStorage } from '../../src/storage/ClaimedStorage.js';
import { caseCount } from '../support/seed.js';
import { temporaryDirectory } from './temporaryDirectory.js';
import { Writer } from './Writer.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

async function visible(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
}

describe('a writer that sleeps at any system call while its lock is taken away', () => {
  type Work = (claimed: ClaimedStorage) => Promise<void>;

  /** @returns what the new owner found and what is there in the end; null when there are no more calls. */
  async function sleepingAt(
    call: number,
    work: Work,
    take: (directory: string) => Promise<ClaimedStorage>,
  ): Promise<{ error: unknown; found: string[]; left: string[] } | null> {
    const directory = await temporaryDirectory();
    const former = await ClaimedStorage.claim(fileStorage(directory), false);
    await former.write('old', bytes(1));
    let [calls, wakeUp] = [0, (): void => undefined];
    const waked = new Promise<void>((resolve) => (wakeUp = resolve));
    let fallAsleep!: () => void;
    const asleep = new Promise<boolean>((resolve) => (fallAsleep = () => resolve(true)));
    const beforeCall = (): Promise<void> => {
      if (calls++ !== call) return Promise.resolve();
      fallAsleep();
      return waked;
    };
    const outcome = simulate({ beforeCall }, () => work(former)).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(await Promise.race([asleep, outcome.then(() => false)]))) return null;
    const next = await take(directory);
    const found = (await next.list()).sort();
    await next.write('theirs', bytes(2));
    wakeUp();
    const error = await outcome;
    await next.write('more', bytes(3));
    await next.release();
    const left = await visible(directory);
    expect(await readdir(directory)).toEqual(left);
    return { error, found, left: left.filter((name) => name !== 'theirs' && name !== 'more') };
  }

  const steal = (directory: string): Promise<ClaimedStorage> => ClaimedStorage.claim(fileStorage(directory), true);
  const removeByHand = async (directory: string): Promise<ClaimedStorage> => {
    await rm(join(directory, '.lock'), { recursive: true });
    return ClaimedStorage.claim(fileStorage(directory), false);
  };

  it.each([
    ['stolen', steal],
    ['removed by hand', removeByHand],
  ])('has written what the new owner finds, or writes nothing: %s', async (_, take) => {
    const outcomes: string[] = [];
    for (let call = 0; ; call++) {
      const result = await sleepingAt(call, (former) => former.write('new', bytes(9)), take);
      if (result === null) break;
      const { error, found, left } = result;
      if (error === undefined) expect(found).toContain('new');
      else expect(error).toBeInstanceOf(ClaimLostError);
      expect(left).toEqual(found);
      outcomes.push(error === undefined ? 'written' : 'refused');
    }
    expect(outcomes.join(' ')).toMatch(/^(refused ){4,}(written ){1,}written$/);
  });

  it('cannot replace what the new owner wrote under the same name', async () => {
    const outcomes: unknown[] = [];
    for (let call = 0; ; call++) {
      const directory = { path: '' };
      const result = await sleepingAt(
        call,
        (former) => former.write('theirs', bytes(9)),
        async (path) => {
          directory.path = path;
          return steal(path);
        },
      );
      if (result === null) break;
      expect([...(await readFile(join(directory.path, 'theirs')))]).toEqual([2]);
      outcomes.push(result.error);
    }
    expect(outcomes.some((error) => error instanceof ClaimLostError)).toBe(true);
  });

  it.each([
    ['stolen', steal],
    ['removed by hand', removeByHand],
  ])('has removed what the new owner does not find, or removes nothing: %s', async (_, take) => {
    const outcomes: string[] = [];
    for (let call = 0; ; call++) {
      const result = await sleepingAt(call, (former) => former.remove('old'), take);
      if (result === null) break;
      expect(result.left).toEqual(result.found);
      outcomes.push(result.found.length === 0 ? 'removed' : 'refused');
    }
    expect(outcomes[0]).toBe('refused');
    expect(outcomes.at(-1)).toBe('removed');
  });
});

describe('real processes', () => {
  afterEach(Writer.killAll);

  it('one that is stopped keeps its lock', async () => {
    const directory = await temporaryDirectory();
    const first = await Writer.started(directory);
    first.send({ checkpoint: true });
    await first.next('completed');
    first.signal('SIGSTOP');
    const second = new Writer();
    second.send({ start: { directory } });
    const refusal = await second.next('error');
    expect(refusal.code).toBe('storage-locked');
    expect(refusal.message).toContain(`in use by process ${first.pid}: `);
    first.signal('SIGCONT');
    first.send({ checkpoint: true });
    expect(await first.next('completed')).toMatchObject({ id: 2 });
  }, 60_000);

  it.each(['removed by hand', 'taken over'])(
    'one that was stopped, and whose lock was %s, cannot complete a checkpoint, and learns who has it',
    async (how) => {
      const directory = await temporaryDirectory();
      const first = await Writer.started(directory);
      first.send({ checkpoint: true });
      expect(await first.next('completed')).toMatchObject({ id: 1 });
      first.signal('SIGSTOP');
      if (how === 'removed by hand') await rm(join(directory, '.lock'), { recursive: true });
      const second = new Writer();
      second.send({ start: { directory, takeOver: how === 'taken over' } });
      await second.next('started');
      second.send({ checkpoint: true });
      expect(await second.next('completed')).toMatchObject({ id: 2 });
      const theirs = await readFile(join(directory, 'checkpoint-000000000002'));

      first.send({ checkpoint: true });
      first.signal('SIGCONT');
      const failed = await first.next('failed');
      expect(failed).toMatchObject({ reason: 'claim-lost' });
      expect(failed.message).toContain(`: process ${second.pid} of host '`);
      expect(await first.next('error')).toMatchObject({ code: 'claim-lost' });
      expect(await readFile(join(directory, 'checkpoint-000000000002'))).toEqual(theirs);
      expect(await visible(directory)).toEqual(['checkpoint-000000000001', 'checkpoint-000000000002']);
      second.send({ checkpoint: true });
      expect(await second.next('completed')).toMatchObject({ id: 3 });
    },
    60_000,
  );

  it('stopped again and again in the middle of their work: what they completed the next one has found', async () => {
    const directory = await temporaryDirectory();
    let writer = new Writer();
    writer.send({ start: { directory, isBusy: true } });
    let completed = (await writer.next('completed')).id;
    for (let round = 0; round < caseCount(6); round++) {
      await writer.next('completed');
      writer.signal('SIGSTOP');
      const former = writer;
      writer = new Writer();
      writer.send({ start: { directory, isBusy: true, takeOver: true } });
      const first = await writer.next('completed');
      former.signal('SIGCONT');
      await former.next('error');
      for (const answer of former.answers) if (answer.is === 'completed') completed = Math.max(completed, answer.id);
      expect(first.id).toBeGreaterThan(completed);
      completed = first.id;
    }
  }, 120_000);
});
