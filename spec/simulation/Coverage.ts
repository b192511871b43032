import { operatorCases } from '../support/operatorCases.js';
import type { World } from './World.js';
import { diskKinds } from './diskOf.js';
import { inputKinds, OF_SHARED } from './World.js';

const calls = ['lock', 'release', 'list', 'read', 'write', 'remove', 'confirm'];

const fileCalls = [
  'mkdir',
  'open',
  'writeFile',
  'sync',
  'close',
  'rename',
  'readdir',
  'readFile',
  'rm',
  'rmdir',
  'unlink',
];

const sourceCalls = ['source open', 'source read', 'source close'];

const tabCalls = ['ready', 'keys', 'getItem', 'setItem', 'removeItem', 'locks.request'];

/** Where a life can be killed. */
const killable = [
  ...fileCalls.flatMap((call) => [`file ${call}, before`, `file ${call}, after`]),
  ...[...calls, ...tabCalls, ...sourceCalls].flatMap((call) => [`${call}, before`, `${call}, after`]),
  ...['write, within', 'timer', 'output', 'barrier', 'restore', 'restart', 'theft'],
];

/** Those that are what pipelines begin with, and no operators' cases. */
const sources = ['fromArray', 'fromFile', 'fromObservable', 'fromRemote', 'journaled'];
const sourceOf = { array: 'fromArray', file: 'fromFile', observable: 'fromObservable', remote: 'fromRemote' };

function sourcesIn({ inputs, pipelines }: Pick<World, 'inputs' | 'pipelines'>): readonly string[] {
  if (inputs === 'journaled') return ['journaled'];
  if (inputs === 'remote') return ['fromRemote'];
  return pipelines.flatMap((pipeline) => pipeline.sources ?? []).map(({ kind }) => sourceOf[kind]);
}

/** What else has to happen. */
const steps = [
  ...['trigger between turns', 'trigger within a turn', 'checkpoint completed', 'restored as completed'],
  ...diskKinds.flatMap((disk) => [`world on disk: ${disk}`, `theft on disk: ${disk}`]),
  ...['a claim that was lost', 'a lock that was taken', 'output of a job that was robbed'],
  ...['kill of a job that was robbed', 'power failure of several'],
  ...['savepoint', 'stop', 'stop with a savepoint', 'stopped'],
  ...['drain', 'drain with a savepoint', 'drained', 'a drain that took too long'],
  ...['life that returns to a savepoint', 'life that returns to a checkpoint', 'life that goes on after a return'],
  ...['life that returns to a savepoint that it claims', 'life that returns to a checkpoint that it claims'],
  ...['claimed savepoint that is gone', 'storage that was cleaned'],
  ...['deploy: rename', 'deploy: upgrade', 'deploy: add', 'deploy: remove', 'deploy: roll back'],
  ...['state that is renamed', 'state that is migrated', 'state that is lost'],
  ...['clock that is ahead', 'clock that was set back'],
  ...['restore behind a clock that was set', 'restore behind a sleep'],
  ...['clock that is put ahead, in a life', 'clock that is set back, in a life', 'sleep, in a life'],
  ...['restore behind 2 jumps of the clock', 'restore behind 3 jumps of the clock'],
  ...['refused: orphaned-snapshot', 'refused: newer-state', 'kill of a new program'],
  ...inputKinds.map((inputs) => `world with ${inputs} inputs`),
  ...['file-missing', 'file-shrunk', 'file-replaced', 'line-too-long'].map((code) => `source refused: ${code}`),
  ...['source that grows', 'source that is not as it was'],

  ...['world with mode exactly-once', 'world with mode at-least-once', 'world with several checkpoints at once'],
];

/** What else has to happen in jobs of so many operators. */
const stepsOfLarger: readonly (readonly [number, string])[] = [
  [2, 'world with several pipelines'],
  ...[
    ...['world with a shared part', 'error of a pipeline that shares a part', 'pipeline that leaves'],
    ...['pipeline that comes back alone', 'refused: a pipeline that comes back alone'],
  ].map((step) => [OF_SHARED, step] as const),
];

/** Why checkpoints have to fail, some time or other. */
const reasons = [
  ...['not-running', 'too-many-pending', 'min-pause', 'expired', 'subsumed', 'storage-failed', 'cancelled'],
  ...['damaged-checkpoint', 'cleanup-failed', 'claim-lost', 'damaged-journal'],
];

const faults = [
  ...['list fails', 'read fails', 'write fails', 'remove fails', 'write torn', 'a bit of the newest checkpoint flips'],
  ...['write torn and refused', 'write done, but fails', 'remove done, but fails', 'remove leaves a stale name'],
  ...[...tabCalls, ...sourceCalls].map((call) => `${call} fails`),
  ...['setItem done, but fails', 'removeItem done, but fails'],
  ...[...calls, ...tabCalls, ...sourceCalls].map((call) => `${call} hangs`),
];

/** What a run has tried, and how often. */
export class Coverage {
  /** From so many crashes on nothing may be left untried. */
  static readonly COMPLETE_FROM = 50_000;

  readonly operators = new Map<string, number>();
  readonly steps = new Map<string, number>();
  readonly kills = new Map<string, number>();
  readonly ends = new Map<string, number>();
  readonly faults = new Map<string, number>();
  readonly failures = new Map<string, number>();
  crashes = 0;
  restores = 0;
  worlds = 0;

  world({ pipelines, inputs, policies, isShared, disk }: World): void {
    this.worlds++;
    this.step(`world with mode ${policies.mode}`);
    if (policies.maxConcurrent > 1) this.step('world with several checkpoints at once');
    this.step(`world with ${inputs} inputs`);
    this.step(`world on disk: ${disk}`);
    if (isShared) this.step('world with a shared part');
    if (pipelines.length > 1) this.step('world with several pipelines');
    for (const { uses } of pipelines) for (const { operator } of uses) count(this.operators, operator);
    for (const source of sourcesIn({ inputs, pipelines })) count(this.operators, source);
  }

  step(kind: string): void {
    count(this.steps, kind);
    if (kind === 'restore') this.restores++;
  }

  killed(at: string): void {
    this.crashes++;
    count(this.kills, at);
  }

  /** A life ended by itself. */
  ended(how: string): void {
    count(this.ends, how);
  }

  fault(kind: string): void {
    count(this.faults, kind);
  }

  failure(reason: string): void {
    count(this.failures, reason);
  }

  /** What was never tried. @param operators - how many the largest jobs may have had. */
  missing(operators: number): string[] {
    const without = (names: readonly string[], counts: ReadonlyMap<string, number>): string[] =>
      names.filter((name) => !counts.has(name));
    const names = [...operatorCases.map(({ name }) => name), ...sources];
    const ofLarger = stepsOfLarger.flatMap(([least, step]) => (operators >= least ? [step] : []));
    return [
      ...without(names, this.operators),
      ...without([...killable, ...steps, ...ofLarger], this.steps),
      ...without(killable, this.kills).map((step) => `a kill at '${step}'`),
      ...without(faults, this.faults),
      ...without(reasons, this.failures).map((reason) => `a checkpoint that fails with '${reason}'`),
    ];
  }

  toString(): string {
    const line = (title: string, counts: ReadonlyMap<string, number>): string =>
      `${title}:\n${[...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([name, n]) => `  ${String(n).padStart(9)}  ${name}`)
        .join('\n')}`;
    return [
      line('operators, in worlds', this.operators),
      line('steps', this.steps),
      line('killed at', this.kills),
      line('ended by itself with', this.ends),
      line('faults', this.faults),
      line('checkpoints that failed', this.failures),
    ].join('\n');
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
