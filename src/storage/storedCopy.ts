import { checksum } from './checksum.js';

/** `RXJSCOPY`: nobody takes a copy for a checkpoint. */
const MAGIC = Uint8Array.from([0x52, 0x58, 0x4a, 0x53, 0x43, 0x4f, 0x50, 0x59]);
const HEADER_BYTES = 16;

/**
 * A copy, and of what it is one: magic (8), length of the identity (4), checksum of all that follows (4), the identity in
 * UTF-8, the bytes.
 */
export function wrapCopy(bytes: Uint8Array, identity: string): Uint8Array {
  const id = new TextEncoder().encode(identity);
  const copy = new Uint8Array(HEADER_BYTES + id.length + bytes.length);
  copy.set(MAGIC);
  copy.set(id, HEADER_BYTES);
  copy.set(bytes, HEADER_BYTES + id.length);
  const view = new DataView(copy.buffer);
  view.setUint32(8, id.length, true);
  view.setUint32(12, checksum(copy.subarray(HEADER_BYTES)), true);
  return copy;
}

/** @returns undefined when it is damaged, or a copy of something else. */
export function unwrapCopy(copy: Uint8Array, identity: string): Uint8Array | undefined {
  if (copy.length < HEADER_BYTES || MAGIC.some((byte, i) => copy[i] !== byte)) return undefined;
  const view = new DataView(copy.buffer, copy.byteOffset, copy.length);
  const end = HEADER_BYTES + view.getUint32(8, true);
  if (end > copy.length || checksum(copy.subarray(HEADER_BYTES)) !== view.getUint32(12, true)) return undefined;
  return new TextDecoder().decode(copy.subarray(HEADER_BYTES, end)) === identity ? copy.slice(end) : undefined;
}
