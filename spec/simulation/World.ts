import fc from 'fast-check';

import { inners } from '../support/cases/inners.js';
import { synchronous } from '../support/cases/synchronous.js';
import { isAsInRxjs, sharesWithoutUid } from '../support/chains.js';
import { operatorCases } from '../support/operatorCases.js';
import type { JobWorld } from '../support/checkpointLaw.js';
import { jobWorlds, jobWorldsOf, LONGEST_CHAIN } from '../support/checkpointLaw.js';
import type { DiskKind } from './diskOf.js';
import { disks } from './diskOf.js';
import { pipelinesWithSharedPart } from './sharedWorlds.js';
import type { NamedUse, SimulatedPipeline } from './SimulatedPipeline.js';
import { usesOf } from './SimulatedPipeline.js';
import { describeSource, sourcesOf } from './SourceSpec.js';

/** A job, and what happens to it. */
export interface World {
  /**
   * What its inputs are: they have their times; or are asynchronous ones, which take their barriers when they like; or are
   * hot, and journaled; or are files, and others that are read at the pace of the job.
   */
  readonly inputs: InputKind;
  readonly pipelines: readonly SimulatedPipeline[];
  /** Whether they share what their first two operators are. */
  readonly isShared: boolean;
  /** Chances per step. */
  readonly triggers: { readonly between: number; readonly within: number };
  /** How often per step all pipelines are unsubscribed, and subscribed again at once, if there is one or they share a part. */
  readonly restarts: number;
  /** How often per step somebody else comes to take the storage, with a whole job of its own. */
  readonly thefts: number;
  /** How often per step a savepoint is taken, and how often a life begins with one. */
  readonly savepoints: number;
  /** How often a life begins with another version of the program. */
  readonly deploys: number;
  /** How often a life that begins with a checkpoint finds that the clock has jumped. */
  readonly jumps: number;
  /** Whether the first input goes by the clock. The others have a time of their own. */
  readonly catchesUp: boolean;
  /** Whether plain inners take their time to repeat what they had emitted. */
  readonly repeatsSlowly: boolean;
  readonly retained: number;
  readonly policies: WorldPolicies;
  /** What the job stores its checkpoints on. */
  readonly disk: DiskKind;
  /** How often time passes while the disk is at work. */
  readonly slowness: number;
  /** Whether the disk misbehaves. */
  readonly isFaulty: boolean;
  /** Whether a kill tears the file that is being written. */
  readonly tears: boolean;
  /** The seed of all decisions. */
  readonly decisions: number;
}

export const inputKinds = ['timed', 'remote', 'journaled', 'files'] as const;
export type InputKind = (typeof inputKinds)[number];

/** How its checkpoints are taken. */
export interface WorldPolicies {
  readonly mode: 'exactly-once' | 'at-least-once';
  readonly maxConcurrent: number;
  readonly minPauseMs: number;
  readonly timeoutMs: number;
  /** Whether encoding is interrupted wherever that is possible. */
  readonly isSliced: boolean;
  readonly inlineThresholdBytes: number;
}

/** Pipelines with operators of these. */
const pipelinesOf = (
  uses: fc.Arbitrary<NamedUse>,
  longest: number,
  world: fc.Arbitrary<JobWorld>,
): fc.Arbitrary<SimulatedPipeline> =>
  fc.record({
    uses: fc.array(uses, { minLength: 1, maxLength: longest }).filter((named) => {
      const chain = named.map(({ use }) => use);
      return isAsInRxjs(chain) && !sharesWithoutUid(chain);
    }),
    world,
  });

/** What the smallest jobs are built on, those of one operator. */
const smallWorlds = jobWorldsOf(3);

/** One or two pipelines, with so many operators at most. */
function oneOrTwo(uses: fc.Arbitrary<NamedUse>, operators: number): fc.Arbitrary<SimulatedPipeline[]> {
  const worlds = operators === 1 ? smallWorlds : jobWorlds;
  const pipelines = (most: number): fc.Arbitrary<SimulatedPipeline> =>
    pipelinesOf(uses, Math.min(LONGEST_CHAIN, most), worlds);
  const one = pipelines(operators).map((pipeline) => [pipeline]);
  if (operators < 2) return one;
  const two = fc.array(pipelines(Math.floor(operators / 2)), { minLength: 2, maxLength: 2 });
  return fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: two });
}

/** So many operators have the largest jobs. */
export const MOST_OPERATORS = 2 * LONGEST_CHAIN;

const timed = (operators: number) =>
  oneOrTwo(usesOf(operatorCases), operators).map((pipelines) => ({ inputs: 'timed' as const, pipelines }));
/** What plain inners repeat, after more than one restore. */
const rerun = (operators: number) =>
  oneOrTwo(usesOf(inners), operators).map((pipelines) => ({
    inputs: 'timed' as const,
    pipelines: pipelines.map(({ uses, world }) => ({ uses, world: { ...world, innersArePlain: true } })),
  }));
const remote = (operators: number) =>
  oneOrTwo(usesOf(synchronous), operators).map((pipelines) => ({ inputs: 'remote' as const, pipelines }));
