// Checks what users would install (after `npm run build`): packs it, lints the tarball, installs it into an empty
// project and uses it there as a Node, TypeScript and browser project would.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const portable = ['operators', 'localforage', 'testing', 'ajax', 'fetch', 'webSocket', 'inspect', 'opentelemetry'];
const browserEntries = ['rxjs-checkpoint', ...portable.map((name) => `rxjs-checkpoint/${name}`)];
const entries = [...browserEntries, 'rxjs-checkpoint/node'];
const temp = mkdtempSync(join(tmpdir(), 'rxjs-checkpoint-package-'));
const consumer = join(temp, 'consumer');

const run = (command, args, cwd = root) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
const bin = (name) => join(root, 'node_modules/.bin', name);

async function step(name, check) {
  try {
    await check();
    console.log(`ok     ${name}`);
  } catch (error) {
    console.log(
      `FAILED ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.stdout || error.stderr ? '' : error.message}`,
    );
    process.exitCode = 1;
  }
}

function pack() {
  return JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', temp]))[0];
}

function checkContents({ files }) {
  const paths = files.map((file) => file.path);
  const allowed =
    /^(package\.json|README\.md|LICENSE|dist\/cjs\/package\.json|dist\/command\.js|dist\/(esm|cjs)\/.+\.(js|js\.map|d\.ts))$/;
  const unexpected = paths.filter((path) => !allowed.test(path));
  const missing = ['README.md', 'LICENSE', 'dist/cjs/package.json', 'dist/command.js']
    .concat(
      ['esm', 'cjs'].flatMap((kind) =>
        ['ajax', 'fetch', 'webSocket', 'inspect', 'opentelemetry'].map((name) => `dist/${kind}/${name}/index.js`),
      ),
    )
    .concat(
      ['esm', 'cjs'].flatMap((kind) =>
        ['index.js', 'operators/index.js', 'node/index.js', 'localforage/index.js', 'testing/index.js'].map(
          (file) => `dist/${kind}/${file}`,
        ),
      ),
    )
    .concat(
      paths
        .filter((path) => path.endsWith('.js') && path !== 'dist/command.js' && !path.includes('/_virtual/'))
        .map((path) => path.replace(/\.js$/, '.d.ts')),
    )
    .filter((path) => !paths.includes(path));
  if (unexpected.length > 0) throw new Error(`not expected in the package: ${unexpected.join(', ')}`);
  if (missing.length > 0) throw new Error(`missing in the package: ${missing.join(', ')}`);
}

function install(tarball) {
  const versionOf = (name) => `${name}@${pkg.devDependencies[name]}`;
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
  run(
    'npm',
    ['install', ...options, tarball, ...['rxjs', 'localforage', '@opentelemetry/api', '@types/node'].map(versionOf)],
    consumer,
  );
}

/** One statement per entry that names something that must be there, so an empty or broken entry fails. */
function use(file, lineOf) {
  writeFileSync(join(consumer, file), entries.map(lineOf).join('\n'));
}

function checkImport() {
  use(
    'import.mjs',
    (entry, i) =>
      `import * as e${i} from '${entry}'; if (Object.keys(e${i}).length === 0) throw new Error('${entry} is empty');`,
  );
  run(process.execPath, ['import.mjs'], consumer);
}

function checkRequire() {
  use(
    'require.cjs',
    (entry) => `if (Object.keys(require('${entry}')).length === 0) throw new Error('${entry} is empty');`,
  );
  run(process.execPath, ['require.cjs'], consumer);
}

/** What is loaded when it is needed has to be found in both builds. */
function checkRareParts() {
  const code = `new CheckpointSubject({ storage: memoryStorage() }).check(of(1)).then(({ problems }) => {
    if (problems.length > 0) throw problems[0];
  });`;
  const names = '{ CheckpointSubject, memoryStorage, of }';
  writeFileSync(join(consumer, 'rare.mjs'), `import ${names} from 'rxjs-checkpoint';\n${code}`);
  writeFileSync(join(consumer, 'rare.cjs'), `const ${names} = require('rxjs-checkpoint');\n${code}`);
  for (const file of ['rare.mjs', 'rare.cjs']) run(process.execPath, [file], consumer);
}

/**
 * In jest as it comes, which has a `require` of its own: it loads no ESM. A checkpoint and a restore need all of our
 * dependencies.
 */
