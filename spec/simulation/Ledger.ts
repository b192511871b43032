import type { Random } from '../../src/testing/random.js';
import type { Plot } from './Plot.js';

/** What a probe at the end of a pipeline puts into a checkpoint: what the model has to know of the moment. */
export interface ProbeSnapshot {
  /** How many values had come out, by channel. */
  readonly outputs: readonly number[];
  readonly now: number;
  /** Ascends through all lives; the same for all probes of one barrier. */
  readonly moment: number;
}

function isCompletion(line: string | undefined): boolean {
  return /^([\d.]+ )?complete$/.test(line ?? '');
}

export class Violation extends Error {
  override name = 'Violation';
}

/** The numbers of the lines that may come next. */
export type Places = ReadonlySet<number>;

/** What a completed checkpoint promises of one pipeline. */
export interface Promised {
  readonly moment: number;
  readonly hasCompleted: boolean;
}

/**
 * The plain model: what each pipeline has to emit, and which checkpoints a restart may begin with. It knows nothing of
 * how they are taken.
 */
export class Ledger {
  newestId = 0;
  /** By pipeline, as of the newest completed checkpoints, the newest first. */
  private promises: ReadonlyMap<string, Promised>[] = [];
  private mayFallBack = false;
  /** The savepoint that the newest completed checkpoint's line began with. */
  private line: string | undefined;
  /** The same for every barrier there was, by its moment. */
  private readonly lines = new Map<number, string | undefined>();
  /** What this life was told to begin with, and whether that is another line than that of the newest checkpoint. */
  private from: string | undefined;
  /** The line of this life. */
  private current: string | undefined;
  /** The lines of barriers and completions since then: a checkpoint of one may have become durable without anybody hearing of it. */
  private readonly attempted = new Set<string | undefined>();
  /** By name. */
  private readonly savepoints = new Map<string, ReadonlyMap<string, Promised>>();

  /** @param mode - how often a value may come: in at-least-once mode those before a restored position may come again. */
  constructor(
    private readonly plots: ReadonlyMap<string, Plot>,
    private readonly mode: 'exactly-once' | 'at-least-once',
  ) {}

  private expected(pipeline: string): Plot['expected'] {
    return this.plots.get(pipeline)!.expected;
  }

  /** Where a channel may go on of which so many values had come at the restored checkpoint. */
  places(count: number): Places {
    // The position of an input may be older than what was made of its records: those after it come again.
    return new Set(this.mode === 'exactly-once' ? [count] : Array.from({ length: count + 1 }, (_, i) => i));
  }

  /** A value. @returns where its channel may be now. */
  value(pipeline: string, channel: number, places: Places, line: string): Places {
    const expected = this.expected(pipeline)[channel]!;
    const next = new Set([...places].filter((place) => expected[place] === line).map((place) => place + 1));
    if (next.size > 0) return next;
    const due = [...places].map((place) => `line ${place}, '${expected[place] ?? '(the end)'}'`);
    throw new Violation(`${pipeline} emitted '${line}' on channel ${channel}, and not ${due.join(' or ')}`);
  }

  /** The end of a pipeline whose channels are there: an error of one of them, or that of all. */
  end(pipeline: string, places: readonly Places[], line: string): void {
    const next = this.next(pipeline, places);
    const isRight = isCompletion(line)
      ? this.mayComplete(pipeline, places, line)
      : next.some((expected) => expected.includes(line));
    if (!isRight) throw new Violation(`${pipeline} ended with '${line}', and not with '${next.flat().join("' or '")}'`);
  }

  /** Whether its completion is what comes next. */
  mayComplete(pipeline: string, places: readonly Places[], line: string): boolean {
    return this.next(pipeline, places).every((expected) => expected.includes(line));
  }

  /** The lines that may come next, by channel. */
  private next(pipeline: string, places: readonly Places[]): (string | undefined)[][] {
    return this.expected(pipeline).map((lines, channel) => [...places[channel]!].map((place) => lines[place]));
  }

  /** Nothing more will come. */
  silence(pipeline: string, places: readonly Places[]): void {
    const channels = this.expected(pipeline);
    // The completion of one channel is not heard of before that of all.
    const isHeard = channels.every((lines) => isCompletion(lines.at(-1)));
    channels.forEach((lines, channel) => {
      const due = lines.length - (isCompletion(lines.at(-1)) && !isHeard ? 1 : 0);
      if (places[channel]!.has(due)) return;
      const place = Math.max(...places[channel]!);
      throw new Violation(`${pipeline} fell silent before line ${place} of channel ${channel}, '${lines[place]}'`);
    });
  }

