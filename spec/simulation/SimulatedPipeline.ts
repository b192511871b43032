import fc from 'fast-check';

import type { JobWorld } from '../support/checkpointLaw.js';
import type { OperatorCase, OperatorUse } from '../support/Stage.js';
import type { SourceSpec } from './SourceSpec.js';

/** One pipeline of a job. */
export interface SimulatedPipeline {
  readonly uses: readonly NamedUse[];
  readonly world: JobWorld;
  /** What it reads, in a world whose inputs are files. */
  readonly sources?: readonly SourceSpec[];
}

export interface NamedUse {
  /** The operator's name, for the report of what was covered. */
  readonly operator: string;
  readonly use: OperatorUse;
}

/** Those that may be in a job. */
export const usesOf = (cases: readonly OperatorCase[]): fc.Arbitrary<NamedUse> =>
  fc.oneof(
    ...cases.map(({ name, uses }) =>
      uses.filter(({ options }) => options.notInJobs === undefined).map((use) => ({ operator: name, use })),
    ),
  );
