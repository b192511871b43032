import { checksum, checksumInSteps } from './checksum.js';
import { compressedProblem, isCompressed } from './compressedPack.js';
import { finish } from './finish.js';
import type { HeaderProblem } from './header.js';
import { damaged, headerProblem, startsWith } from './header.js';
import type { ChunkReference, Manifest } from './Manifest.js';
import { decodeManifest } from './Manifest.js';
import {
  CHUNK_HEADER_BYTES,
  HEADER_BYTES,
  PACK_HEADER,
  readNumbers,
  TRAILER_BYTES,
  TRAILER_MAGIC,
} from './packLayout.js';

export type OpenedPack =
  { readonly type: 'intact'; readonly manifest: Manifest; readonly manifestBytes: number } | HeaderProblem;

/** Reads a decompressed pack's frame and manifest; `readChunk` reads what they point to. */
export function openPack(bytes: Uint8Array): OpenedPack {
  const headerIs = headerProblem(bytes, PACK_HEADER);
  if (headerIs !== null) return isCompressed(bytes) ? damaged(compressedProblem(bytes)) : headerIs;

  const at = bytes.length - TRAILER_BYTES;
  if (at < HEADER_BYTES || !startsWith(bytes.subarray(-TRAILER_MAGIC.length), TRAILER_MAGIC)) {
    return damaged(`does not end as a checkpoint does: of its bytes, the first ${bytes.length} may be all there is`);
  }
  const [offset, length, sum, total, trailerSum] = readNumbers(bytes, at, 5) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (trailerSum !== checksum(bytes.subarray(at, at + 16))) return damaged('has a damaged trailer (checksum)');
  if (total !== bytes.length) return damaged(`has ${bytes.length} bytes instead of ${total}`);
  if (offset < HEADER_BYTES || offset + length !== at) return damaged('has its manifest in an impossible place');
  const encoded = bytes.subarray(offset, at);
  if (sum !== checksum(encoded)) return damaged('has a damaged manifest (checksum)');
  const manifest = decodeManifest(encoded);
  if (manifest === undefined) return damaged('has a manifest that makes no sense');
  if (!fillsPack(manifest, offset)) return damaged('has a manifest that does not fit its chunks');
  return { type: 'intact', manifest, manifestBytes: length };
}

/** The encoded snapshot, or what is wrong with it. */
export function readChunk(pack: Uint8Array, reference: ChunkReference): Uint8Array | string {
  return finish(readChunkInSteps(pack, reference));
}

/** As `readChunk`; may be interrupted wherever it yields. */
export function* readChunkInSteps(
  pack: Uint8Array,
  { offset, length, checksum: sum }: ChunkReference,
): Generator<void, Uint8Array | string, void> {
  const start = offset + CHUNK_HEADER_BYTES;
  if (start + length > pack.length) return 'is outside of its pack';
  const [ownLength, ownSum] = readNumbers(pack, offset, 2);
  if (ownLength !== length || ownSum !== sum) return 'is not where the manifest says';
  const bytes = pack.subarray(start, start + length);
  return (yield* checksumInSteps(bytes)) === sum ? bytes : 'is damaged (checksum)';
}

function fillsPack({ id, entries }: Manifest, manifestOffset: number): boolean {
  const own = new Map<number, number>();
  for (const { pack, offset, length } of entries.values()) if (pack === id) own.set(offset, length);
  let end = HEADER_BYTES;
  for (const offset of [...own.keys()].sort((a, b) => a - b)) {
    if (offset !== end) return false;
    end += CHUNK_HEADER_BYTES + own.get(offset)!;
  }
  return end === manifestOffset;
}
