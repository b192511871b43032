import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { PosixFiles } from '../../src/io/PosixFiles.js';
import { nodePosixFiles } from '../../src/node/nodePosixFiles.js';
import type { LossyFileSystemOptions } from '../../src/testing/LossyFileSystem.js';
import { LossyFileSystem } from '../../src/testing/LossyFileSystem.js';
import { temporaryDirectory } from '../node/temporaryDirectory.js';
import { settled } from '../support/Observed.js';
import { caseCount, seed } from '../support/seed.js';
import { everyOutcome } from './everyOutcome.js';

const pathNames = fc.constantFrom('a', 'b', 'a/a', 'a/b', 'b/a', 'a/b/c', 'c');

type Step = (files: PosixFiles, at: (path: string) => string) => Promise<unknown>;

async function put(files: PosixFiles, path: string, text: string): Promise<void> {
  const file = await files.open(path, 'wx');
  await file.writeFile(text);
  await file.writeFile(new TextEncoder().encode('.'));
  await file.close();
}

const steps: fc.Arbitrary<[string, Step]> = fc.oneof(
  pathNames.map((path): [string, Step] => [`mkdir ${path}`, (files, at) => files.mkdir(at(path))]),
  pathNames.map((path): [string, Step] => [
    `mkdir -p ${path}`,
    async (files, at) => (await files.mkdir(at(path), { recursive: true }))?.slice(at('').length),
  ]),
  pathNames.map((path): [string, Step] => [`put ${path}`, (files, at) => put(files, at(path), path)]),
  pathNames.map((path): [string, Step] => [`read ${path}`, (files, at) => files.readFile(at(path), 'utf8')]),
  pathNames.map((path): [string, Step] => [
    `list ${path}`,
    async (files, at) => (await files.readdir(at(path))).sort(),
  ]),
  fc
    .tuple(pathNames, pathNames)
    .map(([from, to]): [string, Step] => [`rename ${from} ${to}`, (files, at) => files.rename(at(from), at(to))]),
  pathNames.map((path): [string, Step] => [`rmdir ${path}`, (files, at) => files.rmdir(at(path))]),
  pathNames.map((path): [string, Step] => [`unlink ${path}`, (files, at) => files.unlink(at(path))]),
  pathNames.map((path): [string, Step] => [`rm ${path}`, (files, at) => files.rm(at(path))]),
  pathNames.map((path): [string, Step] => [
    `rm -rf ${path}`,
    (files, at) => files.rm(at(path), { recursive: true, force: true }),
  ]),
);

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error: unknown) => (error as { code: string }).code);
}

/** All that can be read, by path. */
async function contentOf(files: PosixFiles, path = '/'): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const entry of await files.readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    content[child] = entry.isFile() ? await files.readFile(child, 'utf8') : 'directory';
    if (!entry.isFile()) Object.assign(content, await contentOf(files, child));
  }
  return content;
}

it('behaves as the file system of the operating system while nothing crashes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 25 }), async (sequence) => {
      const real = await temporaryDirectory();
      const lossy = new LossyFileSystem({ seed });
      for (const [name, step] of sequence) {
        const expected = await outcomeOf(step(nodePosixFiles, (path) => join(real, path)));
        const found = await outcomeOf(step(lossy, (path) => `/${path}`));
        expect([name, typeof found === 'string' ? found.replace(/^\//, '') : found]).toEqual([
          name,
          typeof expected === 'string' ? expected.replace(/^\//, '') : expected,
        ]);
      }
    }),
    { seed, numRuns: caseCount(150) },
  );
}, 60_000);

type Setup = (files: LossyFileSystem) => Promise<void>;

/** All that a power failure may leave. */
async function outcomes(setup: Setup, options: Partial<LossyFileSystemOptions> = {}): Promise<string[]> {
  const files = new LossyFileSystem({ seed, ...options });
  await setup(files);
  const found = new Set<string>();
  await everyOutcome(async (choices) => {
    const content = await contentOf(files.crash(choices));
    found.add(
      Object.keys(content)
        .sort()
        .map((path) => `${path}=${content[path]?.replaceAll('\0', '0')}`)
        .join(' '),
    );
  });
  return [...found].sort();
}

async function write(files: LossyFileSystem, path: string, text: string, isSynced: boolean): Promise<void> {
  const file = await files.open(path, 'w');
  await file.writeFile(text);
  if (isSynced) await file.sync();
  await file.close();
}

async function sync(files: LossyFileSystem, path: string): Promise<void> {
  await (await files.open(path, 'r')).sync();
}

