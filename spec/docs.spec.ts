import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { describe, expect, test } from '@jest/globals';

const root = resolve(__dirname, '..');

const pages = [root, join(root, 'docs'), join(root, 'docs/decisions')]
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'))
  .map((path) => relative(root, path));

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const prose = text.replace(/```.*?```/gs, '');

  test('links to what is there', () => {
    const targets = [...prose.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, target]) => target!);
    const missing = targets.filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });

  test('names files that are there', () => {
    const paths = [...prose.matchAll(/`((?:src|spec|spec-types|docs|examples|scripts|bench)\/[^`\s*<>]*)`/g)];
    const missing = paths.map(([, path]) => path!).filter((path) => !exists(path));
    expect(missing).toEqual([]);
  });
});

/** A file may be named without `.ts`. */
function exists(path: string): boolean {
  return existsSync(join(root, path)) || existsSync(join(root, `${path}.ts`));
}

test.each([
  ['docs/testing.md', 'spec/testing/guide/', ['recovers'], 4],
  ['docs/upgrades.md', 'spec/checkpoint/guide/', ['upgrades'], 5],
  ['docs/operators-of-your-own.md', 'spec/operators/guide/', ['movingAverage', 'later'], 4],
])('the code in %s is that of files that run', (page, folder, files, most) => {
  const guide = readFileSync(join(root, page), 'utf8');
  const program = files.map((file) => readFileSync(join(root, folder, `${file}.spec.ts`), 'utf8')).join('\n');
  const blocks = [...guide.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!.trim());
  expect(blocks.length).toBeGreaterThan(most);
  for (const block of blocks) expect(program).toContain(block);
});
