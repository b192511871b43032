import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lastValueFrom, toArray } from 'rxjs';

import {
  CheckpointSubject,
  concatMap,
  delay,
  FileReplacedError,
  LineTooLongError,
  memoryStorage,
  of,
  scan,
  uid,
} from '../../src/index.js';
import { fromFile, lines } from '../../src/node/index.js';

describe('fromFile', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rxjs-checkpoint-'));
    path = join(directory, 'lines.txt');
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  const inJob = (file = path, maxLineBytes?: number) =>
    new CheckpointSubject({ storage: memoryStorage() }).recover(
      fromFile(file, lines(maxLineBytes === undefined ? {} : { maxLineBytes })),
    );

  test('gives the lines and completes, outside of a job and inside one', async () => {
    writeFileSync(path, 'one\r\ntwo\n\nfour');
    const expected = ['one', 'two', '', 'four'];
    const outside: string[] = [];
    await fromFile(path, lines()).forEach((line) => outside.push(line));
    expect(outside).toEqual(expected);
    expect(await lastValueFrom(inJob().pipe(toArray()))).toEqual(expected);
  });

  test('a record that cannot be read is an error after the records before it', async () => {
    writeFileSync(path, `short\n${'x'.repeat(1_000)}\n`);
    const seen: unknown[] = [];
    for (const file$ of [fromFile(path, lines({ maxLineBytes: 100 })), inJob(path, 100)]) {
      await new Promise<void>((resolve) => {
        file$.subscribe({ next: (line) => seen.push(line), error: (error: unknown) => (seen.push(error), resolve()) });
      });
    }
    expect(seen).toEqual(['short', expect.any(LineTooLongError), 'short', expect.any(LineTooLongError)]);
  });

  test('a file that was replaced is refused before anything flows, also what the pipeline held back', async () => {
    writeFileSync(path, Array.from({ length: 2_000 }, (_, i) => `line ${i}\n`).join(''));
    const storage = memoryStorage();
    const pipeline = () =>
      fromFile(path, lines()).pipe(
        uid('file'),
        concatMap((line) => of(line).pipe(delay(0))),
        uid('slow'),
        scan((count) => count + 1, 0),
        uid('count'),
      );
    const checkpoints = new CheckpointSubject({ storage });
    await new Promise<void>((resolve) => {
      const running = checkpoints.recover(pipeline()).subscribe((count) => {
        if (count !== 5) return;
        void checkpoints.checkpoint().then(() => {
          running.unsubscribe();
          resolve();
        });
      });
    });

    writeFileSync(path, Array.from({ length: 3_000 }, (_, i) => `Line ${i}\n`).join(''));
    const seen: unknown[] = [];
    await new Promise<void>((resolve) => {
      checkpoints.recover(pipeline()).subscribe({
        next: (count) => seen.push(count),
        error: (error: unknown) => (seen.push(error), resolve()),
      });
    });
    expect(seen).toEqual([expect.any(FileReplacedError)]);
  });
});
