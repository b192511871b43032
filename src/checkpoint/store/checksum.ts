import crc32 from 'crc-32';

/** Bytes at once, of what can be interrupted. */
const BYTES_AT_ONCE = 1 << 20;

export { checksum } from '../../storage/checksum.js';

/** The checksum of bytes behind those that have the checksum `sum`; of the first ones with 0. */
export function checksumFrom(sum: number, bytes: Uint8Array): number {
  return crc32.buf(bytes, sum) >>> 0;
}

/** As `checksum`; may be interrupted wherever it yields. */
export function* checksumInSteps(bytes: Uint8Array): Generator<void, number, void> {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += BYTES_AT_ONCE) {
    sum = checksumFrom(sum, bytes.subarray(at, at + BYTES_AT_ONCE));
    yield;
  }
  return sum;
}

/** Copies bytes into others, to the place `at`; may be interrupted wherever it yields. */
export function* copyInSteps(bytes: Uint8Array, into: Uint8Array, at: number): Generator<void, void, void> {
  for (let from = 0; from < bytes.length; from += BYTES_AT_ONCE) {
    into.set(bytes.subarray(from, from + BYTES_AT_ONCE), at + from);
    yield;
  }
}
