/**
 * A pack that is stored compressed: format version 2. All that reads packs sees what was compressed, a pack of version 1.
 *
 *     header   as of any pack, with format version 2
 *     frame    length of the rest · its checksum · length of the pack in it · checksum of these 12 bytes
 *     gzip     a pack
 *
 * Every byte is covered by a checksum, so that damage is told without decompressing anything.
 */
import { CompressionUnavailableError } from '../../errors/CompressionUnavailableError.js';
import { invariant } from '../../errors/invariant.js';
import { checksum, checksumFrom } from './checksum.js';
import { headerProblem, writeHeader } from './header.js';
import type { HeaderKind } from './packLayout.js';
import { HEADER_BYTES, NEWEST_FORMAT_VERSION, PACK_HEADER, readNumbers, writeNumbers } from './packLayout.js';

const COMPRESSED_HEADER: HeaderKind = { ...PACK_HEADER, version: NEWEST_FORMAT_VERSION };
const GZIP_AT = HEADER_BYTES + 16;

/** How what a job writes is compressed. */
export type Compression = 'none' | 'gzip';

/** Whether this runtime has what `gzip` takes. */
export function canCompress(): boolean {
  return typeof CompressionStream === 'function' && typeof DecompressionStream === 'function';
}

/** The bytes to store: those of the pack where compressing saves nothing. */
export async function compressPack(pack: Uint8Array): Promise<Uint8Array> {
  const gzip = await joined(through(pack, new CompressionStream('gzip')), pack.length - GZIP_AT);
  if (gzip === null) return pack;
  const bytes = new Uint8Array(GZIP_AT + gzip.length);
  writeHeader(bytes, COMPRESSED_HEADER);
  writeNumbers(bytes, HEADER_BYTES, [gzip.length, gzip.sum, pack.length]);
  writeNumbers(bytes, HEADER_BYTES + 12, [checksum(bytes.subarray(HEADER_BYTES, HEADER_BYTES + 12))]);
  gzip.copyTo(bytes, GZIP_AT);
  await verify(bytes, pack);
  return bytes;
}

/** As with a pack: what is damaged now must not become a checkpoint. */
async function verify(bytes: Uint8Array, pack: Uint8Array): Promise<void> {
  let at = 0;
  for await (const part of through(bytes.subarray(GZIP_AT), new DecompressionStream('gzip'))) {
    for (let i = 0; i < part.length; i++, at++)
      if (part[i] !== pack[at]) invariant(false, `a compressed pack differs at byte ${at}`);
  }
  invariant(at === pack.length, `of a compressed pack, ${at} of ${pack.length} bytes are left`);
}

/**
 * What was compressed; all other bytes as they are, damaged ones too: `openPack` tells what is wrong with them.
 *
 * @throws CompressionUnavailableError
 */
export async function decompressPack(bytes: Uint8Array): Promise<Uint8Array> {
  if (!isCompressed(bytes) || frameProblem(bytes) !== null) return bytes;
  if (!canCompress()) throw new CompressionUnavailableError('read');
  const [length] = readNumbers(bytes, HEADER_BYTES + 8, 1) as [number];
  const parts = through(bytes.subarray(GZIP_AT), new DecompressionStream('gzip'));
  const found = await joined(parts, length + 1).catch(() => null);
  if (found?.length !== length) return bytes;
  const pack = new Uint8Array(length);
  found.copyTo(pack, 0);
  return pack;
}

/** Whether these are the bytes of a compressed pack, as far as its header tells. */
export function isCompressed(bytes: Uint8Array): boolean {
  return headerProblem(bytes, COMPRESSED_HEADER) === null && readNumbers(bytes, 8, 1)[0] === NEWEST_FORMAT_VERSION;
}

/** What is wrong with the bytes of a compressed pack that `decompressPack` left as they are. */
export function compressedProblem(bytes: Uint8Array): string {
  return frameProblem(bytes) ?? 'is compressed, and cannot be decompressed';
}

function frameProblem(bytes: Uint8Array): string | null {
  if (bytes.length < GZIP_AT) return `is cut off: it has ${bytes.length} bytes`;
  const [length, sum, , frameSum] = readNumbers(bytes, HEADER_BYTES, 4) as [number, number, number, number];
  if (frameSum !== checksum(bytes.subarray(HEADER_BYTES, HEADER_BYTES + 12))) return 'has a damaged frame (checksum)';
  if (bytes.length !== GZIP_AT + length) return `has ${bytes.length} bytes instead of ${GZIP_AT + length}`;
  return sum === checksum(bytes.subarray(GZIP_AT)) ? null : 'is compressed, and damaged (checksum)';
}

/** Of a Blob, since its stream comes in parts: a runtime that compresses on this thread then does not block it. */
async function* through(
  bytes: Uint8Array,
  transform: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(transform).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}

interface Joined {
  readonly length: number;
  /** Their checksum. */
  readonly sum: number;
  copyTo(bytes: Uint8Array, at: number): void;
}

/** @returns null as soon as there are so many bytes or more. */
async function joined(parts: AsyncIterable<Uint8Array>, tooManyBytes: number): Promise<Joined | null> {
  const all: Uint8Array[] = [];
  let length = 0;
  let sum = 0;
  for await (const part of parts) {
    all.push(part);
    length += part.length;
    if (length >= tooManyBytes) return null;
    sum = checksumFrom(sum, part);
  }
  const copyTo = (bytes: Uint8Array, at: number): void => {
    for (const part of all) {
      bytes.set(part, at);
      at += part.length;
    }
  };
  return { length, sum, copyTo };
}
