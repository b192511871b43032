// Bundles what users typically import and compares the brotli size with the golden numbers in etc/size.json
// (after `npm run build`); `--update` rewrites them.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const goldenFile = new URL('../etc/size.json', import.meta.url);
const golden = JSON.parse(readFileSync(goldenFile, 'utf8'));
const entry = {
  'rxjs-checkpoint': './dist/esm/index.js',
  'rxjs-checkpoint/operators': './dist/esm/operators/index.js',
  'rxjs-checkpoint/localforage': './dist/esm/localforage/index.js',
};

for (const fixture of golden.imports) {
  const { outputFiles } = await build({
    stdin: { contents: fixture.code, resolveDir: new URL('..', import.meta.url).pathname },
    alias: entry,
    tsconfigRaw: {}, // its paths would lead to src
    external: ['rxjs', 'localforage'],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', logLevel: 'error' },
  });
  const sizeBytes = brotliCompressSync(outputFiles[0].contents).length;
  const failed = Math.abs(sizeBytes - fixture.sizeBytes) > golden.toleranceBytes;
  console.log(
    `${failed ? 'CHANGED' : 'ok     '} ${fixture.name}: ${sizeBytes} B brotli, golden ${fixture.sizeBytes} B`,
  );
  if (process.argv.includes('--update')) fixture.sizeBytes = sizeBytes;
  else if (failed) process.exitCode = 1;
}
if (process.argv.includes('--update')) writeFileSync(goldenFile, `${JSON.stringify(golden, null, 2)}\n`);
else if (process.exitCode) console.log('If this is meant, run `npm run size:update` and commit etc/size.json.');
