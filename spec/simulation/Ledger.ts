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

/** What a completed checkpoint promises of one pipeline. */
interface Promised {
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

  constructor(private readonly plots: ReadonlyMap<string, Plot>) {}

  private expected(pipeline: string): Plot['expected'] {
    return this.plots.get(pipeline)!.expected;
  }

  /** A value: `index` had come before it, those before the restored checkpoint counted. */
  value(pipeline: string, channel: number, index: number, line: string): void {
    const expected = this.expected(pipeline)[channel]![index];
    if (expected === line) return;
    throw new Violation(
      `${pipeline} emitted '${line}' as line ${index} of channel ${channel}, and not '${expected ?? '(the end)'}'`,
    );
  }

  /** The end of a pipeline, of whose channels so many values have come: an error of one of them, or that of all. */
  end(pipeline: string, counts: readonly number[], line: string): void {
    const next = this.expected(pipeline).map((lines, channel) => lines[counts[channel]!]);
    const isRight = isCompletion(line) ? next.every((expected) => expected === line) : next.includes(line);
    if (!isRight) throw new Violation(`${pipeline} ended with '${line}', and not with '${next.join("' and '")}'`);
  }

  /** Nothing more will come. */
  silence(pipeline: string, counts: readonly number[]): void {
    const channels = this.expected(pipeline);
    // The completion of one channel is not heard of before that of all.
    const isHeard = channels.every((lines) => isCompletion(lines.at(-1)));
    channels.forEach((lines, channel) => {
      const due = lines.length - (isCompletion(lines.at(-1)) && !isHeard ? 1 : 0);
      if (counts[channel] === due) return;
      throw new Violation(
        `${pipeline} fell silent before line ${counts[channel]} of channel ${channel}, '${lines[counts[channel]!]}'`,
      );
    });
  }

  completed(id: number, pipelines: ReadonlyMap<string, Promised>): void {
    if (id <= this.newestId) throw new Violation(`checkpoint ${id} completed after checkpoint ${this.newestId}`);
    this.newestId = id;
    const moments = new Set([...pipelines.values()].filter((p) => !p.hasCompleted).map((p) => p.moment));
    if (moments.size > 1) throw new Violation(`checkpoint ${id} is of several moments: ${[...moments].join()}`);
    const intact = this.mayFallBack ? this.promises.slice(1) : this.promises;
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

  private promised(pipeline: string): Promised | undefined {
    return this.promises[this.mayFallBack ? 1 : 0]?.get(pipeline);
  }

  /** A life began with this; undefined for an empty start. */
  restored(pipeline: string, snapshot: ProbeSnapshot | undefined): void {
    const promised = this.promised(pipeline);
    if (promised !== undefined && (snapshot?.moment ?? -1) < promised.moment)
      throw new Violation(
        `${pipeline} began ${snapshot === undefined ? 'empty' : `with moment ${snapshot.moment}`}, although moment ${promised.moment} is durable`,
      );
  }

  /** Whether it may be said to have completed although nothing was seen of it in this life. */
  mayHaveCompleted(pipeline: string): boolean {
    return (
      this.promises.some((promise) => promise.get(pipeline)?.hasCompleted === true) || this.everCompleted.has(pipeline)
    );
  }

  private readonly everCompleted = new Set<string>();

  hasCompleted(pipeline: string): void {
    this.everCompleted.add(pipeline);
  }
}