function checkJest() {
  const code = `
    ${entries.map((entry) => `test('${entry}', () => expect(Object.keys(require('${entry}'))).not.toEqual([]));`).join('\n')}
    test('a checkpoint', async () => {
      const { CheckpointSubject, memoryStorage, NEVER, concat, of, scan } = require('rxjs-checkpoint');
      const { firstValueFrom } = require('rxjs');
      const { readCheckpoint } = require('rxjs-checkpoint/inspect');
      const storage = memoryStorage();
      const sums$ = () => concat(of(1, 2), NEVER).pipe(scan((sum, n) => sum + n, 0));
      const first = new CheckpointSubject({ storage });
      first.recover(sums$()).subscribe();
      expect((await first.checkpoint()).id).toBe(1);
      await first.stop();
      await new Promise((resolve) => setTimeout(resolve));
      const second = new CheckpointSubject({ storage });
      const report = firstValueFrom(second.restores$);
      second.recover(sums$()).subscribe();
      expect((await report).checkpointId).toBe(2);
      await second.stop();
      expect(Object.keys((await readCheckpoint(storage, 2)).operators)).not.toEqual([]);
    });`;
  writeFileSync(join(consumer, 'package.test.cjs'), code);
  run(bin('jest'), ['--ci', 'package.test.cjs'], consumer);
}

/** As `npx` finds it, on a directory of its own. */
function checkCommand() {
  const help = run(join(consumer, 'node_modules/.bin/rxjs-checkpoint'), ['--help'], consumer);
  if (!help.includes('verify')) throw new Error(`its help is ${help}`);
  const report = run(join(consumer, 'node_modules/.bin/rxjs-checkpoint'), ['verify', '--json', '.'], consumer);
  if (JSON.parse(report).isIntact !== true) throw new Error(`verify says ${report}`);
}

/** `require` and `import` must offer the same names: a CommonJS build that lags behind is found here. */
function checkSameNames() {
  const code = entries.map(
    (entry) => `
    { const a = Object.keys(require('${entry}')).sort().join(); const b = Object.keys(await import('${entry}')).filter((n) => n !== 'default' && n !== 'module.exports').sort().join();
      if (a !== b) throw new Error('${entry}: require offers ' + a + ', import offers ' + b); }`,
  );
  writeFileSync(
    join(consumer, 'names.mjs'),
    `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);${code.join('')}`,
  );
  run(process.execPath, ['names.mjs'], consumer);
}

function checkTypes(file, module, moduleResolution) {
  use(
    file,
    (entry, i) => `import * as e${i} from '${entry}';\nexport const names${i}: number = Object.keys(e${i}).length;`,
  );
  const config = {
    compilerOptions: {
      ...{ strict: true, noEmit: true, target: 'ES2022', lib: ['ES2022', 'DOM'], types: ['node'], skipLibCheck: false },
      ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, module, moduleResolution },
    },
    files: [file],
  };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(config));
  run(bin('tsc'), ['-p', 'tsconfig.json'], consumer);
}

/** Bundles as a page would, without Node built-ins, and loads the bundle where no Node global exists. */
async function checkBrowserBundle(entry) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}';`, resolveDir: consumer },
    ...{ bundle: true, write: false, platform: 'browser', format: 'iife', globalName: 'bundle', logLevel: 'silent' },
  });
  const page = { console, setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, structuredClone };
  const web = { TextEncoder, TextDecoder, AbortController, Blob, URL, performance, crypto };
  const loaded = runInNewContext(`${outputFiles[0].text};bundle`, { ...page, ...web });
  if (Object.keys(loaded).length === 0) throw new Error(`${entry} is empty`);
}

await step('publint', () => run(bin('publint'), ['--strict', '--pack', 'npm']));
await step('attw', () => run(bin('attw'), ['--pack', '.', '--profile', 'node16']));
await step('contents', () => checkContents(pack()));
await step('install', () => install(join(temp, `${pkg.name}-${pkg.version}.tgz`)));
await step('import', checkImport);
await step('require', checkRequire);
await step('same names by import and require', checkSameNames);
await step('parts that are loaded later', checkRareParts);
await step('jest without configuration, CommonJS', checkJest);
await step('command', checkCommand);
await step('TypeScript, nodenext, ESM', () => checkTypes('esm.mts', 'NodeNext', 'NodeNext'));
await step('TypeScript, nodenext, CommonJS', () => checkTypes('cjs.cts', 'NodeNext', 'NodeNext'));
await step('TypeScript, bundler', () => checkTypes('bundler.ts', 'ESNext', 'Bundler'));
for (const entry of browserEntries) await step(`browser bundle of ${entry}`, () => checkBrowserBundle(entry));
rmSync(temp, { recursive: true, force: true });
