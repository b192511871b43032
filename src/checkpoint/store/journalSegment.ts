/**
 * A segment is what a journal writes at once: entries that follow each other. `docs/format.md` describes it. Numbers are
 * unsigned, 32 bits, little-endian.
 *
 *     header   8 magic "RXJSJRNL" · format version · checksum of the 12 bytes before
 *     head     length · checksum · JSON, UTF-8
 *     entries  length · checksum · devalue's text, UTF-8
 *
 * Every byte is covered by a checksum or compared with a constant, and the header stays the same in every version to
 * come, as in a pack.
 */
import { COMPLETED } from '../protocol/Journal.js';
import { checksum } from './checksum.js';
import { decodeValue, encodeValue } from './codec.js';
import type { CodecTypes } from './CodecType.js';
import type { HeaderProblem } from './header.js';
import { damaged, headerProblem, writeHeader } from './header.js';
import type { JournalEntries } from './JournalEntries.js';
import { serialRuns, serialsIn } from './JournalEntries.js';
import type { HeaderKind } from './packLayout.js';
import { CHUNK_HEADER_BYTES, HEADER_BYTES, readNumbers, writeNumbers } from './packLayout.js';

export const JOURNAL_VERSION: number = 1;
const SEGMENT_HEADER: HeaderKind = {
  magic: Uint8Array.from('RXJSJRNL', (c) => c.charCodeAt(0)),
  version: JOURNAL_VERSION,
  what: 'segment of a journal',
};

export interface SegmentHead {
  /** The name of the source. */
  readonly source: string;
  /** The names of the pipelines that it belongs to. */
  readonly pipelines: readonly string[];
  /** The newest checkpoint id when it was written. */
  readonly since: number;
  /** The number of the first entry. */
  readonly first: number;
  readonly count: number;
  /** Where serials went on when it was written, for those of all journals. Not there as it was written at first. */
  readonly nextSerial?: number;
  /** What the job had begun with, see `Origin`. Left out when it was the newest checkpoint. */
  readonly origin?: string | undefined;
}

export type OpenedSegment =
  { readonly type: 'intact'; readonly head: SegmentHead; readonly entries: Uint8Array } | HeaderProblem;

/** @throws UnstorableValueError */
export function encodeSegment(head: SegmentHead, entries: JournalEntries, types: CodecTypes): Uint8Array {
  const chunks = [new TextEncoder().encode(JSON.stringify(head)), encodeEntries(entries, types)];
  const length = chunks.reduce((sum, chunk) => sum + CHUNK_HEADER_BYTES + chunk.length, HEADER_BYTES);
  const bytes = new Uint8Array(length);
  writeHeader(bytes, SEGMENT_HEADER);
  let at = HEADER_BYTES;
  for (const chunk of chunks) {
    writeNumbers(bytes, at, [chunk.length, checksum(chunk)]);
    bytes.set(chunk, at + CHUNK_HEADER_BYTES);
    at += CHUNK_HEADER_BYTES + chunk.length;
  }
  return bytes;
}

/** @throws UnstorableValueError */
export function encodeEntries({ values, serials }: JournalEntries, types: CodecTypes): Uint8Array {
  const completions = [...values.keys()].filter((i) => values[i] === COMPLETED);
  const storable = completions.length === 0 ? values : values.map((value) => (value === COMPLETED ? null : value));
  return encodeValue([storable, completions, serialRuns(serials)], types);
}

/** @param first - the number that its name says. */
export function openSegment(bytes: Uint8Array, first: number): OpenedSegment {
  const headerIs = headerProblem(bytes, SEGMENT_HEADER);
  if (headerIs !== null) return headerIs;
  const encodedHead = chunkAt(bytes, HEADER_BYTES);
  if (encodedHead === undefined) return damaged('is cut off, or its head is damaged (checksum)');
  const at = HEADER_BYTES + CHUNK_HEADER_BYTES + encodedHead.length;
  const entries = chunkAt(bytes, at);
  if (entries === undefined) return damaged('is cut off, or its entries are damaged (checksum)');
  if (at + CHUNK_HEADER_BYTES + entries.length !== bytes.length) return damaged('has bytes behind its end');
  const head = JSON.parse(new TextDecoder().decode(encodedHead)) as SegmentHead;
  if (head.first !== first) return damaged(`begins with entry ${head.first}: it was renamed`);
  return { type: 'intact', head, entries };
}

/** @throws UnreadableSnapshotError */
export function decodeEntries(encoded: Uint8Array, types: CodecTypes): JournalEntries {
  const [values, completions, runs] = decodeValue(encoded, types) as [unknown[], number[], number[]?];
  for (const i of completions) values[i] = COMPLETED;
  return { values, serials: serialsIn(runs, values.length) };
}

function chunkAt(bytes: Uint8Array, offset: number): Uint8Array | undefined {
  if (offset + CHUNK_HEADER_BYTES > bytes.length) return undefined;
  const [length, sum] = readNumbers(bytes, offset, 2) as [number, number];
  const start = offset + CHUNK_HEADER_BYTES;
  if (start + length > bytes.length) return undefined;
  const chunk = bytes.subarray(start, start + length);
  return checksum(chunk) === sum ? chunk : undefined;
}
