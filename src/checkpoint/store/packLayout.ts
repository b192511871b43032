/**
 * A pack is what one checkpoint writes, in one piece: the snapshots that changed, and the manifest that makes it a
 * checkpoint. `docs/format.md` shows one byte by byte. Numbers are unsigned, 32 bits, little-endian.
 *
 *     header   8 magic "RXJSCKPT" · format version · checksum of the 12 bytes before
 *     chunks   each: length · checksum · the encoded snapshot (devalue's text, UTF-8)
 *     manifest JSON, UTF-8
 *     trailer  offset of the manifest · its length · its checksum · length of the pack · checksum of the 16 bytes
 *              before · 8 magic "CKPT-END"
 *
 * Invariants:
 * - Every byte is covered by a checksum or compared with a constant: no changed, lost or added byte goes unnoticed.
 * - The header is the same in every version to come, so that an old library tells "newer" from "damaged".
 * - A pack is written once under its checkpoint's id, and never changed.
 * - A manifest refers to chunks of its own pack and of older ones only. The chunks of its own pack fill it without gaps.
 */

export const FORMAT_VERSION: number = 1;
/** Of a pack that is stored compressed, see `compressedPack.ts`. Nothing newer is read. */
export const NEWEST_FORMAT_VERSION: number = 2;

/** What the header of a kind of blob says. */
export interface HeaderKind {
  /** 8 bytes. */
  readonly magic: Uint8Array;
  /** The newest version that is known. */
  readonly version: number;
  /** For messages. */
  readonly what: string;
}

export const PACK_HEADER: HeaderKind = {
  magic: Uint8Array.from('RXJSCKPT', (c) => c.charCodeAt(0)),
  version: FORMAT_VERSION,
  what: 'checkpoint',
};
export const TRAILER_MAGIC: Uint8Array = Uint8Array.from('CKPT-END', (c) => c.charCodeAt(0));
export const HEADER_BYTES: number = 16;
export const CHUNK_HEADER_BYTES: number = 8;
export const TRAILER_BYTES: number = 28;
/** As much as Node reads from a file in one piece. */
export const MAX_PACK_BYTES: number = 2 ** 31 - 1;

export function writeNumbers(bytes: Uint8Array, offset: number, numbers: readonly number[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < numbers.length; i++) view.setUint32(offset + 4 * i, numbers[i]!, true);
}

export function readNumbers(bytes: Uint8Array, offset: number, count: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) numbers.push(view.getUint32(offset + 4 * i, true));
  return numbers;
}
