import { invariant } from '../../errors/invariant.js';

const ID_DIGITS = 16;
const NUMBER_DIGITS = 16;
const GENERATION_DIGITS = 12;
const PATTERN = /^journal-([0-9a-f]{16})-(\d{16})-(\d{12})$/;

/** What the name of a stored segment says. */
export interface SegmentName {
  /** Of the journal: a digest of its source's name. */
  readonly journal: string;
  /** The number of its first entry. */
  readonly first: number;
  /** Tells apart who wrote it: ascends with each opening of a journal, across restarts too. */
  readonly generation: number;
}

export function segmentName({ journal, first, generation }: SegmentName): string {
  invariant(generation < 10 ** GENERATION_DIGITS, `journal generation ${generation} has too many digits`);
  const number = String(first).padStart(NUMBER_DIGITS, '0');
  return `journal-${journal}-${number}-${String(generation).padStart(GENERATION_DIGITS, '0')}`;
}

/** Undefined for a name that is none of a journal's. */
export function segmentNameOf(name: string): SegmentName | undefined {
  const match = PATTERN.exec(name);
  return match === null ? undefined : { journal: match[1]!, first: Number(match[2]), generation: Number(match[3]) };
}

/** FNV-1a, 64 bits: names of sources have capitals, brackets and any length, which names in a storage cannot have. */
export function journalId(source: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(source))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(ID_DIGITS, '0');
}
