import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
// Class fields are assigned, not defined (decision 0131).
const tsconfigRaw = readFileSync('tsconfig.json', 'utf8');
const packages = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
/** Those that `require` does not load everywhere: in CommonJS we have them in ourselves (decision 0228). */
const esmOnly = ['devalue'];

rmSync('dist', { recursive: true, force: true });

/** Strips the types; `tsc` checks them and writes the declarations. */
const stripTypes = {
  name: 'strip-types',
  resolveId(source, importer) {
    return importer?.endsWith('.ts') && /^\.{1,2}\//.test(source)
      ? this.resolve(source.replace(/\.js$/, '.ts'), importer)
      : null;
  },
  async transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    return transform(code, { loader: 'ts', target: 'es2022', tsconfigRaw, sourcefile: id, sourcemap: true });
  },
};

/** Puts each of `esmOnly` into one module. */
const bundlePackages = {
  name: 'bundle-packages',
  resolveId: (source) => (esmOnly.includes(source) ? `\0${source}` : null),
  async load(id) {
    if (!esmOnly.includes(id.slice(1))) return null;
    const entry = fileURLToPath(import.meta.resolve(id.slice(1)));
    const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'esm' });
    return outputFiles[0].text;
  },
};

/** What the licence of a bundled package asks for. */
function notice({ moduleIds: [id] }) {
  const name = esmOnly.find((bundled) => id === `\0${bundled}`);
  if (name === undefined) return '';
  const licence = readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim().replaceAll('*/', '* /');
  return `/*\nThis file is made of the package ${name}:\n\n${licence}\n*/`;
}

/** Makes Node read dist/cjs as CommonJS, though the package says "type": "module". */
const commonjsMarker = {
  name: 'commonjs-marker',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{"type":"commonjs"}\n' });
  },
};

const isPackage = (id, names) => names.some((name) => id === name || id.startsWith(`${name}/`));
const shared = {
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
  // As package.json says; otherwise imports that are not needed would stay for their effects.
  treeshake: { moduleSideEffects: false },
};
const output = { preserveModules: true, preserveModulesRoot: 'src', sourcemap: true };

export default [
  {
    ...shared,
    external: (id) => id.startsWith('node:') || isPackage(id, packages),
    plugins: [stripTypes],
    output: { ...output, dir: 'dist/esm', format: 'es' },
  },
  {
    ...shared,
    external: (id) => id.startsWith('node:') || (isPackage(id, packages) && !esmOnly.includes(id)),
    plugins: [stripTypes, bundlePackages],
    output: {
      ...output,
      dir: 'dist/cjs',
      format: 'cjs',
      exports: 'named',
      interop: 'auto',
      banner: notice,
      plugins: [commonjsMarker],
    },
  },
];
