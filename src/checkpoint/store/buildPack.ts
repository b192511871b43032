import { CheckpointTooLargeError } from '../../errors/CheckpointTooLargeError.js';
import { checksum, checksumInSteps, copyInSteps } from './checksum.js';
import { finish } from './finish.js';
import { writeHeader } from './header.js';
import type { ChunkReference, Manifest } from './Manifest.js';
import { encodeManifest } from './Manifest.js';
import {
  CHUNK_HEADER_BYTES,
  HEADER_BYTES,
  MAX_PACK_BYTES,
  PACK_HEADER,
  TRAILER_BYTES,
  TRAILER_MAGIC,
  writeNumbers,
} from './packLayout.js';

export interface Pack {
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
  readonly manifestBytes: number;
}

/** What a pack is made of: each entry is either encoded, or the place in an older pack. */
export interface PackContent extends Omit<Manifest, 'entries'> {
  readonly entries: ReadonlyMap<string, Uint8Array | ChunkReference>;
}

/** @throws CheckpointTooLargeError */
export function buildPack(content: PackContent): Pack {
  return finish(buildPackInSteps(content));
}

/** As `buildPack`; may be interrupted wherever it yields. */
export function* buildPackInSteps({ id, timestamp, meta, lineage, entries }: PackContent): Generator<void, Pack, void> {
  const { references, chunks, end } = yield* placeChunks(id, entries);
  const manifest: Manifest = { id, timestamp, meta, ...(lineage && { lineage }), entries: references };
  const encoded = encodeManifest(manifest);
  const bytes = new Uint8Array(checkedSize(id, end + encoded.length + TRAILER_BYTES));
  writeHeader(bytes, PACK_HEADER);
  for (const [chunk, reference] of chunks) yield* writeChunk(bytes, chunk, reference);
  bytes.set(encoded, end);
  writeTrailer(bytes, end, encoded);
  return { bytes, manifest, manifestBytes: encoded.length };
}

interface Placed {
  readonly references: Map<string, ChunkReference>;
  readonly chunks: Map<Uint8Array, ChunkReference>;
  readonly end: number;
}

function* placeChunks(pack: number, entries: PackContent['entries']): Generator<void, Placed, void> {
  const references = new Map<string, ChunkReference>();
  const chunks = new Map<Uint8Array, ChunkReference>(); // by identity: two names may share one
  let end = HEADER_BYTES;
  for (const [name, entry] of entries) {
    let reference = entry instanceof Uint8Array ? chunks.get(entry) : entry;
    if (reference === undefined) {
      const bytes = entry as Uint8Array;
      const offset = end;
      end = checkedSize(pack, offset + CHUNK_HEADER_BYTES + bytes.length);
      reference = { pack, offset, length: bytes.length, checksum: yield* checksumInSteps(bytes) };
      chunks.set(bytes, reference);
    }
    references.set(name, reference);
  }
  return { references, chunks, end };
}

function checkedSize(checkpointId: number, writtenBytes: number): number {
  if (writtenBytes <= MAX_PACK_BYTES) return writtenBytes;
  throw new CheckpointTooLargeError({ checkpointId, writtenBytes, limitBytes: MAX_PACK_BYTES });
}

function* writeChunk(
  bytes: Uint8Array,
  chunk: Uint8Array,
  { offset, length, checksum: sum }: ChunkReference,
): Generator<void, void, void> {
  writeNumbers(bytes, offset, [length, sum]);
  yield* copyInSteps(chunk, bytes, offset + CHUNK_HEADER_BYTES);
}

function writeTrailer(bytes: Uint8Array, manifestOffset: number, manifest: Uint8Array): void {
  const at = bytes.length - TRAILER_BYTES;
  writeNumbers(bytes, at, [manifestOffset, manifest.length, checksum(manifest), bytes.length]);
  writeNumbers(bytes, at + 16, [checksum(bytes.subarray(at, at + 16))]);
  bytes.set(TRAILER_MAGIC, at + 20);
}
