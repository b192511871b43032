/**
 * A savepoint is one pack (see `packLayout.ts`) that refers to no other: all its chunks are its own. Exported to a file
 * it is the same bytes. Beside the snapshots it has what journaled sources had still to emit, in an entry for each.
 */
import { DamagedSavepointError } from '../../errors/DamagedSavepointError.js';
import { NewerFormatError } from '../../errors/NewerFormatError.js';
import { buildPack } from './buildPack.js';
import { checksum } from './checksum.js';
import { encodeEntry } from './chooseChunks.js';
import type { CodecTypes } from './CodecType.js';
import type { LoadedCheckpoint } from './LoadedCheckpoint.js';
import { LoadedEntry } from './LoadedCheckpoint.js';
import type { Manifest } from './Manifest.js';
import { encodeManifest } from './Manifest.js';
import { openPack, readChunk } from './openPack.js';
import { NEWEST_FORMAT_VERSION } from './packLayout.js';
import { verifyPack } from './verifyPack.js';

/** No operator's name begins so. */
const JOURNAL_PREFIX = '#journal ';

/** The name of the entry that has what a source has still to emit. */
export function journalEntryOf(source: string): string {
  return JOURNAL_PREFIX + source;
}

/** Tells what a source has still to emit from the snapshots of operators. */
export function isJournalEntry(name: string): boolean {
  return name.startsWith(JOURNAL_PREFIX);
}

/** What a savepoint is to hold. */
export interface SavepointContent {
  /** Of the checkpoint that it is of. */
  readonly id: number;
  readonly timestamp: number;
  /** Plain JSON: the checkpoint's. */
  readonly meta: unknown;
  /** By name: snapshots, entries that were loaded from somewhere, or encoded snapshots. */
  readonly entries: ReadonlyMap<string, object | Uint8Array>;
  /** By the names of journaled sources: the encoded entries from their positions in `meta` on. */
  readonly journals?: ReadonlyMap<string, Uint8Array>;
}

/** A savepoint that was read and found intact. */
export interface LoadedSavepoint extends LoadedCheckpoint {
  readonly journals: ReadonlyMap<string, Uint8Array>;
  /** The same for equal savepoints, and for no others: a digest of its manifest, which has all checksums. */
  readonly digest: string;
}

/**
 * Builds the bytes of a savepoint, and checks them.
 *
 * @throws UnstorableValueError, CheckpointTooLargeError
 */
export function buildSavepoint(content: SavepointContent, types: CodecTypes): Uint8Array {
  const { id, timestamp, meta, journals = new Map<string, Uint8Array>() } = content;
  const entries = new Map<string, Uint8Array>();
  for (const [name, snapshot] of content.entries)
    entries.set(name, snapshot instanceof Uint8Array ? snapshot : encodeEntry(name, snapshot, types));
  for (const [source, encoded] of journals) entries.set(journalEntryOf(source), encoded);
  const pack = buildPack({ id, timestamp, meta, entries });
  verifyPack(pack);
  return pack.bytes;
}

/**
 * Reads a savepoint out of its bytes, all of which are checked.
 *
 * @param source - where they come from, for messages.
 * @throws DamagedSavepointError, NewerFormatError
 */
export function parseSavepoint(bytes: Uint8Array, types: CodecTypes, source: string): LoadedSavepoint {
  const opened = openPack(bytes);
  if (opened.type === 'damaged') throw new DamagedSavepointError({ source, problem: opened.problem });
  if (opened.type === 'newer') {
    const { formatVersion } = opened;
    throw new NewerFormatError({ checkpoint: source, formatVersion, supportedVersion: NEWEST_FORMAT_VERSION });
  }
  const { manifest, manifestBytes } = opened;
  const { id, timestamp, meta } = manifest;
  const entries = new Map<string, LoadedEntry>();
  const journals = new Map<string, Uint8Array>();
  let sizeBytes = manifestBytes;
  for (const [name, chunk] of chunksOf(manifest, bytes, source)) {
    if (name.startsWith(JOURNAL_PREFIX)) journals.set(name.slice(JOURNAL_PREFIX.length), chunk);
    else entries.set(name, new LoadedEntry(name, chunk, types, () => {}));
    sizeBytes += chunk.length;
  }
  return { id, timestamp, meta, entries, journals, sizeBytes, digest: digestOf(manifest) };
}

function* chunksOf(manifest: Manifest, bytes: Uint8Array, source: string): Iterable<[string, Uint8Array]> {
  for (const [name, reference] of manifest.entries) {
    const chunk = reference.pack === manifest.id ? readChunk(bytes, reference) : null;
    if (chunk === null) {
      const problem = `refers to checkpoint ${reference.pack} for the snapshot of '${name}', so it is a checkpoint and not a savepoint`;
      throw new DamagedSavepointError({ source, problem });
    }
    if (typeof chunk === 'string')
      throw new DamagedSavepointError({ source, problem: `has a snapshot of '${name}' that ${chunk}` });
    yield [name, chunk];
  }
}

/** Equal for equal content, however the checkpoint's chunks are spread over packs. */
export function digestOf({ id, timestamp, meta, entries }: Manifest): string {
  const content = [...entries]
    .filter(([name]) => !name.startsWith(JOURNAL_PREFIX))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, chunk]) => [name, { ...chunk, pack: 0, offset: 0 }] as const);
  const sum = checksum(encodeManifest({ id, timestamp, meta, entries: new Map(content) }));
  return `${id}-${timestamp}-${sum.toString(16).padStart(8, '0')}`;
}