  completed(id: number, pipelines: ReadonlyMap<string, Promised>): void {
    if (id <= this.newestId) throw new Violation(`checkpoint ${id} completed after checkpoint ${this.newestId}`);
    this.newestId = id;
    const moments = new Set([...pipelines.values()].filter((p) => !p.hasCompleted).map((p) => p.moment));
    if (moments.size > 1) throw new Violation(`checkpoint ${id} is of several moments: ${[...moments].join()}`);
    const before = this.line === this.current ? this.promises : [];
    this.line = this.current;
    this.attempted.clear();
    const intact = this.mayFallBack ? before.slice(1) : before;
    this.promises = [pipelines, ...intact].slice(0, 2);
    this.mayFallBack = false;
  }

  /** The newest checkpoint was damaged: the one before is what counts. @returns whether there is one. */
  damaged(): boolean {
    if (this.promises.length < 2 || this.mayFallBack) return false;
    return (this.mayFallBack = true);
  }

  /** Whether nothing is durable, so that a damaged storage may be refused. */
  get hasNothing(): boolean {
    return this.promises.length === 0;
  }

  /** A barrier has come to a probe. */
  barrier(moment: number): void {
    this.lines.set(moment, this.current);
    this.attempted.add(this.current);
  }

  /** A savepoint is durable. */
  saved(name: string, pipelines: ReadonlyMap<string, Promised>): void {
    this.savepoints.set(name, pipelines);
  }

  anySavepoint(random: Random): string | undefined {
    const names = [...this.savepoints.keys()];
    return names.length === 0 ? undefined : names[random.below(names.length)];
  }

  /** A life begins, maybe with a savepoint. @returns whether it has to go back to that. */
  begin(from: string | undefined): boolean {
    this.from = from;
    this.current = from ?? this.line;
    return from !== undefined && this.line !== from;
  }

  /** The savepoint that this life has to go back to. */
  private get goal(): ReadonlyMap<string, Promised> | undefined {
    return this.from === undefined || this.line === this.from ? undefined : this.savepoints.get(this.from);
  }

  private promised(pipeline: string): Promised | undefined {
    return this.promises[this.mayFallBack ? 1 : 0]?.get(pipeline);
  }

  /** A life began with this; undefined for an empty start. */
  restored(pipeline: string, snapshot: ProbeSnapshot | undefined): void {
    const { goal, from } = this;
    const moment = snapshot?.moment ?? -1;
    if (goal === undefined && from !== undefined && [...this.attempted].some((line) => line !== from)) {
      if (moment === this.savepoints.get(from)?.get(pipeline)?.moment) return;
    }
    if (goal !== undefined) {
      if (moment === goal.get(pipeline)?.moment || this.lines.get(moment) === from) return;
      throw new Violation(`${pipeline} began with moment ${moment}, and not with savepoint ${from}`);
    }
    if (from === undefined && snapshot !== undefined) this.current = this.lines.get(moment);
    const promised = this.promised(pipeline);
    if (promised !== undefined && moment < promised.moment)
      throw new Violation(
        `${pipeline} began ${snapshot === undefined ? 'empty' : `with moment ${snapshot.moment}`}, although moment ${promised.moment} is durable`,
      );
  }

  /** Whether it may be said to have completed although nothing was seen of it in this life. */
  mayHaveCompleted(pipeline: string): boolean {
    if (this.goal !== undefined)
      return this.goal.get(pipeline)?.hasCompleted === true || this.everCompleted.has(`${this.from} ${pipeline}`);
    return (
      this.promises.some((promise) => promise.get(pipeline)?.hasCompleted === true) ||
      this.everCompleted.has(`${this.current} ${pipeline}`) ||
      // The checkpoint that says so may have become durable in another line, without anybody hearing of it.
      (this.from === undefined && [...this.attempted].some((line) => this.everCompleted.has(`${line} ${pipeline}`)))
    );
  }

  private readonly everCompleted = new Set<string>();

  hasCompleted(pipeline: string): void {
    this.attempted.add(this.current);
    this.everCompleted.add(`${this.current} ${pipeline}`);
  }
}
