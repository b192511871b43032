import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CheckpointStorage } from 'rxjs-checkpoint';
import { fileStorage } from 'rxjs-checkpoint/node';

import type { Pack, PackContent } from '../../src/checkpoint/store/buildPack.js';
import { buildPack } from '../../src/checkpoint/store/buildPack.js';
import { checksum } from '../../src/checkpoint/store/checksum.js';
import { runSample } from '../inspect/sampleJob.js';
import { temporaryDirectory } from '../node/temporaryDirectory.js';
import type { CommandOptions } from './commandLine.js';
import { commandLine } from './commandLine.js';

const TIMEOUT_MS = 60_000;
const start = commandLine();
let sample: string;
let folder: string;

beforeAll(async () => {
  sample = await mkdtemp(join(tmpdir(), 'rxjs-checkpoint-sample-'));
  (await runSample(fileStorage(join(sample, 'state')), join(sample, 'flights.csv')))();
}, TIMEOUT_MS);
afterAll(() => rm(sample, { recursive: true }));
beforeEach(async () => {
  folder = await temporaryDirectory();
  await cp(join(sample, 'state'), join(folder, 'state'), {
    recursive: true,
    filter: (path) => !path.endsWith('.lock'),
  });
});

/** What the command prints, without what differs from run to run. */
/** A user who may write nowhere. */
const NOBODY = 65_534;

async function run(args: string, options: Partial<CommandOptions> = {}): Promise<string> {
  const { code, stdout, stderr } = await start(args.split(' '), { cwd: folder, ...options });
  const text = `${stdout}${stderr === '' ? '' : `--- stderr\n${stderr}`}--- exit ${code}`;
  return text.replaceAll(folder, '/work').replace(/process \d+/g, 'process N');
}

async function exitCode(args: string, options: Partial<CommandOptions> = {}): Promise<number | null> {
  return (await start(args.split(' '), { cwd: folder, ...options })).code;
}

