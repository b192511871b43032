// Bundles what users typically import as a page's bundler does, and compares the brotli sizes with the golden numbers in
// etc/size.json (after `npm run build`); `--update` rewrites them. What a page loads at its start counts apart from what
// it loads later, should it need it: bundlers put that into a file of its own. One that does not has all in one file.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';

const goldenFile = new URL('../etc/size.json', import.meta.url);
const golden = JSON.parse(readFileSync(goldenFile, 'utf8'));
const entries = {
  'rxjs-checkpoint': '../dist/esm/index.js',
  'rxjs-checkpoint/operators': '../dist/esm/operators/index.js',
  'rxjs-checkpoint/localforage': '../dist/esm/localforage/index.js',
};
const external = ['rxjs', 'localforage'];
// As bundlers do for a page that is published.
const define = { 'process.env.NODE_ENV': '"production"' };

/** The user's module, our package, and its dependencies, of which some are CommonJS. */
const modules = (code) => ({
  name: 'modules',
  resolveId(id) {
    if (id in entries) return fileURLToPath(new URL(entries[id], import.meta.url));
    return /^[./\0]|^[A-Z]:/.test(id) || external.includes(id) ? null : `\0${id}`;
  },
  async load(id) {
    if (id === '\0user') return code;
    if (!id.startsWith('\0')) return null;
    const { outputFiles } = await build({
      entryPoints: [id.slice(1)],
      bundle: true,
      write: false,
      format: 'esm',
      define,
    });
    return outputFiles[0].text;
  },
});

/** Of each file on its own, as it is downloaded, summed up. */
async function measure(code) {
  const plugins = [modules(code)];
  // As package.json says of ours.
  const treeshake = { moduleSideEffects: false };
  const options = { input: 'user', external, plugins, treeshake, preserveEntrySignatures: 'allow-extension' };
  const { output } = await (await rollup(options)).generate({ format: 'es' });
  const atStart = new Set();
  const visit = (fileName) => {
    const file = output.find((other) => other.fileName === fileName);
    if (file === undefined || atStart.has(file)) return;
    atStart.add(file);
    file.imports.forEach(visit);
  };
  visit(output.find((file) => file.isEntry).fileName);
  const sizes = { sizeBytes: 0, laterBytes: 0 };
  for (const file of output) {
    const minified = await transform(file.code, { minify: true, format: 'esm', target: 'es2022' });
    sizes[atStart.has(file) ? 'sizeBytes' : 'laterBytes'] += brotliCompressSync(minified.code).length;
  }
  return sizes;
}

for (const fixture of golden.imports) {
  const { sizeBytes, laterBytes } = await measure(fixture.code);
  const wanted = { sizeBytes: fixture.sizeBytes, laterBytes: fixture.laterBytes ?? 0 };
  const difference = Math.max(Math.abs(sizeBytes - wanted.sizeBytes), Math.abs(laterBytes - wanted.laterBytes));
  const failed = difference > golden.toleranceBytes;
  console.log(
    `${failed ? 'CHANGED' : 'ok     '} ${fixture.name}, brotli: ${sizeBytes} B at the start, golden ${wanted.sizeBytes} B; ` +
      `${laterBytes} B later, golden ${wanted.laterBytes} B`,
  );
  if (process.argv.includes('--update')) Object.assign(fixture, { sizeBytes, laterBytes });
  else if (failed) process.exitCode = 1;
}
if (process.argv.includes('--update')) writeFileSync(goldenFile, `${JSON.stringify(golden, null, 2)}\n`);
else if (process.exitCode) console.log('If this is meant, run `npm run size:update` and commit etc/size.json.');
