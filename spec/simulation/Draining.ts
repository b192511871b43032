import { isCompletion } from './ExpectedLines.js';
import type { Places } from './ExpectedLines.js';
import { Violation } from './Violation.js';

type Lines = readonly string[];

/** What comes out of a pipeline from the moment on that its job is drained, as the model has it. */
export class Draining {
  /** Which lines may come next, by channel, of each way that it may go on. */
  private ways: readonly (readonly { readonly lines: Lines; readonly place: number }[])[];

  /**
   * @param candidates - by channel: all that may have come out in the end.
   * @param places - how much of that has.
   */
  constructor(
    private readonly pipeline: string,
    readonly since: number,
    candidates: readonly (readonly Lines[])[],
    places: readonly Places[],
  ) {
    this.ways = candidates.map((channel, i) =>
      channel.flatMap((lines) => [...places[i]!].map((place) => ({ lines, place }))),
    );
  }

  value(channel: number, line: string): void {
    const ways = this.ways[channel]!.filter(({ lines, place }) => lines[place] === line);
    if (ways.length === 0) throw this.violation(`emitted '${line}'`, channel);
    const next = ways.map(({ lines, place }) => ({ lines, place: place + 1 }));
    this.ways = this.ways.map((others, i) => (i === channel ? next : others));
  }

  end(line: string): void {
    if (!this.mayEnd(line)) throw this.violation(`ended with '${line}'`, Math.max(0, this.due(line).indexOf(false)));
  }

  mayEnd(line: string): boolean {
    const isDue = this.due(line);
    return isCompletion(line) ? isDue.every(Boolean) : isDue.some(Boolean);
  }

  /** By channel: whether it is what comes next. */
  private due(line: string): boolean[] {
    return this.ways.map((ways) => ways.some(({ lines, place }) => lines[place] === line));
  }

  /** Nothing more will come. */
  silence(): void {
    const channel = this.ways.findIndex((ways) => ways.every(({ lines, place }) => place < lines.length));
    if (channel < 0) return;
    // The completion of one channel is not heard of before that of all.
    if (this.ways.some((ways) => ways.some(({ lines }) => !isCompletion(lines.at(-1))))) return;
    throw this.violation('fell silent', channel);
  }

  /** When it completes at the latest; Infinity if that is not said. */
  get dueAt(): number {
    const [ways = [], ...others] = this.ways;
    const last = ways[0]?.lines.at(-1);
    return others.length === 0 && ways.length === 1 && isCompletion(last) && last !== 'complete'
      ? parseFloat(last!)
      : Infinity;
  }

  private violation(what: string, channel: number): Violation {
    const due = this.ways[channel]!.map(({ lines, place }) => `'${lines[place] ?? '(nothing)'}'`);
    return new Violation(
      `${this.pipeline}, which is drained since ${this.since}, ${what} on channel ${channel}, and not ${[...new Set(due)].join(' or ')}`,
    );
  }
}
