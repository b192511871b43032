import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { fromObservable } from '../../src/sources/fromObservable.js';
import { ours, theirs } from '../support/Library.js';
import { operatorCases, refusedInJobs } from '../support/operatorCases.js';
import { recordInVirtualTime, scenarios } from '../support/recordInVirtualTime.js';
import { caseCount, seed } from '../support/seed.js';

describe('outside of a job', () => {
  test.each([...operatorCases, ...refusedInJobs])('$name behaves as in RxJS', ({ uses, effort = 1 }) => {
    fc.assert(
      fc.property(uses, scenarios, (operatorUse, scenario) => {
        const expected = recordInVirtualTime(theirs, operatorUse, scenario);
        expect(recordInVirtualTime(ours, operatorUse, scenario)).toEqual(expected);
        expect(recordInVirtualTime(ours, operatorUse, scenario, fromObservable)).toEqual(expected);
      }),
      { numRuns: caseCount(500 * effort), seed },
    );
  });
});
