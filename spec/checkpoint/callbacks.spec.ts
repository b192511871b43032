import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';
import { memoryStorage } from '../../src/storage/memoryStorage.js';
import { VirtualTime } from '../../src/testing/VirtualTime.js';
import type { CallbackLifeOptions, Place } from '../support/CallbackLife.js';
import { CallbackLife } from '../support/CallbackLife.js';
import type { JobWorld } from '../support/checkpointLaw.js';
import { jobWorlds } from '../support/checkpointLaw.js';
import { operatorCases } from '../support/operatorCases.js';
import { caseCount, seed } from '../support/seed.js';
import type { OperatorUse } from '../support/Stage.js';

let uninstall: () => void;

beforeEach(() => {
  uninstall = VirtualTime.install();
});

afterEach(() => uninstall());

const places: readonly Place[] = ['a callback', 'the consumer', 'a snapshot', 'a subscriber of the checkpoints'];

/** The world around the lives of one job. */
class Trial {
  private readonly memory = new Map<string, number>();
  private readonly storage = memoryStorage();

  constructor(
    private readonly use: OperatorUse,
    private readonly world: JobWorld,
  ) {}

  live(onCall: CallbackLifeOptions['onCall'], startsAt = 0): Promise<CallbackLife> {
    return this.begin(this.memory, onCall, startsAt).live();
  }

  /** The life after, at the moment of its checkpoint, which only that knows: a life that leaves no trace has read it. */
  async restored(): Promise<CallbackLife> {
    const { storage } = this;
    const reader = this.begin(new Map(this.memory), () => {}, 0, {
      read: (name) => storage.read(name),
      list: () => storage.list(),
      write: async () => {},
      remove: async () => {},
      description: storage.description,
    });
    await reader.live(0);
    return this.live(() => {}, reader.restoredFrom.now);
  }

  private begin(
    memory: Map<string, number>,
    onCall: CallbackLifeOptions['onCall'],
    startsAt: number,
    storage: CheckpointStorage = this.storage,
  ): CallbackLife {
    const { use, world } = this;
    return new CallbackLife({ use, world, memory, storage, startsAt, onCall });
  }
}

function ask(place: Place, life: CallbackLife): void {
  // Not after each of its own, or there is no end.
  if (place !== 'a subscriber of the checkpoints' || life.completed % 3 === 0) life.checkpoints.next();
}

describe('checkpoints that are asked for in every callback', () => {
  test.each(operatorCases)('of $name change nothing', async ({ uses }) => {
    const inJobs = uses.filter(({ options }) => options.notInJobs === undefined);
    await fc.assert(
      fc.asyncProperty(inJobs, jobWorlds, async (use, world) => {
        const undisturbed = await new Trial(use, world).live(() => {});
        const disturbed = await new Trial(use, world).live(ask);
        expect(disturbed.outputs).toEqual(undisturbed.outputs);
        // What cannot be taken in time is no failure of an operator.
        expect(
          disturbed.failures.filter(
            (failure) => !/^(too-many-pending|cancelled|not-running|finished|aborted)/.test(failure),
          ),
        ).toEqual([]);
      }),
      { numRuns: caseCount(4), seed },
    );
  });

  test.each(operatorCases)('of $name restore, whoever leaves when', async ({ uses }) => {
    const inJobs = uses.filter(({ options }) => options.notInJobs === undefined);
    const leaving = fc.record({ place: fc.constantFrom(...places), after: fc.nat({ max: 12 }) });
    await fc.assert(
      fc.asyncProperty(inJobs, jobWorlds, leaving, async (use, world, { place, after }) => {
        const { outputs } = await new Trial(use, world).live(() => {});
        const trial = new Trial(use, world);
        let calls = 0;
        const first = await trial.live((from, life) => {
          if (from === place && calls++ === after) life.leave();
          else ask(from, life);
        });
        expect(outputs.slice(0, first.outputs.length)).toEqual(first.outputs);
        if (!first.hasLeft) return; // It has ended, and stays so.
        const { outputs: rest, restoredFrom } = await trial.restored();
        expect(rest).toEqual(outputs.slice(restoredFrom.outputs));
      }),
      { numRuns: caseCount(6), seed },
    );
  });

  test.each(operatorCases)('of $name survive an error that is thrown while one is wanted', async ({ uses }) => {
    const inJobs = uses.filter(({ options }) => options.notInJobs === undefined);
    await fc.assert(
      fc.asyncProperty(inJobs, jobWorlds, fc.nat({ max: 8 }), async (use, world, after) => {
        const throwing = (asks: typeof ask) => {
          let calls = 0;
          return (place: Place, life: CallbackLife): void => {
            asks(place, life);
            if (place === 'a callback' && calls++ === after) throw new RangeError('by a callback');
          };
        };
        const untroubled = await new Trial(use, world).live(() => {});
        const undisturbed = await new Trial(use, world).live(throwing(() => {}));
        const trial = new Trial(use, world);
        const disturbed = await trial.live(throwing(ask));
        expect(disturbed.outputs).toEqual(undisturbed.outputs);
        const { outputs: rest, restoredFrom } = await trial.restored();
        // A restart goes on behind the error if it had been handled, and else where nothing was thrown yet.
        const possible = [untroubled, undisturbed].map(({ outputs }) => outputs.slice(restoredFrom.outputs));
        if (!disturbed.hasCompleted) expect(possible).toContainEqual(rest);
      }),
      { numRuns: caseCount(4), seed },
    );
  });
});
