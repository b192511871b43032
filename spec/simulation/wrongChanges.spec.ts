import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { wrongChanges } from './wrongChanges.js';

const root = join(__dirname, '../..');

test('each wrong change that `npm run mutants` tries still fits the code, in one place', () => {
  const misfits = wrongChanges.filter(
    ({ file, from, to }) => from === to || readFileSync(join(root, file), 'utf8').split(from).length !== 2,
  );
  expect(misfits.map(({ what }) => what)).toEqual([]);
});

test('no two of them are called alike, so that one can be named', () => {
  expect(new Set(wrongChanges.map(({ what }) => what)).size).toBe(wrongChanges.length);
});
