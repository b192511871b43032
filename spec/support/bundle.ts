import type { BuildOptions, BuildResult } from 'esbuild';
import { build } from 'esbuild';

/** Makes one file of a program and all that it imports, this library's sources included. */
export function bundle(entry: string, outfile: string, options: BuildOptions): Promise<BuildResult> {
  return build({ entryPoints: [entry], outfile, bundle: true, target: 'es2022', logLevel: 'error', ...options });
}