const shared = pipelinesWithSharedPart.map((pipelines) => ({ inputs: 'timed' as const, isShared: true, pipelines }));

const hot = (operators: number) =>
  oneOrTwo(usesOf(synchronous), operators).map((pipelines) => ({ inputs: 'journaled' as const, pipelines }));

/** Errors of a file come in a life, and not in another one. */
const read = (operators: number) => {
  const sources = sourcesOf(operators === 1 ? 3 : 6);
  const pipelines = oneOrTwo(
    usesOf(synchronous).filter(({ use }) => !use.code.includes('error throws')),
    operators,
  );
  return fc.tuple(pipelines, sources, sources).map(([all, ...each]) => ({
    inputs: 'files' as const,
    pipelines: all.map((pipeline, i) => ({ ...pipeline, sources: each[i]! })),
  }));
};

/** In at-least-once mode what operators make of repeated records cannot be foreseen: they are handed on as they are. */
const repeated = (operators: number) =>
  remote(operators).map((world) => ({
    ...world,
    pipelines: world.pipelines.map((pipeline) => ({ ...pipeline, uses: [] })),
  }));

const policiesOf = (mode: WorldPolicies['mode']): fc.Arbitrary<WorldPolicies> =>
  fc.record({
    mode: fc.constant(mode),
    maxConcurrent: fc.constantFrom(1, 1, 2, 3),
    minPauseMs: fc.constantFrom(0, 0, 0, 3, 20),
    timeoutMs: fc.constantFrom(1_000, 1_000, 1_000, 4, 15),
    isSliced: fc.boolean(),
    inlineThresholdBytes: fc.constantFrom(0, 0, 100),
  });

/** What begins with parts that are shared has so many operators. */
export const OF_SHARED = 4;

function mayDeploy({ mode }: WorldPolicies): boolean {
  // Values that come again are counted again.
  return mode === 'exactly-once';
}

/**
 * Where a claim can only be asked for, a thief writes what it found of a journal again. If a disk tears that, which none
 * may, it is lost.
 */
function mayTakeAgain(inputs: World['inputs'], { disk, thefts }: Pick<World, 'disk' | 'thefts'>): boolean {
  return inputs !== 'journaled' || disk !== 'asked' || thefts === 0;
}

const chance = fc.constantFrom(0.02, 0.1, 0.4, 1);

/** Jobs with so many operators at most. */
export const worldsOf = (operators: number): fc.Arbitrary<World> =>
  fc
    .tuple(
      fc.oneof(
        { weight: 14, arbitrary: fc.tuple(timed(operators), policiesOf('exactly-once')) },
        { weight: 2, arbitrary: fc.tuple(rerun(operators), policiesOf('exactly-once')) },
        { weight: 4, arbitrary: fc.tuple(remote(operators), policiesOf('exactly-once')) },
        ...(operators < OF_SHARED ? [] : [{ weight: 2, arbitrary: fc.tuple(shared, policiesOf('exactly-once')) }]),
        { weight: 2, arbitrary: fc.tuple(hot(operators), policiesOf('exactly-once')) },
        { weight: 4, arbitrary: fc.tuple(read(operators), policiesOf('exactly-once')) },
        { weight: 1, arbitrary: fc.tuple(repeated(operators), policiesOf('at-least-once')) },
      ),
      fc.record({
        triggers: fc.record({ between: chance, within: fc.constantFrom(0, 0, 0.2, 1) }),
        restarts: fc.constantFrom(0, 0, 0.02, 0.1),
        thefts: fc.constantFrom(0, 0, 0, 0, 0.01, 0.05),
        savepoints: fc.constantFrom(0, 0, 0.02, 0.1),
        deploys: fc.constantFrom(0, 0, 0, 0.3),
        jumps: fc.constantFrom(0, 0, 0.3, 1),
        catchesUp: fc.boolean(),
        repeatsSlowly: fc.boolean(),
        retained: fc.integer({ min: 1, max: 3 }),
        disk: fc.constantFrom(...disks),
        slowness: fc.constantFrom(0, 0, 0.3, 0.8),
        isFaulty: fc.boolean(),
        tears: fc.boolean(),
        decisions: fc.noShrink(fc.nat()),
      }),
    )
    .map(([[what, policies], how]) => ({
      ...{ isShared: false, ...what, policies, ...how },
      deploys: mayDeploy(policies) ? how.deploys : 0,
      ...(mayTakeAgain(what.inputs, how) ? {} : { isFaulty: false, tears: false }),
    }));

/** The world in the words of a person who has to find out what went wrong. */
export function describeWorld({ pipelines: all, ...rest }: World): string {
  const lines = all.map(({ uses: chain, world, sources }, i) => {
    const inputs = sources?.map(describeSource).join(', ') ?? world.inputs.map(String).join(', ');
    const inners = `${world.innersArePlain ? 'plain' : 'checkpointed'} inners ${world.inners.map(String).join(', ')}`;
    return `  pipeline ${i}: ${chain.map(({ use }) => use.code).join(' → ')}\n    inputs ${inputs}\n    ${inners}`;
  });
  return `${lines.join('\n')}\n  ${JSON.stringify(rest)}`;
}