describe('a power failure', () => {
  it('loses or tears what was not synced of a file', async () => {
    const found = await outcomes(async (files) => {
      await write(files, '/a', 'xy', false);
      await sync(files, '/');
    });
    expect(found).toEqual(['/a=', '/a=00', '/a=x', '/a=x0', '/a=xy']);
  });

  it('loses the name of a file that was synced, if the directory was not', async () => {
    expect(await outcomes((files) => write(files, '/a', 'xy', true))).toEqual(['', '/a=xy']);
  });

  it('keeps what was synced', async () => {
    const found = await outcomes(async (files) => {
      await files.mkdir('/d');
      await write(files, '/d/a', 'xy', true);
      await sync(files, '/d');
      await sync(files, '/');
    });
    expect(found).toEqual(['/d=directory /d/a=xy']);
  });

  it('loses a synced file with a directory that is not durable in its parent', async () => {
    const found = await outcomes(async (files) => {
      await files.mkdir('/d');
      await write(files, '/d/a', 'xy', true);
      await sync(files, '/d');
    });
    expect(found).toEqual(['', '/d=directory /d/a=xy']);
  });

  it('leaves the old or the new under a name that a synced file was renamed to', async () => {
    const found = await outcomes(async (files) => {
      await write(files, '/a', 'old', true);
      await sync(files, '/');
      await write(files, '/t', 'new', true);
      await files.rename('/t', '/a');
    });
    expect(found).toEqual(['/a=new', '/a=old', '/a=old /t=new']);
  });

  it('tears what is written in place', async () => {
    const found = await outcomes(async (files) => {
      await write(files, '/a', 'old', true);
      await sync(files, '/');
      await write(files, '/a', 'new', false);
    });
    expect(found).toEqual(expect.arrayContaining(['/a=', '/a=n', '/a=new', '/a=old']));
  });

  it('takes changes of a directory back in any order, or the latest ones only', async () => {
    const setup: Setup = async (files) => {
      await files.mkdir('/a');
      await files.mkdir('/b');
    };
    const [a, b] = ['/a=directory', '/b=directory'];
    expect(await outcomes(setup)).toEqual(['', a, `${a} ${b}`, b]);
    expect(await outcomes(setup, { directories: 'ordered' })).toEqual(['', a, `${a} ${b}`]);
  });

  it('may bring back what was removed', async () => {
    const found = await outcomes(async (files) => {
      await write(files, '/a', 'x', true);
      await sync(files, '/');
      await files.unlink('/a');
    });
    expect(found).toEqual(['', '/a=x']);
  });
});

it('the death of a process loses nothing, and makes nothing durable', async () => {
  const files = new LossyFileSystem({ seed });
  await write(files, '/a', 'xy', false);
  const next = files.kill();
  expect(await contentOf(next)).toEqual({ '/a': 'xy' });
  const found = new Set<string | undefined>();
  await everyOutcome(async (choices) => {
    found.add((await contentOf(next.crash(choices)))['/a']);
  });
  expect(found).toEqual(new Set([undefined, '', 'x', 'xy', '\0\0', 'x\0']));
});

it('of two processes on the same files one may die', async () => {
  const files = new LossyFileSystem({ seed });
  const other = files.reopen();
  await write(files, '/a', 'x', false);
  files.kill();
  expect([files.hasCrashed, other.hasCrashed]).toEqual([true, false]);
  await write(other, '/b', 'y', false);
  expect(await contentOf(other)).toEqual({ '/a': 'x', '/b': 'y' });
});

it('the calls of a dead process never settle, and change nothing', async () => {
  const files = new LossyFileSystem({ seed });
  const file = await files.open('/a', 'wx');
  await sync(files, '/');
  let settledCalls = 0;
  const count = (): number => settledCalls++;
  void files.mkdir('/before').then(count, count);
  const next = files.kill();
  for (const call of [files.mkdir('/d'), file.writeFile('x'), files.readdir('/')]) void call.then(count, count);
  await settled();
  expect(settledCalls).toBe(0);
  expect(await contentOf(next)).toEqual({ '/a': '', '/before': 'directory' });
});

it('the same seed gives the same outcomes', async () => {
  const history = async (of: number): Promise<unknown[]> => {
    let files = new LossyFileSystem({ seed: of });
    const seen: unknown[] = [];
    for (let i = 0; i < 20; i++) {
      await write(files, `/${i % 3}`, `text ${i}`, false);
      files = files.crash();
      seen.push(await contentOf(files));
    }
    return seen;
  };
  expect(await history(1)).toEqual(await history(1));
  expect(await history(1)).not.toEqual(await history(2));
});
