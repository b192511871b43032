/** Entries of a journal that follow each other, and where each stands among those of all journals of the job. */
export interface JournalEntries {
  readonly values: readonly unknown[];
  /** Ascending, with gaps where other journals have theirs; `BEFORE_ALL` where it is not known. One for each value. */
  readonly serials: readonly number[];
}

/** Of what was written before entries had serials. */
export const BEFORE_ALL = -1;

/** Which of them, as in `Array.slice`. */
export function sliceEntries(entries: JournalEntries, from: number, to: number = Infinity): JournalEntries {
  const { values, serials } = entries;
  if (from === 0 && to >= values.length) return entries;
  return { values: values.slice(from, to), serials: serials.slice(from, to) };
}

export function joinEntries(parts: readonly JournalEntries[]): JournalEntries {
  const [values, serials]: [unknown[], number[]] = [[], []];
  for (const part of parts) {
    for (const value of part.values) values.push(value);
    for (const serial of part.serials) serials.push(serial);
  }
  return { values, serials };
}

/** Serials as they are stored: pairs of one and how many follow it without a gap, itself included. */
export function serialRuns(serials: readonly number[]): number[] {
  const runs: number[] = [];
  let next: number | null = null;
  for (const serial of serials) {
    if (serial === next) runs[runs.length - 1]!++;
    else runs.push(serial, 1);
    next = serial === BEFORE_ALL ? null : serial + 1;
  }
  return runs;
}

/** @param runs - undefined as it was written at first. @param count - of the entries. */
export function serialsIn(runs: readonly number[] | undefined, count: number): number[] {
  if (runs === undefined) return new Array<number>(count).fill(BEFORE_ALL);
  const serials: number[] = [];
  for (let i = 0; i < runs.length; i += 2) for (let n = 0; n < runs[i + 1]!; n++) serials.push(runs[i]! + n);
  return serials;
}
