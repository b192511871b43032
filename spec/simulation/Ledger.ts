import type { Random } from '../../src/testing/random.js';
import type { Timeline } from './Timeline.js';
import { Violation } from './Violation.js';

/** What a probe at the end of a pipeline puts into a checkpoint: what the model has to know of the moment. */
export interface ProbeSnapshot {
  /** How many values had come out, by channel. */
  readonly outputs: readonly number[];
  readonly now: number;
  /** How the clock went until then. */
  readonly timeline: Timeline;
  /** Whether all had happened that was due until then, and nothing that was due later. */
  readonly isSettled: boolean;
  /** Whether the part that it shares was over, if there is one. */
  readonly partIsOver: boolean;
  /** Ascends through all lives; the same for all probes of one barrier. */
  readonly moment: number;
}

/** What a completed checkpoint promises of one pipeline. */
export interface Promised {
  readonly moment: number;
  readonly hasCompleted: boolean;
}

/** What a life may be told to begin with: the name of a savepoint, or the id of a checkpoint. */
export type From = string | number;

/** Where a barrier was. */
interface Barrier {
  /** What its life's line began with. */
  readonly line: From | undefined;
  /** Its life's claim of the storage: they ascend. */
  readonly claim: number;
}

const EMPTY: Barrier = { line: undefined, claim: -1 };

/** What is durable, as far as anybody was told: one half of the plain model. It knows nothing of how checkpoints are taken. */
export class Ledger {
  newestId = 0;
  /** By pipeline, as of the newest completed checkpoints, the newest first. */
  promises: ReadonlyMap<string, Promised>[] = [];
  mayFallBack = false;
  /** What the newest completed checkpoint's line began with. */
  line: From | undefined;
  /** The ids of the completed checkpoints of that line, the newest first. */
  ids: number[] = [];
  /** Every barrier there was, by its moment. */
  readonly barriers = new Map<number, Barrier>();
  /** The lines of barriers and ends since then, each with the moment of its last: a checkpoint of one may have become durable without anybody hearing of it. */
  readonly attempted = new Map<From | undefined, number>();
  /** What there is to begin with: savepoints, and checkpoints that somebody has begun with. */
  readonly goals = new Map<From, ReadonlyMap<string, Promised>>();
  /** Savepoints that somebody wanted to hand over to the job. */
  readonly mayBeClaimed = new Set<From>();
  /** Those that are the job's, each with the first checkpoint that tells so. */
  readonly claimed = new Map<From, number>();
  /** Checkpoints that somebody has begun with, and that stay their owner's. */
  readonly foreign = new Set<number>();
  /** Those, and others, if a checkpoint that tells so has become durable without anybody hearing of it. */
  readonly mayBeForeign = new Set<number>();
  /** Lines with pipelines that were seen to complete in them. */
  readonly everCompleted = new Set<string>();
  claims = 0;
  /** Of the claim that has the storage now. */
  owner: Tenure | null = null;

  /** The newest checkpoint was damaged: the one before is what counts. @returns whether there is one. */
  damaged(): boolean {
    if (this.promises.length < 2 || this.mayFallBack) return false;
    return (this.mayFallBack = true);
  }

  /** Whether nothing is durable, so that a damaged storage may be refused. */
  get hasNothing(): boolean {
    return this.promises.length === 0;
  }

  /** Whether what is durable is the end of all, behind which nothing starts. */
  get isOver(): boolean {
    const newest = this.promises[this.mayFallBack ? 1 : 0];
    return newest !== undefined && [...newest.values()].every(({ hasCompleted }) => hasCompleted);
  }

  /** Whether there is a savepoint to begin with. */
  get hasSavepoints(): boolean {
    for (const from of this.goals.keys()) if (typeof from === 'string') return true;
    return false;
  }

  /** Something to begin with that has to be there: a savepoint, or one of the checkpoints that are retained. */
  anyGoal(random: Random, retained: number): From | undefined {
    const kept = this.mayFallBack ? [] : this.ids.slice(0, Math.min(retained, this.promises.length));
    if (kept.length > 0 && random.chance(0.3)) {
      const at = random.below(kept.length);
      this.goals.set(kept[at]!, this.promises[at]!);
      return kept[at];
    }
    // A checkpoint may be gone by now, unless the job goes on from there.
    const mayGo = (from: From): boolean => typeof from === 'number' && !this.foreign.has(from) && from !== this.line;
    const goals = [...this.goals.keys()].filter((from) => !mayGo(from));
    const savepoints = goals.filter((from) => typeof from === 'string');
    if (savepoints.length > 0 && random.chance(0.6)) return random.pick(savepoints);
    return goals.length === 0 ? undefined : random.pick(goals);
  }

