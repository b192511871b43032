import type { Random } from '../../src/testing/random.js';

/** An operator of a program: it counts what comes by. Programs that come later may call it otherwise, or change its state. */
export interface Counter {
  readonly kind: string;
  /** How often it got another name. */
  readonly renames: number;
  /** Of its state. */
  readonly version: number;
}

/** A version of the program that makes a job of the pipelines: these are at the end of each. */
export interface Program {
  readonly counters: readonly Counter[];
  /** Whether it may begin without state for which it has no operator. */
  readonly allowsLoss: boolean;
}

export const FIRST_PROGRAM: Program = { counters: [{ kind: 'a', renames: 0, version: 1 }], allowsLoss: false };
export const PLAIN_PROGRAM: Program = { counters: [], allowsLoss: false };

const LAST_VERSION = 3;
const kinds = ['a', 'b', 'c'];

export type Deployment = 'rename' | 'upgrade' | 'add' | 'remove' | 'roll back';

/** A program that somebody deploys next, in place of the last of those that there were. */
export function nextProgram(before: readonly Program[], random: Random): { program: Program; change: Deployment } {
  const { counters } = before.at(-1)!;
  const change = random.pick<Deployment>(['rename', 'upgrade', 'add', 'remove', 'roll back']);
  const allowsLoss = random.chance(change === 'remove' || change === 'roll back' ? 0.6 : 0.1);
  const at = random.below(Math.max(1, counters.length));
  const changed = (how: (counter: Counter) => Counter): Counter[] => counters.map((c, i) => (i === at ? how(c) : c));
  const made = (those: readonly Counter[]): { program: Program; change: Deployment } => ({
    program: { counters: those, allowsLoss },
    change,
  });
  if (change === 'rename') return made(changed((c) => ({ ...c, renames: c.renames + 1 })));
  if (change === 'upgrade') return made(changed((c) => ({ ...c, version: Math.min(LAST_VERSION, c.version + 1) })));
  if (change === 'remove') return made(counters.filter((_, i) => i !== at));
  if (change === 'roll back') return made(random.pick(before).counters);
  const unused = kinds.filter((kind) => counters.every((counter) => counter.kind !== kind));
  const added = unused.slice(0, 1).map((kind): Counter => ({ kind, renames: 0, version: 1 }));
  return made(random.chance(0.5) ? [...counters, ...added] : [...added, ...counters]);
}

export function uidOf(pipeline: string, { kind, renames }: Counter): string {
  return `${pipeline}-${kind}${renames}`;
}

/** All names that it had. */
export function oldUidsOf(pipeline: string, counter: Counter): string[] {
  return Array.from({ length: counter.renames }, (_, renames) => uidOf(pipeline, { ...counter, renames }));
}
