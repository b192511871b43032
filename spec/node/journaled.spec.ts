import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { filter as rxFilter, firstValueFrom, Subject } from 'rxjs';

import { CheckpointSubject, journaled, scan, uid } from '../../src/index.js';
import { fileStorage } from '../../src/node/fileStorage.js';
import { temporaryDirectory } from './temporaryDirectory.js';

test('a journal in files goes on behind the checkpoint', async () => {
  const directory = await temporaryDirectory();
  const journals = (): string[] => readdirSync(directory).filter((name) => name.startsWith('journal-'));
  const checkpoints = new CheckpointSubject({ storage: fileStorage(directory), retained: 1 });
  const sums: number[] = [];
  for (let life = 0; life < 4; life++) {
    const events = new Subject<number>();
    const sum$ = checkpoints.recover(
      journaled(events).pipe(
        uid('events'),
        scan((sum, n) => sum + n, 0),
        uid('sum'),
      ),
    );
    const seen = new Subject<number>();
    const subscription = sum$.subscribe(seen);
    while (!events.observed) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const n of [1, 2, 3]) {
      const goal = life * 6 + [1, 3, 6][n - 1]!;
      const arrived = firstValueFrom(seen.pipe(rxFilter((sum) => sum === goal)));
      events.next(n);
      sums.push(await arrived);
      if (n === 2 && life % 2 === 1) await checkpoints.checkpoint();
    }
    expect(journals().length).toBeGreaterThan(0);
    subscription.unsubscribe();
  }
  expect(sums[sums.length - 1]).toBe(24);
});
