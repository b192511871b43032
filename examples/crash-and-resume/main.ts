import { parseArgs } from 'node:util';

import { crashAndResume } from './crashAndResume.js';
import { messageOf } from './messageOf.js';
import { readTextFile } from './readTextFile.js';

const { values, positionals } = parseArgs({ options: { seed: { type: 'string' } }, allowPositionals: true });
const [path] = positionals;
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);

try {
  process.exitCode = path === undefined ? await crashAndResume(seed) : await readTextFile(path);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
