import type { Plot } from './Plot.js';
import { Violation } from './Violation.js';

/** The numbers of the lines that may come next. */
export type Places = ReadonlySet<number>;

export function isCompletion(line: string | undefined): boolean {
  return /^([\d.]+ )?complete$/.test(line ?? '');
}

/** One half of the plain model: what a pipeline has to emit. */
export class ExpectedLines {
  /**
   * @param channels - its lines, by channel.
   * @param mode - how often a value may come: in at-least-once mode those before a restored position may come again.
   */
  constructor(
    private readonly pipeline: string,
    private readonly channels: Plot['expected'],
    private readonly mode: 'exactly-once' | 'at-least-once',
  ) {}

  /** Where a channel may go on of which so many values had come at the restored checkpoint. */
  places(count: number): Places {
    // The position of an input may be older than what was made of its records: those after it come again.
    return new Set(this.mode === 'exactly-once' ? [count] : Array.from({ length: count + 1 }, (_, i) => i));
  }

  /** @returns where a channel may be after this line; empty if nothing like it may come. */
  after(channel: number, places: Places, line: string): Places {
    const expected = this.channels[channel]!;
    return new Set([...places].flatMap((place) => (expected[place] === line ? [place + 1] : [])));
  }

  /** A value. @returns where its channel may be now. */
  value(channel: number, places: Places, line: string): Places {
    const next = this.after(channel, places, line);
    if (next.size > 0) return next;
    const expected = this.channels[channel]!;
    const due = [...places].map((place) => `line ${place}, '${expected[place] ?? '(the end)'}'`);
    throw new Violation(`${this.pipeline} emitted '${line}' on channel ${channel}, and not ${due.join(' or ')}`);
  }

  /** The end, when its channels are there: an error of one of them, or that of all. */
  end(places: readonly Places[], line: string): void {
    if (this.mayEnd(line, places)) return;
    throw new Violation(
      `${this.pipeline} ended with '${line}', and not with '${this.next(places).flat().join("' or '")}'`,
    );
  }

  mayEnd(line: string, places: readonly Places[]): boolean {
    return isCompletion(line)
      ? this.mayComplete(places, line)
      : this.next(places).some((expected) => expected.includes(line));
  }

  /** Whether its completion is what comes next. */
  mayComplete(places: readonly Places[], line: string): boolean {
    return this.next(places).every((expected) => expected.includes(line));
  }

  /** The lines that may come next, by channel. */
  private next(places: readonly Places[]): (string | undefined)[][] {
    return this.channels.map((lines, channel) => [...places[channel]!].map((place) => lines[place]));
  }

  /** Nothing more will come. */
  silence(places: readonly Places[]): void {
    const { channels } = this;
    // The completion of one channel is not heard of before that of all.
    const isHeard = channels.every((lines) => isCompletion(lines.at(-1)));
    channels.forEach((lines, channel) => {
      const due = lines.length - (isCompletion(lines.at(-1)) && !isHeard ? 1 : 0);
      if (places[channel]!.has(due)) return;
      const place = Math.max(...places[channel]!);
      throw new Violation(`${this.pipeline} fell silent before line ${place} of channel ${channel}, '${lines[place]}'`);
    });
  }
}
