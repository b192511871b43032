import crc32 from 'crc-32';

/**
 * What the bytes before a position looked like, so that a restore notices another file under the same path. Both parts
 * lie before the position: a file may grow.
 */
export interface FileFingerprint {
  /** CRC-32 of the file's first `FINGERPRINT_BYTES`, or of all bytes before the position if these are fewer. */
  readonly head: number;
  /** CRC-32 of the last `FINGERPRINT_BYTES` before the position, or of all bytes before it if these are fewer. */
  readonly tail: number;
}

/** Part of the stored format: fingerprints in checkpoints are made of this many bytes. */
export const FINGERPRINT_BYTES = 4096;

export function fingerprintOf(head: Uint8Array, tail: Uint8Array): FileFingerprint {
  return { head: crc32.buf(head) >>> 0, tail: crc32.buf(tail) >>> 0 };
}
