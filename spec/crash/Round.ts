import { expect } from '@jest/globals';

import type { ChildCommand } from './ChildRun.js';
import { ChildRun } from './ChildRun.js';
import type { CrashPipeline } from './CrashPipeline.js';
import type { Figures } from './Figures.js';
import type { StoredFiles } from './storedFiles.js';
import { storedFiles } from './storedFiles.js';

/** The default of `CheckpointSubject`. */
const RETAINED = 3;
/** That a checkpoint refers to, itself included. */
const MOST_PACKS = 33;
/** In a round: after a pipeline's result was reported, when its last checkpoint is still to be taken. */
const MOST_LATE_KILLS = 3;

export interface RoundOptions extends Omit<ChildCommand, 'pipeline' | 'checkpointEveryMs'> {
  readonly pipeline: CrashPipeline;
  readonly random: () => number;
  readonly figures: Figures;
  /** Null: it is not killed at all. */
  readonly budget: KillBudget | null;
}

/** Shared by the rounds of a pipeline. */
export interface KillBudget {
  /** When there are none left, rounds are killed around their end only. */
  left: number;
}

/** When a run is to be killed: so long after it was started, or opened. */
interface KillPlan {
  readonly after: 'start' | 'open';
  readonly ms: number;
}

interface Kill {
  readonly beforeOpen: boolean;
  readonly afterKillBeforeOpen: boolean;
  /** All pipelines had reported their end. */
  readonly isAfterEnd: boolean;
  /** How many records had been read at least once. */
  readonly read: number;
}

/**
 * Runs a pipeline from its start to its end, killing it and starting it again on the way. Checks after each run what is
 * in the storage and that what was reported fits to the run before, and in the end the results.
 */
export class Round {
  private readonly kills: Kill[] = [];
  /** The last value that was read from each source, in the run before. */
  private readonly last = new Map<string, number>();
  /** The furthest value that was ever read from each source. */
  private readonly furthest = new Map<string, number>();
  private stored: StoredFiles | null = null;
  private readonly completed = new Set<string>();
  private readonly results = new Map<string, unknown>();
  /** From the start of a process until it is restored, as it goes on this machine. */
  private startMs = 120;
  private lateKills = 0;

  constructor(private readonly options: RoundOptions) {}

  async run(): Promise<void> {
    for (;;) {
      const plan = (this.options.budget?.left ?? 0) > 0 ? this.planKill() : null;
      const child = await this.runOnce(plan);
      this.checkReports(child);
      await this.checkStorage(child);
      if (!child.wasKilled) {
        expect(child.exitCode).toBe(0);
        break;
      }
    }
    this.checkEnd();
    await this.checkRestartAfterEnd();
    this.count();
  }

  private planKill(): KillPlan {
    const { random } = this.options;
    if (random() < 0.25) return { after: 'start', ms: random() * this.startMs * 1.1 };
    return { after: 'open', ms: random() * this.startMs * 1.2 };
  }

