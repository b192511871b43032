import crc32 from 'crc-32';
import type { CheckpointedObservable } from 'rxjs-checkpoint';
import { bufferCount, combineLatest, groupBy, map, mergeMap, reduce, scan, share, uid } from 'rxjs-checkpoint';

import type { Line, PaceOptions } from './pacedLines.js';
import { pacedLines } from './pacedLines.js';

/** How often each word occurs, by its first two letters, so that a line changes a few small objects and not a big one. */
export type WordCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface TextReport {
  readonly lines: number;
  /** Of all lines in their order. */
  readonly checksum: number;
  /** How many lines have up to 20 characters, up to 40, and so on. */
  readonly byLength: Readonly<Record<number, number>>;
  readonly words: WordCounts;
  /** The 100 lines in a row with the most characters. */
  readonly longest: { readonly firstLine: number; readonly lastLine: number; readonly characters: number };
}

/** What can be said about any text file. */
export function textReport(path: string, options: PaceOptions): CheckpointedObservable<TextReport> {
  const line$ = pacedLines(path, options).pipe(share(), uid('lines'));
  return combineLatest({
    lines: line$.pipe(map(({ number }) => number)),
    checksum: line$.pipe(
      scan((checksum, { text }) => crc32.str(text, checksum), 0),
      uid('checksum'),
    ),
    byLength: byLength(line$),
    words: line$.pipe(scan(countWords, {}), uid('words')),
    longest: longest(line$),
  }).pipe(
    uid('branches'),
    reduce((_, report) => report),
    uid('report'),
  );
}

function byLength(line$: CheckpointedObservable<Line>): CheckpointedObservable<TextReport['byLength']> {
  return line$.pipe(
    groupBy(({ text }) => 20 * Math.ceil(text.length / 20)),
    uid('lengths'),
    mergeMap((group$) =>
      group$.pipe(
        scan((count) => count + 1, 0),
        uid('count'),
        map((count) => ({ length: group$.key, count })),
      ),
    ),
    uid('counts'),
    scan((all: TextReport['byLength'], { length, count }) => ({ ...all, [length]: count }), {}),
    uid('by-length'),
  );
}

function countWords(counts: WordCounts, { text }: Line): WordCounts {
  const next: Record<string, Record<string, number>> = {};
  for (const word of text.toLowerCase().match(/\p{L}{4,}/gu) ?? []) {
    const shelf = word.slice(0, 2);
    const page = (next[shelf] ??= { ...counts[shelf] });
    page[word] = (Object.hasOwn(page, word) ? (page[word] ?? 0) : 0) + 1;
  }
  return { ...counts, ...next };
}

/** A moving window: ten of them are open at a time. */
function longest(line$: CheckpointedObservable<Line>): CheckpointedObservable<TextReport['longest']> {
  return line$.pipe(
    map(({ number, text }) => ({ number, length: text.length })),
    bufferCount(100, 10),
    uid('windows'),
    map((lines) => ({
      firstLine: lines[0]?.number ?? 0,
      lastLine: lines[lines.length - 1]?.number ?? 0,
      characters: lines.reduce((sum, { length }) => sum + length, 0),
    })),
    scan((most, window) => (window.characters > most.characters ? window : most), {
      firstLine: 0,
      lastLine: 0,
      characters: -1,
    }),
    uid('longest'),
  );
}