async function json<T>(args: string): Promise<T> {
  const { stdout, stderr, code } = await start(args.split(' '), { cwd: folder });
  if (stderr !== '') throw new Error(`${args} exits with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

const state = (name: string): string => join(folder, 'state', name);
const checkpoint = (id: number): string => state(`checkpoint-${String(id).padStart(12, '0')}`);

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  await writeFile(path, bytes);
}

describe('what it prints', () => {
  test.each([
    ['ls state'],
    ['ls state --json'],
    ['show state latest'],
    ['show state 4 --json'],
    ['show state 1'],
    ['cat state latest total-delay'],
    ['cat state 4 last-clicks'],
    ['cat state 4 flights'],
    ['diff state 3 4'],
    ['diff state 1 3 --limit 1'],
    ['diff state 3 4 --json'],
    ['verify state'],
    ['verify state --json'],
    ['rename state latest total-delay delay-in-minutes --as renamed'],
    ['rename state latest airports origins --as renamed --json'],
    ['export state latest all.savepoint'],
    ['export state latest all.savepoint --json'],
    ['rm state 2'],
    ['gc state --dry-run --retained 1'],
    ['gc state --retained 1'],
    ['gc state'],
  ])(
    '%s',
    async (args) => {
      expect(await run(args)).toMatchSnapshot();
    },
    TIMEOUT_MS,
  );

  test.each(['', 'ls', 'show', 'cat', 'diff', 'verify', 'rename', 'edit', 'export', 'import', 'rm', 'gc'])(
    'help: %s',
    async (name) => {
      expect(await run(`${name} --help`.trim())).toMatchSnapshot();
    },
    TIMEOUT_MS,
  );
});

test(
  'docs/command.md shows what it prints',
  async () => {
    const page = await readFile(join(__dirname, '../../docs/command.md'), 'utf8');
    const blocks = [...page.matchAll(/```text\n\$ npx rxjs-checkpoint (.*)\n([^]*?)\n```/g)];
    const edited = (await json<object>('cat state latest total-delay')) as { state: { value: number } };
    edited.state.value = 60;
    await writeFile(join(folder, 'edited.json'), JSON.stringify(edited));
    const shown = new Map(blocks.map(([, args, output]) => [args!, output!]));
    expect(shown.size).toBeGreaterThan(9);
    for (const args of shown.keys()) {
      const { stdout, stderr } = await start(args.split(' '), { cwd: folder });
      expect([args, `${stdout}${stderr}`.trimEnd()]).toEqual([args, shown.get(args)]);
    }
  },
  TIMEOUT_MS,
);

test(
  'many inner pipelines are shown in one line, and wide characters are aligned',
  async () => {
    const chunk = Buffer.from('[{"state":-1,"pipelines":1},[2],"main"]');
    const names = [
      '日本',
      'été',
      'sum',
      ...Array.from({ length: 11 }, (_, i) => `groups[${i}]/count`),
      'few[0]/x',
      'few[1]/x',
    ];
    const { bytes } = buildPack({
      id: 7,
      timestamp: Date.UTC(2026, 10, 21),
      meta: { pipelines: { main: 'running' }, serial: 0 },
      entries: new Map(names.map((name) => [name, chunk])),
    });
    await writeFile(checkpoint(7), bytes);
    expect(await run('show state 7')).toMatchSnapshot();
    expect((await run('show state 7 --all')).match(/groups\[/g)).toHaveLength(11);
  },
  TIMEOUT_MS,
);

describe('wrong usage exits with 2, failure with 1', () => {
  test.each([
    ['lss state', 2],
    ['ls', 2],
    ['ls state more', 2],
    ['ls state --jsn', 2],
    ['ls nowhere', 2],
    ['verify nowhere', 2],
    ['verify state/checkpoint-000000000001', 2],
    ['verify state --retained 0', 2],
    ['diff state 1 2 --limit many', 2],
    ['rename state 4 total-delay other', 2],
    ['edit state 4 total-delay --as edited', 2],
    ['edit state 4 total-delay --as edited --from nowhere.json', 2],
    ['show state 17', 1],
    ['show state before-deploy', 1],
    ['show state ../state', 1],
    ['cat state latest delay', 1],
    ['diff state 4 17', 1],
    ['rename state latest nobody other --as renamed', 1],
    ['rename state latest airports total-delay --as renamed', 1],
    ['rename state latest airports in/other --as renamed', 1],
    ['rename state latest total-delay total-delay --as renamed', 1],
    ['rename state latest airports other --as Renamed', 2],
    ['rename state latest airports other --as latest', 2],
    ['import state nowhere.savepoint --as imported', 2],
    ['import state state --as imported', 2],
    ['import state/checkpoint-000000000001 state/checkpoint-000000000001 --as imported', 2],
    ['import state state/checkpoint-000000000001 --as savepoint-a', 2],
    ['export state 4 nowhere/all.savepoint', 1],
    ['export state 4 state --force', 1],
    ['export state 4 - --json', 2],
    ['export state 17 all.savepoint', 1],
    ['rm state 17', 1],
    ['rm state 1', 1],
    ['rm state latest', 1],
  ])(
    '%s: %d',
    async (args, code) => {
      const printed = await run(args);
      expect(printed).toMatchSnapshot();
      expect(printed).toMatch(new RegExp(`--- exit ${code}$`));
      expect(await readdir(join(folder, 'state'))).toEqual(await readdir(join(folder, 'state')));
    },
    TIMEOUT_MS,
  );

  test(
    'without a command it prints its help, and exits with 2',
    async () => {
      const { code, stdout, stderr } = await start([], { cwd: folder });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('Usage: rxjs-checkpoint');
      expect(await exitCode('--version')).toBe(0);
    },
    TIMEOUT_MS,
  );
});

describe('directories of other kinds', () => {
  test.each(['ls', 'show', 'verify'])(
    '%s of an empty one and one with other files',
    async (name) => {
      await mkdir(join(folder, 'empty'));
      await mkdir(join(folder, 'other'));
      await writeFile(join(folder, 'other', 'notes.txt'), 'mine');
      const rest = name === 'show' ? ' latest' : '';
      expect(await run(`${name} empty${rest}`)).toMatchSnapshot();
      expect(await run(`${name} other${rest}`)).toMatchSnapshot();
      expect(await readdir(join(folder, 'empty'))).toEqual([]);
      expect(await readdir(join(folder, 'other'))).toEqual(['notes.txt']);
    },
    TIMEOUT_MS,
  );

  test(
    'looking at one changes nothing in it',
    async () => {
      const before = await readdir(join(folder, 'state'));
      for (const args of [
        'ls state',
        'show state 4',
        'cat state 4 shared',
        'diff state 3 4',
        'verify state',
        'gc state --dry-run',
        'export state 4 -',
      ])
        expect(await exitCode(args)).toBe(0);
      expect(await readdir(join(folder, 'state'))).toEqual(before);
    },
    TIMEOUT_MS,
  );

  test(
    'what cannot be read is listed as that, beside the rest, and gc does not take it for damage',
    async () => {
      const uid = process.getuid?.() === 0 ? NOBODY : undefined;
      await chmod(folder, 0o755);
      await chmod(checkpoint(3), 0);
      expect(await run('ls state', { uid })).toMatchSnapshot();
      const before = await readdir(join(folder, 'state'));
      expect(await exitCode('gc state', { uid })).toBe(1);
      expect(await readdir(join(folder, 'state'))).toEqual(before);
    },
    TIMEOUT_MS,
  );

  test(
    'one that is read-only can be looked at, and says why it is not changed',
    async () => {
      // Root may write everywhere.
      const uid = process.getuid?.() === 0 ? NOBODY : undefined;
      await chmod(folder, 0o755);
      await chmod(join(folder, 'state'), 0o555);
      expect(await exitCode('verify state', { uid })).toBe(0);
      expect(await run('rm state 2', { uid })).toContain('This user may not');
      await chmod(join(folder, 'state'), 0o755);
    },
    TIMEOUT_MS,
  );
});

describe('verify', () => {
  const damages: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a flipped bit in a header', () => flip(checkpoint(4), 9)],
    ['a flipped bit in a snapshot', () => flip(checkpoint(4), 40)],
    [
      'a flipped bit in a snapshot that newer ones refer to',
      async () => flip(checkpoint(1), (await readFile(checkpoint(1))).indexOf('"attempts"')),
    ],
    ['a flipped bit in a manifest', () => flip(checkpoint(4), -100)],
    ['a flipped bit in a trailer', () => flip(checkpoint(4), -20)],
    ['a file that is cut off', () => truncate(checkpoint(4), 1_000)],
    ['an empty file', () => truncate(checkpoint(4), 0)],
    ['a file that is none', () => writeFile(checkpoint(4), 'hello, world, this is text')],
    ['a file under another id', () => rename(checkpoint(4), checkpoint(9))],
    ['a pack that is missing', () => rm(checkpoint(1))],
    ['a journal with a flipped bit', async () => flip(await journal(), -5)],
    ['a checkpoint renamed to a savepoint', () => rename(checkpoint(4), state('savepoint-mine'))],
    [
      'a newer format',
      async () => {
        const bytes = await readFile(checkpoint(4));
        bytes.writeUInt32LE(3, 8);
        bytes.writeUInt32LE(checksum(bytes.subarray(0, 12)), 12);
        await writeFile(checkpoint(4), bytes);
      },
    ],
  ];

  async function journal(): Promise<string> {
    return state((await readdir(join(folder, 'state'))).find((name) => name.startsWith('journal-'))!);
  }

  test.each(damages)(
    'exits with 1 for %s',
    async (_, damage) => {
      await damage();
      const printed = await run('verify state');
      expect(printed).toMatchSnapshot();
      expect(printed).toMatch(/--- exit 1$/);
      expect(await run('ls state')).toMatchSnapshot();
    },
    TIMEOUT_MS,
  );

  test(
    'exits with 0 for what a process that was killed had not yet removed',
    async () => {
      await rm(join(folder, 'state'), { recursive: true });
      const first = await writePack(1, new Map([['old', Buffer.from('[{"state":-1}]')]]));
      await writePack(2, first.manifest.entries);
      for (const id of [3, 4, 5]) await writePack(id, new Map([['new', Buffer.from('[{"state":-1}]')]]));
      await rm(checkpoint(1));
      expect(await run('verify state')).toMatchSnapshot();
      expect(await exitCode('verify state')).toBe(0);
      expect(await exitCode('verify state --retained 4')).toBe(1); // then somebody else removed it
      expect(await run('gc state')).toMatchSnapshot();
      expect(await readdir(join(folder, 'state'))).toHaveLength(3);
    },
    TIMEOUT_MS,
  );

  async function writePack(id: number, entries: PackContent['entries']): Promise<Pack> {
    await mkdir(join(folder, 'state'), { recursive: true });
    const pack = buildPack({
      id,
      timestamp: Date.UTC(2026, 10, 21),
      meta: { pipelines: { main: 'running' }, serial: 0 },
      entries,
    });
    await writeFile(checkpoint(id), pack.bytes);
    return pack;
  }

  test(
    'with the number of checkpoints that the job keeps, older ones are orphans',
    async () => {
      const printed = await run('verify state --retained 1');
      expect(printed).toContain('orphan   checkpoint-000000000002');
      expect(printed).toMatch(/--- exit 0$/);
      expect(await run('gc state --retained 1')).toMatch(/--- exit 0$/);
      expect((await readdir(join(folder, 'state'))).filter((name) => name.startsWith('checkpoint'))).toEqual([
        'checkpoint-000000000001',
        'checkpoint-000000000003',
        'checkpoint-000000000004',
      ]);
      expect(await exitCode('verify state --retained 1')).toBe(0);
      expect(await exitCode('cat state latest shared')).toBe(0);
    },
    TIMEOUT_MS,
  );
});

describe('export and import', () => {
  test(
    'carry a checkpoint to another directory, byte for byte',
    async () => {
      expect(await exitCode('export state latest all.savepoint')).toBe(0);
      expect(await run('import elsewhere all.savepoint --as carried')).toMatchSnapshot();
      expect(await readFile(join(folder, 'elsewhere', 'savepoint-carried'))).toEqual(
        await readFile(join(folder, 'all.savepoint')),
      );
      for (const uid of ['shared', 'total-delay', 'flights', 'last-clicks'])
        expect(await run(`cat elsewhere carried ${uid}`)).toBe(await run(`cat state latest ${uid}`));
      expect(await exitCode('verify elsewhere')).toBe(0);
      expect(await run('show elsewhere carried')).toMatchSnapshot();
    },
    TIMEOUT_MS,
  );

  test(
    'overwrite nothing unasked',
    async () => {
      await writeFile(join(folder, 'all.savepoint'), 'mine');
      expect(await run('export state latest all.savepoint')).toMatchSnapshot();
      expect(await readFile(join(folder, 'all.savepoint'), 'utf8')).toBe('mine');
      expect(await exitCode('export state latest all.savepoint --force')).toBe(0);
      expect(await exitCode('import state all.savepoint --as mine')).toBe(0);
      expect(await run('import state all.savepoint --as mine')).toMatchSnapshot();
    },
    TIMEOUT_MS,
  );

  test(
    'leave no directory behind for what is none',
    async () => {
      await writeFile(join(folder, 'notes.txt'), 'mine');
      expect(await run('import elsewhere notes.txt --as mine')).toMatchSnapshot();
      expect(await exitCode('import elsewhere state/checkpoint-000000000001 --as latest')).toBe(2);
      expect(await readdir(folder)).toEqual(['notes.txt', 'state']);
    },
    TIMEOUT_MS,
  );

  test(
    'refuse what is damaged',
    async () => {
      expect(await exitCode('export state latest all.savepoint')).toBe(0);
      await flip(join(folder, 'all.savepoint'), 100);
      expect(await run('import state all.savepoint --as bad')).toMatchSnapshot();
      await flip(checkpoint(1), (await readFile(checkpoint(1))).indexOf('"attempts"'));
      expect(await run('export state latest other.savepoint')).toMatchSnapshot();
      expect(await readdir(folder)).toEqual(['all.savepoint', 'state']);
    },
    TIMEOUT_MS,
  );
});

describe('edit', () => {
  test(
    'takes JSON back in as a new savepoint',
    async () => {
      const edited = (await json<object>('cat state latest total-delay')) as { state: { value: number } };
      edited.state.value = 1_000;
      await writeFile(join(folder, 'edited.json'), JSON.stringify(edited));
      expect(await run('edit state latest total-delay --as repaired --from edited.json')).toMatchSnapshot();
      expect(await json('cat state repaired total-delay')).toEqual(edited);
      expect(await run('diff state latest repaired')).toMatchSnapshot();
      expect(await exitCode('verify state')).toBe(0);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['no JSON', '{'],
    ['no snapshot', '[1]'],
    ['a part left out', '{"state": 1}'],
    ['a part too many', '{"state": 1, "pipelines": ["delays"], "more": 1}'],
    ['another pipeline', '{"state": 1, "pipelines": ["others"]}'],
    ['no such notation', '{"state": {"$sett": []}, "pipelines": ["delays"]}'],
    ['a reference to nothing', '{"state": {"a": {"$ref": 7}}, "pipelines": ["delays"]}'],
  ])(
    'refuses %s',
    async (_, input) => {
      expect(await run('edit state latest total-delay --as repaired --from -', { input })).toMatchSnapshot();
      expect(await readdir(join(folder, 'state'))).not.toContain('savepoint-repaired');
    },
    TIMEOUT_MS,
  );
});

describe('beside a job', () => {
  let stop: () => void;
  let storage: CheckpointStorage;
  beforeEach(async () => {
    storage = fileStorage(join(folder, 'running'));
    stop = await runSample(storage, join(folder, 'running.csv'));
  }, TIMEOUT_MS);

  test(
    'looking works, and changing says who has the storage',
    async () => {
      for (const args of [
        'ls running',
        'show running latest',
        'verify running',
        'gc running --dry-run',
        'export running 4 a.savepoint',
      ])
        expect([args, await exitCode(args)]).toEqual([args, 0]);
      const before = await readdir(join(folder, 'running'));
      const changes = [
        'rename running latest total-delay other --as b',
        'import running a.savepoint --as b',
        'rm running 2',
        'gc running',
      ];
      for (const args of changes) expect(await run(args)).toMatchSnapshot();
      expect(await readdir(join(folder, 'running'))).toEqual(before);
      stop();
    },
    TIMEOUT_MS,
  );
});

describe('output', () => {
  test(
    'that nobody reads any more is no failure',
    async () => {
      const { stderr, code } = await start(['cat', 'state', 'latest', 'shared'], { cwd: folder, closesOutput: true });
      expect([stderr, code]).toEqual(['', 0]);
    },
    TIMEOUT_MS,
  );

  (existsSync('/dev/full') ? test : test.skip)(
    'that cannot be written is a failure in one line',
    async () => {
      const { stderr, code } = await start(['cat', 'state', 'latest', 'shared'], {
        cwd: folder,
        outputTo: '/dev/full',
      });
      expect(stderr).toBe('error: The output could not be written: ENOSPC: no space left on device, write.\n');
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );

  test(
    'has no colours unless it is a terminal',
    async () => {
      expect(await run('show state latest')).not.toContain('\u001b');
    },
    TIMEOUT_MS,
  );
});
