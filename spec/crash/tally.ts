/** What a stream of numbers came to. Two of them are equal if the same numbers came, each as often, in the same order. */
export interface Tally {
  readonly count: number;
  readonly hash: number;
}

export const NOTHING: Tally = { count: 0, hash: 0 };

export function tally({ count, hash }: Tally, value: number): Tally {
  return { count: count + 1, hash: mix(Math.imul(hash, 31) + value) };
}

/** For streams whose order depends on time: equal if the same numbers came, each as often. */
export function tallyUnordered({ count, hash }: Tally, value: number): Tally {
  return { count: count + 1, hash: (hash + mix(value)) | 0 };
}

export function hashOf(values: readonly number[]): number {
  return values.reduce(tally, NOTHING).hash;
}

/** Several streams in one, each under its name. */
export type Tallies = Readonly<Record<string, Tally>>;

export function tallyEach(tallies: Tallies, { name, value }: { name: string; value: number }): Tallies {
  return { ...tallies, [name]: tally(tallies[name] ?? NOTHING, value) };
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  return h ^ (h >>> 16);
}
