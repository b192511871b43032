// Makes one file of the simulation, which runs faster than what `tsx` makes of its parts.
import { build } from 'esbuild';

await build({
  entryPoints: ['spec/simulation/main.ts'],
  outfile: process.argv[2] ?? 'node_modules/.cache/simulation.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'es2022',
  packages: 'external',
  logLevel: 'error',
});
