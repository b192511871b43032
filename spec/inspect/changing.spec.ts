import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import type { CheckpointedObservable } from 'rxjs-checkpoint';
import {
  CheckpointSubject,
  fromObservable,
  groupBy,
  memoryStorage,
  mergeMap,
  scan,
  share,
  StorageLockedError,
  uid,
} from 'rxjs-checkpoint';
import {
  collectGarbage,
  diffCheckpoints,
  editSnapshot,
  exportCheckpoint,
  importCheckpoint,
  listCheckpoints,
  readCheckpoint,
  readSnapshot,
  removeCheckpoint,
  renameOperator,
  verifyStorage,
} from 'rxjs-checkpoint/inspect';

const input$ = new Subject<string>();

/** How many values each letter has had; groups, a shared stream and inner pipelines with state. */
function counting(names: {
  shared: string;
  groups: string;
  inner: string;
  count: string;
}): CheckpointedObservable<string> {
  return fromObservable(input$, { hot: true }).pipe(
    uid('letters'),
    share(),
    uid(names.shared),
    groupBy((letter) => letter),
    uid(names.groups),
    mergeMap((group) =>
      group.pipe(
        scan((seen, letter) => seen + letter, ''),
        uid(names.inner),
      ),
    ),
    uid(names.count),
  );
}

async function run(
  storage: ReturnType<typeof memoryStorage>,
  pipeline$: CheckpointedObservable<string>,
  letters: string,
  from?: string,
): Promise<string[]> {
  const checkpoints = new CheckpointSubject({ storage });
  const out: string[] = [];
  let failure: unknown = null;
  const subscription = checkpoints
    .recover(pipeline$, from === undefined ? {} : { from })
    .subscribe({ next: (value) => out.push(value), error: (error: unknown) => (failure = error) });
  for (let i = 0; !input$.observed && failure === null; i++) {
    if (i === 1_000) throw new Error('the source was never opened: a branch is missing');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (failure !== null) throw failure;
  for (const letter of letters) input$.next(letter);
  await checkpoints.checkpoint();
  subscription.unsubscribe();
  while (!(await isFree(storage))) await new Promise((resolve) => setTimeout(resolve, 1));
  return out;
}

async function isFree(storage: ReturnType<typeof memoryStorage>): Promise<boolean> {
  try {
    await (await storage.lock!()).release();
    return true;
  } catch (error) {
    if (error instanceof StorageLockedError) return false;
    throw error;
  }
}

const old = { shared: 'shared', groups: 'groups', inner: 'seen', count: 'all' };

test.each(['shared', 'groups', 'inner', 'count'] as const)(
  'a pipeline in which %s has another uid goes on where it was, after the rename',
  async (which) => {
    const storage = memoryStorage();
    await run(storage, counting(old), 'abab');
    const renamed = { ...old, [which]: 'other' };
    await expect(run(storage, counting(renamed), 'c')).rejects.toThrow('has no operator for');
    const from = which === 'inner' ? 'all[*]/seen' : old[which];
    await renameOperator(storage, 'latest', { from, to: 'other', savepoint: 'renamed' });
    expect(await run(storage, counting(renamed), 'abc', 'renamed')).toEqual(['aaa', 'bbb', 'c']);
  },
);

test('an edited state is what a restore goes on with', async () => {
  const storage = memoryStorage();
  await run(storage, counting(old), 'aab');
  const snapshot = (await readSnapshot(storage, 'latest', 'all[0]/seen')) as { state: { value: string } };
  expect(snapshot.state.value).toBe('aa');
  snapshot.state.value = 'edited-';
  const { diff, savepoint } = await editSnapshot(storage, 'latest', {
    operator: 'all[0]/seen',
    snapshot: snapshot,
    savepoint: 'edited',
  });
  expect(diff.changes).toEqual([{ path: 'state.value', change: 'changed', before: 'aa', after: 'edited-' }]);
  expect(savepoint).toMatchObject({ name: 'edited', checkpointId: 1, pipelines: { main: 'running' } });
  expect(await run(storage, counting(old), 'ab', 'edited')).toEqual(['edited-a', 'bb']);
});

test.each([
  ['all', null],
  ['all[0]/seen', null],
])('a state of another shape is refused by the name of its operator: %s', async (operator, state) => {
  const storage = memoryStorage();
  await run(storage, counting(old), 'aab');
  const snapshot = { ...((await readSnapshot(storage, 'latest', operator)) as object), state };
  await editSnapshot(storage, 'latest', { operator, snapshot, savepoint: 'edited' });
  await expect(run(storage, counting(old), 'ab', 'edited')).rejects.toMatchObject({
    code: 'unreadable-snapshot',
    operator: expect.stringContaining(operator),
  });
});

test('an exported checkpoint goes on in another storage', async () => {
  const [here, there] = [memoryStorage(), memoryStorage()];
  await run(here, counting(old), 'ab');
  await importCheckpoint(there, await exportCheckpoint(here, 'latest'), { name: 'carried' });
  expect(await run(there, counting(old), 'ab', 'carried')).toEqual(['aa', 'bb']);
});

test('the same functions work on every storage', async () => {
  const storage = memoryStorage();
  for (const letters of ['ab', 'c', 'a']) await run(storage, counting(old), letters);
  const [newest, ...others] = await listCheckpoints(storage);
  expect(newest).toMatchObject({ reference: '3', status: 'intact', pipelines: { main: 'running' }, neededBy: [] });
  expect(others.map(({ reference }) => reference)).toEqual(['2', '1']);
  const { operators } = await readCheckpoint(storage, 3);
  expect(operators.map(({ name }) => name)).toEqual([
    'all',
    'all[0]/seen',
    'all[1]/seen',
    'all[2]/seen',
    'groups',
    'letters',
    'shared',
  ]);
  const diff = await diffCheckpoints(storage, 1, 3);
  expect(diff.operators.filter(({ change }) => change === 'added').map(({ name }) => name)).toEqual(['all[2]/seen']);
  expect(diff.operators.find(({ name }) => name === 'all[0]/seen')?.changes).toContainEqual({
    path: 'state.value',
    change: 'changed',
    before: 'a',
    after: 'aa',
  });
  expect(await verifyStorage(storage)).toMatchObject({ isIntact: true, restoresFrom: '3', orphans: [], damages: [] });
  expect(await collectGarbage(storage, { retained: 1 })).toEqual({ removed: [], sizeBytes: 0 }); // 3 refers to both others
  await removeCheckpoint(storage, 3, { force: true });
  expect((await verifyStorage(storage)).restoresFrom).toBe('2');
});

test('two that change one storage at once: one is refused, and nothing is half done', async () => {
  const storage = memoryStorage();
  await run(storage, counting(old), 'ab');
  const outcomes = await Promise.allSettled([
    renameOperator(storage, 1, { from: 'all', to: 'x', savepoint: 'same' }),
    renameOperator(storage, 1, { from: 'all', to: 'y', savepoint: 'same' }),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await verifyStorage(storage)).isIntact).toBe(true);
  // The lock was given back by both.
  expect(await isFree(storage)).toBe(true);
});

test('a storage that cannot be given back does not hide what went wrong before', async () => {
  const storage = memoryStorage();
  storage.lock = () => Promise.resolve({ release: () => Promise.reject(new Error('gone')) });
  await expect(removeCheckpoint(storage, 'latest')).rejects.not.toThrow('gone');
});
