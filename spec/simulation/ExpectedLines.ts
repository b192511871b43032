import type { Plot } from './Plot.js';
import { Violation } from './Violation.js';

/** The numbers of the lines that may come next. */
export type Places = ReadonlySet<number>;

export function isCompletion(line: string | undefined): boolean {
  return /^([\d.]+ )?complete$/.test(line ?? '');
}

/** One half of the plain model: what each pipeline has to emit. */
export class ExpectedLines {
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
    const next = new Set<number>();
    for (const place of places) if (expected[place] === line) next.add(place + 1);
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
}
