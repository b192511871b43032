import fc from 'fast-check';

import { repeatableSpecs } from '../support/InputSpec.js';
import type { FileSpec } from './FileSpec.js';
import { fileSpecs } from './FileSpec.js';
import type { ListSpec } from './ListInput.js';

/** What a pipeline reads at its own pace. */
export type SourceSpec = FileSpec | ListSpec;

/** One to two inputs, of which one at least is a file. */
export const sourcesOf = (length: number): fc.Arbitrary<readonly SourceSpec[]> => {
  const file = fileSpecs(length);
  const list = fc.record({
    kind: fc.constantFrom('array' as const, 'observable' as const, 'remote' as const),
    input: repeatableSpecs(length),
  });
  return fc
    .tuple(file, fc.option(fc.oneof(file, list), { freq: 2 }))
    .map(([first, second]) => (second ? [first, second] : [first]));
};

export function describeSource(source: SourceSpec): string {
  return source.kind === 'file' ? `a file ${JSON.stringify(source)}` : `${source.kind} of ${String(source.input)}`;
}
