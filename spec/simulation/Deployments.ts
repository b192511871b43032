import type { Counter, Program } from './Program.js';
import { oldUidsOf, uidOf } from './Program.js';

/** A counter in a checkpoint, or in a life. */
export interface Counted {
  readonly version: number;
  /** How many values had come out when it began. */
  readonly since: number;
}

export type Refusal = 'orphaned-snapshot' | 'newer-state' | 'rename-conflict';

/** What a program makes of what a checkpoint has of its counters. */
export interface Fit {
  /** Why it may not begin with that; empty if it may. */
  readonly refusals: readonly Refusal[];
  /** By uid. */
  readonly counters: ReadonlyMap<string, Counted>;
  readonly renamed: readonly string[];
  readonly migrated: readonly string[];
  /** The uids of those for whose state it has no operator. */
  readonly lost: readonly string[];
}

const NONE: ReadonlyMap<string, Counted> = new Map();

/** A part of the plain model: which counters are in which checkpoint, and what a program has to make of them. */
export class Deployments {
  /** By pipeline and moment. */
  private readonly stored = new Map<string, ReadonlyMap<string, Counted>>();

  barrier(pipeline: string, moment: number, counters: ReadonlyMap<string, Counted>): void {
    if (counters.size > 0) this.stored.set(`${pipeline} ${moment}`, counters);
  }

  /** @param moment - of the checkpoint that it begins with, where `count` values had come out. */
  fit(program: Program, pipeline: string, moment: number, count: number): Fit {
    const stored = this.stored.get(`${pipeline} ${moment}`) ?? NONE;
    const counters = new Map<string, Counted>();
    const refusals = new Set<Refusal>();
    const [renamed, migrated, taken] = [[] as string[], [] as string[], new Set<string>()];
    const place = (counter: Counter): void => {
      const name = uidOf(pipeline, counter);
      const found = [name, ...oldUidsOf(pipeline, counter)].filter((old) => stored.has(old));
      for (const old of found) taken.add(old);
      if (found.length > 1) refusals.add('rename-conflict');
      const [old] = found;
      const { version = counter.version, since = count } = old === undefined ? {} : stored.get(old)!;
      if (version > counter.version) refusals.add('newer-state');
      if (old !== undefined && old !== name) renamed.push(name);
      if (version < counter.version) migrated.push(name);
      counters.set(name, { version: counter.version, since });
    };
    program.counters.forEach(place);
    const lost = [...stored.keys()].filter((name) => !taken.has(name));
    if (lost.length > 0 && !program.allowsLoss) refusals.add('orphaned-snapshot');
    return { refusals: [...refusals], counters, renamed, migrated, lost };
  }
}
