import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { random } from '../../src/testing/random.js';
import { VirtualTime } from '../../src/testing/VirtualTime.js';
import { UselessProgram, ProgramTrial } from '../support/ProgramTrial.js';
import { programs, programsWithinTurns } from '../support/programs.js';
import { seed } from '../support/seed.js';

/** `PROGRAMS=100000 SEED=7 npx jest randomPrograms` for more of them, and others. */
const count = Number(process.env.PROGRAMS ?? 250);

let uninstall: () => void;
beforeAll(() => void (uninstall = VirtualTime.install()));
afterAll(() => uninstall());

/** What random programs have found, made shorter. */
test.each([
  [
    'a debounce that is over at a restore comes at the place of its timer',
    'return rx.timer(1.5).pipe(rx.concatMap(() => rx.interval(1.25).pipe(rx.take(3))), rx.debounceTime(1.875));',
  ],
])('%s', (_, program) => {
  for (let choices = 0; choices < 10; choices++)
    expect(new ProgramTrial(program, random(choices), 6).fault()).toBe(null);
});

test.each([
  ['a random program', programs, true],
  ['a random program within a turn', programsWithinTurns, false],
])(
  '%s goes on as RxJS does, wherever it is killed and whenever it is restored',
  (_, drawn, sharesAtStart) => {
    let restores = 0;
    const property = fc.property(drawn, fc.nat(), (program, choices) => {
      const trial = new ProgramTrial(program, random(choices), 6, sharesAtStart);
      try {
        expect(trial.fault()).toBe(null);
      } catch (error) {
        fc.pre(!(error instanceof UselessProgram));
        throw error;
      } finally {
        restores += trial.restores;
      }
    });
    fc.assert(property, { numRuns: count, seed, endOnFailure: false, verbose: 0 });
    expect(restores).toBeGreaterThan(count);
  },
  3_600_000,
);