  /** The savepoints that have to be there. */
  *ownedByUser(): Iterable<string> {
    for (const from of this.goals.keys()) if (typeof from === 'string' && !this.mayBeClaimed.has(from)) yield from;
  }

  /** Whether enough of the job's own checkpoints are retained for a claimed savepoint to be gone. */
  hasOutlived(from: From, retained: number): boolean {
    const first = this.claimed.get(from);
    return first !== undefined && this.ids.filter((id) => id >= first).length >= retained;
  }

  /** What the newest checkpoint says of a pipeline. */
  promised(pipeline: string): Promised | undefined {
    return this.promises[this.mayFallBack ? 1 : 0]?.get(pipeline);
  }

  barrier(moment: number): Barrier {
    return this.barriers.get(moment) ?? EMPTY;
  }

  /** Whether what is of one moment is older than what is of another: whoever has taken the storage comes later. */
  isBefore(moment: number, other: number): boolean {
    const [a, b] = [this.barrier(moment).claim, this.barrier(other).claim];
    return a === b ? moment < other : a < b;
  }
}

/** What the model expects of one life, and hears of it. */
export class Tenure {
  /** The line of this life. */
  private line: From | undefined;
  private isFirst: boolean;
  private claim = -1;
  /** What its pipelines began with. */
  private readonly begun = new Map<string, number>();
  /** It had to, although the last line that was heard of is its own: there was another one in between. */
  private wentBack = false;

  /**
   * @param from - what it was told to begin with.
   * @param claims - whether that is to be the job's.
   */
  constructor(
    private readonly ledger: Ledger,
    private readonly from: From | undefined,
    private readonly claims: boolean,
  ) {
    this.line = from ?? ledger.line;
    this.isFirst = this.isReturn;
    if (claims && typeof from === 'string') ledger.mayBeClaimed.add(from);
    if (!claims && typeof from === 'number') ledger.mayBeForeign.add(from);
    // Whether a checkpoint that tells so becomes durable, nobody may hear.
    if (claims && typeof from === 'number') ledger.foreign.delete(from);
  }

  /** Whether it has to go back to a savepoint. */
  get isReturn(): boolean {
    return this.from !== undefined && this.ledger.line !== this.from;
  }

  /** The storage is its own now, and nobody else's. */
  claimed(): void {
    this.claim = ++this.ledger.claims;
    this.ledger.owner = this;
    this.begun.clear();
  }

  /** Whether somebody else has taken the storage. */
  get isRobbed(): boolean {
    return this.claim >= 0 && this.ledger.owner !== this;
  }

  completed(id: number, pipelines: ReadonlyMap<string, Promised>): void {
    const { ledger, line } = this;
    const moments = new Set([...pipelines.values()].filter((p) => !p.hasCompleted).map((p) => p.moment));
    if (moments.size > 1) throw new Violation(`checkpoint ${id} is of several moments: ${[...moments].join()}`);
    if (this.isRobbed) return ledger.owner!.checkFound(id, pipelines);
    if (id <= ledger.newestId) throw new Violation(`checkpoint ${id} completed after checkpoint ${ledger.newestId}`);
    ledger.newestId = id;
    const goesOn = ledger.line === line && !this.wentBack;
    this.wentBack = false;
    const before = goesOn ? ledger.promises : [];
    const ids = goesOn ? ledger.ids : [];
    ledger.ids = [id, ...(ledger.mayFallBack ? ids.slice(1) : ids)].slice(0, 4);
    ledger.line = line;
    if (this.isFirst && this.from !== undefined) this.began(this.from, id);
    this.settleAttempts(pipelines);
    const intact = ledger.mayFallBack ? before.slice(1) : before;
    ledger.promises = [pipelines, ...intact].slice(0, 2);
    ledger.mayFallBack = false;
  }

