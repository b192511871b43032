import { inspectValue } from './inspectValue.js';
import type { MarbleMessage } from './marbles.js';

export interface MarblesToPrint {
  readonly expected: readonly MarbleMessage<unknown>[];
  readonly actual: readonly MarbleMessage<unknown>[];
  /** Which letter stands for which value, if not each for itself. */
  readonly values: unknown;
  /** Where letters were given to values: of several for one value, those are taken that stand here. */
  readonly marbles: string;
  /** How many frames a character takes. */
  readonly frameSize: number;
}

/** The marbles of both, frame under frame, and what their letters stand for where nobody has said it. */
export function printMarbles({ expected, actual, values, marbles, frameSize }: MarblesToPrint): string {
  const letters = new Letters(values, marbles, [...expected, ...actual]);
  const rows = alignRows([expected, actual].map((messages) => new Row(messages, letters, frameSize)));
  const [errorOfExpected, errorOfActual] = [errorOf(expected), errorOf(actual)];
  return [
    `expected  ${rows[0]}`,
    `actual    ${rows[1]}`,
    ...letters.legend.map((line) => `          ${line}`),
    ...(errorOfExpected === errorOfActual || errorOfExpected === undefined
      ? []
      : [`          # expected = ${errorOfExpected}`]),
    ...(errorOfExpected === errorOfActual || errorOfActual === undefined
      ? []
      : [`          # actual = ${errorOfActual}`]),
  ].join('\n');
}

function errorOf(messages: readonly MarbleMessage<unknown>[]): string | undefined {
  for (const { notification } of messages) if (notification.kind === 'E') return inspectValue(notification.error);
  return undefined;
}

/** Gives each value a letter: that of the test's values, or one that is free. */
class Letters {
  readonly legend: string[] = [];
  private readonly byText = new Map<string, string>();
  private readonly free: string[];

  constructor(
    private readonly values: unknown,
    marbles: string,
    messages: readonly MarbleMessage<unknown>[],
  ) {
    const taken = new Set<unknown>();
    if (typeof values === 'object' && values !== null) {
      for (const [letter, value] of Object.entries(values)) {
        taken.add(letter);
        const text = textOf(value);
        const isNewcomer = !this.byText.has(text) || !marbles.includes(this.byText.get(text)!);
        if (isNewcomer && (marbles.includes(letter) || !this.byText.has(text))) this.byText.set(text, letter);
      }
    } else {
      for (const { notification } of messages) if (notification.kind === 'N') taken.add(notification.value);
    }
    this.free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'].filter((letter) => !taken.has(letter));
  }

  of(value: unknown): string {
    if (typeof this.values !== 'object' && typeof value === 'string' && /^[^-()|#^!% ]$/u.test(value)) return value;
    const text = textOf(value);
    let letter = this.byText.get(text);
    if (letter === undefined) {
      letter = this.free.shift() ?? '?';
      this.byText.set(text, letter);
      this.legend.push(`${letter} = ${text}`);
    }
    return letter;
  }
}

/** A value that is a stream itself is shown as marbles. */
function textOf(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isMessage)) return inspectValue(value);
  const letters = new Letters(undefined, '', value);
  const [row] = alignRows([new Row(value, letters, 1)]);
  return [`inner ${row}`, ...letters.legend].join(', ');
}

function isMessage(value: unknown): value is MarbleMessage<unknown> {
  const { frame, notification } = (value ?? {}) as { frame?: unknown; notification?: { kind?: unknown } };
  return typeof frame === 'number' && typeof notification?.kind === 'string';
}

/** What stands in each frame of a stream in which something stands. A group reaches over the frames behind it. */
class Row {
  readonly cells = new Map<number, string>();
  private readonly last: number;

  constructor(messages: readonly MarbleMessage<unknown>[], letters: Letters, frameSize: number) {
    const byFrame = new Map<number, string>();
    for (const { frame, notification } of messages) {
      const at = Math.round(frame / frameSize);
      byFrame.set(at, (byFrame.get(at) ?? '') + character(notification, letters));
    }
    const frames = [...byFrame.keys()].sort((a, b) => a - b);
    frames.forEach((frame, i) => this.place(byFrame.get(frame)!, frame, frames[i + 1] ?? Infinity));
    this.last = Math.max(-1, ...this.cells.keys());
  }

  private place(characters: string, from: number, before: number): void {
    const group = [...characters].length === 1 ? characters : `(${characters})`;
    // Marbles that no string could express: the group is longer than the time until the next one.
    [...group].forEach((letter, i) => {
      const at = Math.min(from + i, before - 1);
      this.cells.set(at, (this.cells.get(at) ?? '') + letter);
    });
  }

  goesOnAt(frame: number): boolean {
    return frame <= this.last;
  }
}

function character(notification: MarbleMessage<unknown>['notification'], letters: Letters): string {
  switch (notification.kind) {
    case 'N':
      return letters.of(notification.value);
    case 'E':
      return '#';
    case 'C':
      return '|';
    case 'B':
      return '%';
  }
}

/** The texts of the rows, in which the same frame stands in the same column. */
function alignRows(rows: readonly Row[]): string[] {
  const texts = rows.map(() => '');
  const frames = [...new Set(rows.flatMap((row) => [...row.cells.keys()]))].sort((a, b) => a - b);
  let at = 0;
  for (const frame of frames) {
    const silence = silenceOf(frame - at);
    const width = Math.max(...rows.map((row) => row.cells.get(frame)?.length ?? 1));
    rows.forEach((row, i) => {
      const cell = row.cells.get(frame) ?? (row.goesOnAt(frame) ? '-' : ' ');
      texts[i] += (row.goesOnAt(frame) ? silence : ' '.repeat(silence.length)) + cell.padEnd(width);
    });
    at = frame + 1;
  }
  return texts.map((text) => text.trimEnd() || '(nothing)');
}

function silenceOf(frames: number): string {
  return frames > 20 ? ` ${frames}ms ` : '-'.repeat(frames);
}