  private async runOnce(plan: KillPlan | null): Promise<ChildRun> {
    const { program, pipeline, files, storage, random, budget } = this.options;
    const started = performance.now();
    const checkpointEveryMs = 5 + Math.floor(random() * 16);
    const child = new ChildRun({ program, pipeline: pipeline.name, files, storage, checkpointEveryMs });
    let timer: NodeJS.Timeout | undefined;
    const killIn = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill(), ms);
    };
    if (plan?.after === 'start') killIn(plan.ms);
    let isSpared = budget === null || this.lateKills >= MOST_LATE_KILLS || random() < 0.3;
    child.onReport = ({ type }) => {
      if (type === 'open') {
        this.startMs = 0.8 * this.startMs + 0.2 * (performance.now() - started);
        if (plan?.after === 'open') killIn(plan.ms);
      }
      if (type === 'value' && !isSpared) {
        isSpared = true;
        this.lateKills++;
        killIn(random() * 12);
      }
    };
    await child.ended;
    clearTimeout(timer);
    return child;
  }

  private checkReports(child: ChildRun): void {
    const { pipeline, figures } = this.options;
    expect(child.all('problem')).toEqual([]);
    expect(child.complaints).toBe('');
    for (const { pipeline: name, value } of child.all('value')) {
      // One that was killed after it may emit it again.
      expect({ [name]: value }).toEqual({ [name]: pipeline.expected[name] });
      this.results.set(name, value);
    }
    for (const { pipeline: name } of child.all('complete')) this.completed.add(name);
    const readAgain = this.follow(child);
    if (child.has('open') && (this.stored?.newestId ?? 0) > 0) {
      figures.restores++;
      if (readAgain !== null) figures.readAgain.push(readAgain);
    }
    if (child.wasKilled) this.noteKill(child);
  }

  /** How many values this run has read again; null when it has read none at all. */
  private follow(child: ChildRun): number | null {
    const first = new Map<string, number>();
    const next = new Map<string, number>();
    for (const { source, index } of child.all('seen')) {
      if (!first.has(source)) first.set(source, index);
      else expect({ source, index }).toEqual({ source, index: next.get(source) });
      next.set(source, index + 1);
    }
    let readAgain = 0;
    for (const [source, index] of first) {
      const again = (this.last.get(source) ?? -1) + 1 - index;
      if (again < 0) throw new Error(`${-again} values of ${source} were skipped before number ${index}`);
      readAgain += again;
    }
    for (const [source, index] of next) {
      this.last.set(source, index - 1);
      this.furthest.set(source, Math.max(this.furthest.get(source) ?? -1, index - 1));
    }
    return first.size === 0 ? null : readAgain;
  }

  private noteKill(child: ChildRun): void {
    const { budget } = this.options;
    if (budget !== null) budget.left--;
    const before = this.kills.at(-1);
    this.kills.push({
      beforeOpen: !child.has('open'),
      afterKillBeforeOpen: before?.beforeOpen ?? false,
      isAfterEnd: this.hasEnded,
      read: this.read,
    });
  }

  private get hasEnded(): boolean {
    return Object.keys(this.options.pipeline.expected).every((name) => this.completed.has(name));
  }

  private get read(): number {
    let sum = 0;
    for (const index of this.furthest.values()) sum += index + 1;
    return sum;
  }

  private async checkStorage(child: ChildRun): Promise<void> {
    const before = this.stored;
    const now = await storedFiles(this.options.storage, RETAINED);
    this.stored = now;
    expect(now.damaged).toEqual([]);
    expect(now.unknown).toEqual([]);
    expect(now.newestId).toBeGreaterThanOrEqual(before?.newestId ?? 0);
    const reported = child.all('checkpoint').map(({ id }) => id);
    expect(reported).toEqual([...reported].sort((a, b) => a - b));
    for (const id of reported) expect(id).toBeGreaterThan(before?.newestId ?? 0);
    expect(now.newestId).toBeGreaterThanOrEqual(reported.at(-1) ?? 0);
    if (!child.wasKilled) {
      expect(now).toMatchObject({ temporary: [], locks: [] });
      // Without a checkpoint of its own, one that had all done already leaves what it found.
      expect(now.unneeded).toEqual(reported.length > 0 ? [] : (before?.unneeded ?? []));
      return;
    }
    // A restore clears away what was cut off before it, and there is one write at a time.
    const stale = child.has('open') ? (before?.temporary ?? []) : [];
    expect(now.temporary.filter((name) => stale.includes(name))).toEqual([]);
    expect(now.temporary.length).toBeLessThanOrEqual(1);
    // With each checkpoint goes what it has made unneeded, which can be all that one referred to. A kill may come between.
    if (reported.length > 1) expect(now.unneeded.filter((name) => before?.unneeded.includes(name))).toEqual([]);
    expect(now.unneeded.length).toBeLessThanOrEqual(MOST_PACKS + 1);
    // The lock, and of each that was killed before it had it: its candidate, and the claim that it had moved out of the way.
    const left = child.has('open') ? 0 : (before?.locks.length ?? 0) + 1;
    expect(now.locks.length).toBeLessThanOrEqual(left + 1);
  }

  private checkEnd(): void {
    expect(this.hasEnded).toBe(true);
    expect(Object.fromEntries(this.results)).toEqual(this.options.pipeline.expected);
  }

  /** It is restored as completed: it delivers `complete` alone. */
  private async checkRestartAfterEnd(): Promise<void> {
    const { pipeline } = this.options;
    const child = await this.runOnce(null);
    const complete = Object.keys(pipeline.expected).map((name) => ({ type: 'complete', pipeline: name }));
    expect(child.reports).toEqual(complete);
    await this.checkStorage(child);
  }

  private count(): void {
    const { figures } = this.options;
    for (const { beforeOpen, afterKillBeforeOpen, isAfterEnd, read } of this.kills) {
      if (isAfterEnd || read === this.read) {
        figures.killsAroundTheEnd++;
        continue;
      }
      figures.kills++;
      if (beforeOpen) figures.killsDuringStart++;
      if (beforeOpen && afterKillBeforeOpen) figures.killsInSuccession++;
    }
  }
}
