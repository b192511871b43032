import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { crashAtEachStep } from '../../src/testing/crashes/crashAtEachStep.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { jobStages, jobWorlds, LAST_FRAME } from '../support/checkpointLaw.js';
import { ThrownByInput } from '../support/InputSpec.js';
import { ours } from '../support/Library.js';
import { operatorCases } from '../support/operatorCases.js';
import { caseCount, seed } from '../support/seed.js';

const errorTypes = [
  {
    name: 'ThrownByInput',
    is: (error: unknown) => error instanceof ThrownByInput,
    create: (message: string) => new ThrownByInput(message),
  },
];

describe('crashAtEachStep finds nothing wrong with', () => {
  test.each(operatorCases)(
    '$name',
    async ({ uses }) => {
      const inJobs = uses.filter(({ options }) => options.notInJobs === undefined);
      const property = fc.asyncProperty(inJobs, jobWorlds, async ({ apply }, world) => {
        // The world outside, which a crash does not reset.
        const memory = new Map<string, number>();
        const pipeline = (): CheckpointedObservable<unknown> =>
          apply(ours, jobStages(world, memory)[0]!) as CheckpointedObservable<unknown>;
        const storage = (): FaultyStorage => {
          memory.clear();
          return new FaultyStorage({ seed: 1 });
        };
        const test = crashAtEachStep(pipeline, { storage, errorTypes, untilMs: LAST_FRAME, mayFail: true });
        const report = await test.catch((error: Error) => {
          fc.pre(!error.message.includes('no checkpoint completed')); // It failed at once.
          fc.pre(!error.message.includes('emitted nothing')); // Nor would it ever.
          throw error;
        });
        expect(report.crashes).toBeGreaterThan(report.steps.length);
      });
      await fc.assert(property, { numRuns: caseCount(1), seed });
    },
    600_000,
  );
});
