import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  catchError,
  CheckpointSubject,
  defer,
  map,
  memoryStorage,
  mergeMap,
  of,
  OrphanedSnapshotError,
  switchMap,
  uid,
} from '../../src/index.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';

/** Rejections that nobody has listened to: they would end the process. */
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => void process.off('unhandledRejection', note));

const never = new Promise<string>(() => {});

/** A request is running at the checkpoint; the next program asks again, and is refused. */
async function restarted() {
  const storage = memoryStorage();
  const log = new Log([1]);
  const pipeline = (request: (n: number) => Promise<string>): CheckpointedObservable<string> =>
    log.stream$.pipe(
      uid('log'),
      switchMap(request),
      uid('requests'),
      catchError((error: unknown) => of(`caught ${(error as Error).message}`)),
      uid('caught'),
    );
  const before = new CheckpointSubject({ storage });
  const seen = observe(before.recover(pipeline(() => never)));
  await settled();
  await before.checkpoint();
  seen.unsubscribe();
  await settled();
  log.write(2);
  const checkpoints = new CheckpointSubject({ storage });
  return { checkpoints, again$: pipeline((n) => Promise.reject(new Error(`refused ${n}`))) };
}

describe('a Promise that a restore asks for again, and that rejects', () => {
  test("is nobody else's, if a later value takes its place at once", async () => {
    const { checkpoints, again$ } = await restarted();
    const { values } = observe(checkpoints.recover(again$));
    await settled();
    await settled();
    expect(values).toEqual(['caught refused 2']);
    expect(unhandled).toEqual([]);
  });

  test('nor if check() has asked only', async () => {
    const { checkpoints, again$ } = await restarted();
    expect((await checkpoints.check(again$)).problems).toEqual([]);
    await settled();
    expect(unhandled).toEqual([]);
  });

  test('nor if the restore is refused', async () => {
    const { checkpoints, again$ } = await restarted();
    const refuse = (): never => {
      throw new Error('not today');
    };
    const seen = observe(checkpoints.recover(again$, { onRestore: refuse }));
    await settled();
    expect(seen.error).toEqual(new Error('not today'));
    expect(unhandled).toEqual([]);
  });
});

test('thousands of orphans of inner pipelines are told in one word', () => {
  const orphaned = Array.from({ length: 5_000 }, (_, i) => `per-key[${i}]/sum`);
  const report = { checkpointId: 1, pipeline: 'main', matched: orphaned, new: ['other', ...orphaned], orphaned };
  const { message } = new OrphanedSnapshotError({ ...report, renamed: [], migrated: [], waitsFor: [] });
  expect(message).toContain('has no operator for: per-key[*]/sum (5000). ');
  expect(message).toContain('another name: other, per-key[*]/sum (5000).');
  expect(message.length).toBeLessThan(1_000);
});

describe('a Promise that rejects, of a function that has ended everything first', () => {
  const failing = map<number, string>(() => {
    throw new Error('no');
  });

  test.each<[string, (ask: () => Promise<string>) => CheckpointedObservable<string>]>([
    ['catchError', (ask) => of(1).pipe(failing, catchError(ask))],
    ['defer', (ask) => defer(ask)],
  ])("is nobody else's in an inner pipeline (%s)", async (_, inner) => {
    const log = new Log<number>([]);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const asked: Promise<string>[] = [];
    const ask = (): Promise<string> => {
      seen.unsubscribe();
      const refused = Promise.reject(new Error('refused'));
      asked.push(refused);
      return refused;
    };
    const seen = observe(
      checkpoints.recover(
        log.stream$.pipe(
          uid('log'),
          mergeMap(() => inner(ask)),
          uid('asked'),
        ),
      ),
    );
    await settled();
    log.write(1);
    await settled();
    expect(asked).toHaveLength(1);
    expect(unhandled).toEqual([]);
  });
});
