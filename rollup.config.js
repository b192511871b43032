import { readFileSync, rmSync } from 'node:fs';
import { transform } from 'esbuild';

const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
// Class fields are assigned, not defined (decision 0131).
const tsconfigRaw = readFileSync('tsconfig.json', 'utf8');
const external = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];

/** Strips the types; `tsc` checks them and writes the declarations. */
const stripTypes = {
  name: 'strip-types',
  buildStart() {
    rmSync('dist', { recursive: true, force: true });
  },
  resolveId(source, importer) {
    return importer && /^\.{1,2}\//.test(source) ? this.resolve(source.replace(/\.js$/, '.ts'), importer) : null;
  },
  async transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    return transform(code, { loader: 'ts', target: 'es2022', tsconfigRaw, sourcefile: id, sourcemap: true });
  },
};

/** Makes Node read dist/cjs as CommonJS, though the package says "type": "module". */
const commonjsMarker = {
  name: 'commonjs-marker',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{"type":"commonjs"}\n' });
  },
};

export default {
  input: {
    index: 'src/index.ts',
    'operators/index': 'src/operators/index.ts',
    'node/index': 'src/node/index.ts',
    'opentelemetry/index': 'src/opentelemetry/index.ts',
    'localforage/index': 'src/localforage/index.ts',
    'testing/index': 'src/testing/index.ts',
    'ajax/index': 'src/ajax/index.ts',
    'fetch/index': 'src/fetch/index.ts',
    'webSocket/index': 'src/webSocket/index.ts',
    'inspect/index': 'src/inspect/index.ts',
  },
  external: (id) => id.startsWith('node:') || external.some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [stripTypes],
  // As package.json says; otherwise imports that are not needed would stay for their effects.
  treeshake: { moduleSideEffects: false },
  output: [
    { dir: 'dist/esm', format: 'es', preserveModules: true, preserveModulesRoot: 'src', sourcemap: true },
    {
      dir: 'dist/cjs',
      format: 'cjs',
      preserveModules: true,
      preserveModulesRoot: 'src',
      sourcemap: true,
      exports: 'named',
      interop: 'auto',
      plugins: [commonjsMarker],
    },
  ],
};
