// Bundles the command into dist/command.js (after rollup): with the packages that it needs, so that nobody has to install
// them, and without the library itself, which it imports as any program would.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
const outfile = resolve(root, 'dist/command.js');
const banner = [
  '#!/usr/bin/env node',
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url);', // for the packages that are CommonJS
];

const { metafile } = await build({
  entryPoints: [resolve(root, 'src/command/main.ts')],
  absWorkingDir: root,
  outfile,
  ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20.19', logLevel: 'error', metafile: true },
  tsconfigRaw: {}, // its paths would lead to src
  external: ['rxjs-checkpoint', 'rxjs-checkpoint/*', '@colors/colors'],
  define: { VERSION: JSON.stringify(version) },
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: banner.join('\n') },
});

/** What the licences of the bundled packages ask for. */
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
);
const notices = [...packages].sort().map((path) => {
  const folder = resolve(root, path);
  const name = path.replace('node_modules/', '');
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file, so it cannot be bundled`);
  return `${name}\n\n${readFileSync(resolve(folder, file), 'utf8').trim().replaceAll('*/', '* /')}`;
});
const code = readFileSync(outfile, 'utf8');
writeFileSync(outfile, `${code}\n/*\nThis file contains:\n\n${notices.join('\n\n---\n\n')}\n*/\n`);
chmodSync(outfile, 0o755);
