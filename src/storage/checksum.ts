import crc32 from 'crc-32';

/** CRC-32 (the one of zip and PNG), unsigned. */
export function checksum(bytes: Uint8Array): number {
  return crc32.buf(bytes) >>> 0;
}
