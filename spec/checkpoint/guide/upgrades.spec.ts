import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { Subject } from 'rxjs';
import type { CheckpointStorage, RestoreReport } from 'rxjs-checkpoint';
import {
  CheckpointSubject,
  exportSavepoint,
  fromObservable,
  importSavepoint,
  listSavepoints,
  memoryStorage,
  OrphanedSnapshotError,
  removeSavepoint,
  scan,
  uid,
} from 'rxjs-checkpoint';
import { fileStorage } from 'rxjs-checkpoint/node';

import { temporaryDirectory } from '../../node/temporaryDirectory.js';
import { settled } from '../../support/Observed.js';

/** What the program of last week was. */
const flights$ = new Subject<number>();
const delays$ = fromObservable(flights$, { hot: true }).pipe(uid('delays'));
const total$ = delays$.pipe(
  scan((sum, delay) => sum + delay, 0),
  uid('total'),
);

/** Runs it for a while, and stops it with a savepoint. */
async function lastWeek(): Promise<CheckpointStorage> {
  const storage = memoryStorage();
  const checkpoints = new CheckpointSubject({ storage });
  checkpoints.recover(total$).subscribe();
  await settled();
  for (const delay of [10, 0, 25]) flights$.next(delay);

  const savepoint = await checkpoints.stop({ savepoint: 'before-deploy' });
  console.log(`savepoint '${savepoint.name}' of checkpoint ${savepoint.checkpointId}, ${savepoint.sizeBytes} bytes`);

  await settled();
  return storage;
}

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

afterEach(() => {
  jest.restoreAllMocks();
});

it('begins with a savepoint', async () => {
  const checkpoints = new CheckpointSubject({ storage: await lastWeek() });
  const values: number[] = [];
  const reports: RestoreReport[] = [];

  checkpoints
    .recover(total$, { from: 'before-deploy', onRestore: (report) => reports.push(report) })
    .subscribe((total) => values.push(total));

  await settled();
  flights$.next(5);
  expect(values).toEqual([40]);
  expect(reports[0]?.matched).toEqual(['delays', 'total']);
  await checkpoints.stop();
});

it('goes from one storage to another', async () => {
  const storage = await lastWeek();
  const directory = await temporaryDirectory();
  const path = join(directory, 'before-deploy.savepoint');

  await writeFile(path, await exportSavepoint(storage, 'before-deploy'));
  // Elsewhere, over another storage:
  const elsewhere = fileStorage(join(directory, 'state'));
  await importSavepoint(elsewhere, await readFile(path), { name: 'before-deploy' });
  expect(await listSavepoints(elsewhere)).toEqual(['before-deploy']);
  await removeSavepoint(elsewhere, 'before-deploy');

  expect(await listSavepoints(elsewhere)).toEqual([]);
});

it('takes a new name and a new shape along', async () => {
  const storage = await lastWeek();
  const next$ = delays$.pipe(
    scan(({ sum, count }, delay) => ({ sum: sum + delay, count: count + 1 }), { sum: 0, count: 0 }),
    uid('delay-stats', {
      was: 'total',
      version: 2,
      migrate: (sum: number) => ({ sum, count: 0 }),
    }),
  );

  const checkpoints = new CheckpointSubject({ storage });
  const check = await checkpoints.check(next$);
  expect(check.problems).toEqual([]);
  expect(check.renamed).toEqual([{ operator: 'delay-stats', was: 'total' }]);
  expect(check.migrated).toEqual([{ operator: 'delay-stats', from: 1, to: 2 }]);

  const later$ = delays$.pipe(
    scan((stats, delay) => ({ ...stats, sum: stats.sum + delay }), { sum: 0, count: 0, longest: 0 }),
    uid('delay-stats', {
      was: 'total',
      version: 3,
      migrate: {
        1: (sum: number) => ({ sum, count: 0 }),
        2: (stats: { sum: number; count: number }) => ({ ...stats, longest: 0 }),
      },
    }),
  );
  expect((await checkpoints.check(later$)).migrated).toEqual([{ operator: 'delay-stats', from: 1, to: 3 }]);
});

it('does not start when state would be lost, unless that is meant', async () => {
  const storage = await lastWeek();
  const checkpoints = new CheckpointSubject({ storage });

  const { orphaned, problems } = await checkpoints.check(delays$);
  expect(orphaned).toEqual(['total']);
  expect(problems[0]).toBeInstanceOf(OrphanedSnapshotError);
  const meant = await checkpoints.check(delays$, { allowNonRestoredState: true });
  expect(meant.problems).toEqual([]);
});