  /** What is not older than this checkpoint may still become durable. */
  private settleAttempts(pipelines: ReadonlyMap<string, Promised>): void {
    const { attempted, everCompleted } = this.ledger;
    const all = [...pipelines];
    const hasEnds = all.every(([name, p]) => p.hasCompleted || !everCompleted.has(`${this.line} ${name}`));
    const isEnd = all.every(([, p]) => p.hasCompleted);
    const moment = isEnd ? Infinity : Math.max(...all.map(([, p]) => p.moment));
    for (const [line, latest] of attempted)
      if (latest <= moment || (latest === Infinity && hasEnds)) attempted.delete(line);
  }

  /** The checkpoint of that id tells what it began with. */
  private began(from: From, id: number): void {
    const { claimed, foreign } = this.ledger;
    if (typeof from === 'number') {
      if (!this.claims) foreign.add(from);
    } else if (this.claims && !claimed.has(from)) claimed.set(from, id);
  }

  /** A checkpoint of somebody robbed was told to be complete: whoever has the storage has found it. */
  private checkFound(id: number, pipelines: ReadonlyMap<string, Promised>): void {
    for (const [pipeline, { moment, hasCompleted }] of pipelines) {
      const begun = this.begun.get(pipeline);
      if (begun !== undefined && !hasCompleted && this.ledger.isBefore(begun, moment))
        throw new Violation(`checkpoint ${id} completed behind the back of a life that began with moment ${begun}`);
    }
  }

  /** A barrier has come to a probe. */
  barrier(moment: number): void {
    this.ledger.barriers.set(moment, { line: this.line, claim: this.claim });
    this.ledger.attempted.set(this.line, Math.max(moment, this.ledger.attempted.get(this.line) ?? -1));
  }

  /** The savepoint that this life has to go back to. */
  private get goal(): ReadonlyMap<string, Promised> | undefined {
    return this.isReturn ? this.ledger.goals.get(this.from!) : undefined;
  }

  /** It begins with this; undefined for an empty start. */
  restored(pipeline: string, snapshot: ProbeSnapshot | undefined): void {
    const { goal, from, ledger } = this;
    const moment = snapshot?.moment ?? -1;
    this.begun.set(pipeline, moment);
    // Who is robbed while it starts may not find what is there by now, and nothing will come of it.
    if (this.isRobbed) return;
    const { line } = ledger.barrier(moment);
    if (goal === undefined && from !== undefined && [...ledger.attempted.keys()].some((other) => other !== from)) {
      if (moment === (ledger.goals.get(from)?.get(pipeline)?.moment ?? -1)) {
        this.wentBack = true;
        return;
      }
    }
    if (goal !== undefined) {
      if (goal.get(pipeline)?.hasCompleted === true)
        throw new Violation(`${pipeline} began again, although it had completed in savepoint ${from}`);
      // One that had left before anything was stored of it is not in it.
      if (moment === (goal.get(pipeline)?.moment ?? -1)) return;
      if (line === from && moment >= 0) {
        // One that nobody heard of had begun with it, and claimed it or not.
        this.isFirst = false;
        return;
      }
      throw new Violation(`${pipeline} began with moment ${moment}, and not with savepoint ${from}`);
    }
    if (from === undefined && snapshot !== undefined) this.line = line;
    const promised = ledger.promised(pipeline);
    if (promised?.hasCompleted === true && (snapshot === undefined || line === ledger.line))
      throw new Violation(`${pipeline} began again, although it had completed`);
    if (promised !== undefined && ledger.isBefore(moment, promised.moment))
      throw new Violation(
        `${pipeline} began ${snapshot === undefined ? 'empty' : `with moment ${moment}`}, although moment ${promised.moment} is durable`,
      );
  }

  /** Whether it may be said to have completed although nothing was seen of it in this life. */
  mayHaveCompleted(pipeline: string): boolean {
    const { goal, ledger } = this;
    if (goal !== undefined)
      return goal.get(pipeline)?.hasCompleted === true || ledger.everCompleted.has(`${this.from} ${pipeline}`);
    const lines = this.from === undefined ? [this.line, ...ledger.attempted.keys()] : [this.line];
    return (
      ledger.promises.some((promise) => promise.get(pipeline)?.hasCompleted === true) ||
      lines.some((line) => ledger.everCompleted.has(`${line} ${pipeline}`))
    );
  }

  hasCompleted(pipeline: string): void {
    this.ledger.everCompleted.add(`${this.line} ${pipeline}`);
    this.ledger.attempted.set(this.line, Infinity);
  }
}
