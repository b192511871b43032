// `npm run soak -- --checkpoints N --seed S`: so many checkpoints at random load, with crashes in between; then looks at
// what is stored. See docs/reliability.md.
import { parseArgs } from 'node:util';
import Table from 'cli-table3';

import type { SoakFigures } from './soak.js';
import { soak } from './soak.js';

const { values } = parseArgs({
  options: { checkpoints: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const [checkpoints, seed] = [Number(values.checkpoints), Number(values.seed)];
if (!Number.isSafeInteger(checkpoints) || checkpoints < 1 || !Number.isSafeInteger(seed) || seed < 0) {
  console.error('Usage: npm run soak -- [--checkpoints N] [--seed S], both whole numbers');
  process.exit(2);
}

const head = ['checkpoints', 'crashes', 'starts', 'names stored', 'KiB stored', 'MiB written', 'MiB heap'];
const table = new Table({ head, colAligns: head.map(() => 'right' as const) });
const row = (f: SoakFigures): string[] => [
  ...[f.completed, f.crashes, f.restores, f.names, Math.round(f.storedBytes / 1024)].map(String),
  ...[(f.writtenBytes / 2 ** 20).toFixed(1), (f.heapBytes / 2 ** 20).toFixed(1)],
];
const startedAt = process.hrtime.bigint();
table.push(row(await soak({ seed, checkpoints, onFigures: (figures) => table.push(row(figures)) })));
console.log(table.toString());
const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
console.log(`${seconds.toFixed(1)} s. The storage holds what the retained checkpoints need, and nothing else of ours.`);
