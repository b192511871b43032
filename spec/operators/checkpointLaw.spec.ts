import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { isAsInRxjs, sharesWithoutUid } from '../support/chains.js';
import { chained, isAsynchronous, jobWorlds, LawCheck, LONGEST_CHAIN } from '../support/checkpointLaw.js';
import { operatorCases } from '../support/operatorCases.js';
import { caseCount, seed } from '../support/seed.js';
import type { OperatorUse } from '../support/Stage.js';

const inJobs = (uses: fc.Arbitrary<OperatorUse>): fc.Arbitrary<OperatorUse> =>
  uses.filter(({ options }) => options.notInJobs === undefined);

describe('restored from a checkpoint at any moment', () => {
  test.each(operatorCases)('$name goes on as if nothing had happened', ({ uses, effort = 1 }) => {
    fc.assert(
      fc.property(inJobs(uses), jobWorlds, ({ apply, options }, world) => {
        const check = new LawCheck((rx, [stage]) => apply(rx, stage!), world);
        const likeRxjs = options.differsInJobs === undefined || isAsynchronous(world);
        expect(check.differences({ likeRxjs, remains: options.remainsInJob !== undefined })).toEqual([]);
      }),
      // The simulation kills the same cases, in another 120,000 ways.
      { numRuns: caseCount(70 * effort), seed },
    );
  });

  test('operators in a row go on as if nothing had happened', () => {
    const anyUse = fc.oneof(...operatorCases.map(({ uses }) => inJobs(uses)));
    const chains = fc
      .array(anyUse, { minLength: 2, maxLength: LONGEST_CHAIN })
      .filter((uses) => !sharesWithoutUid(uses));
    fc.assert(
      fc.property(chains, jobWorlds, (uses, world) => {
        const likeRxjs = isAsInRxjs(uses);
        const remains = uses.some(({ options }) => options.remainsInJob !== undefined);
        expect(new LawCheck(chained(uses), world).differences({ likeRxjs, remains })).toEqual([]);
      }),
      { numRuns: caseCount(500), seed },
    );
  });
});
