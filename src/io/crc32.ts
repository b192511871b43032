/** Sixteen tables of 256 numbers: what a byte does to the checksum, followed by none to fifteen others. */
let tables: Int32Array | null = null;

/**
 * CRC-32 (the one of zip and PNG), unsigned.
 *
 * @param sum - of the bytes before these.
 */
export function crc32(bytes: Uint8Array, sum = 0): number {
  const t = (tables ??= createTables());
  const end = bytes.length - 15;
  let crc = ~sum;
  let i = 0;
  // Sixteen bytes at once, without a loop: that makes it twice as fast.
  while (i < end) {
    crc =
      t[3840 + (bytes[i++]! ^ (crc & 255))]! ^
      t[3584 + (bytes[i++]! ^ ((crc >> 8) & 255))]! ^
      t[3328 + (bytes[i++]! ^ ((crc >> 16) & 255))]! ^
      t[3072 + (bytes[i++]! ^ (crc >>> 24))]! ^
      t[2816 + bytes[i++]!]! ^
      t[2560 + bytes[i++]!]! ^
      t[2304 + bytes[i++]!]! ^
      t[2048 + bytes[i++]!]! ^
      t[1792 + bytes[i++]!]! ^
      t[1536 + bytes[i++]!]! ^
      t[1280 + bytes[i++]!]! ^
      t[1024 + bytes[i++]!]! ^
      t[768 + bytes[i++]!]! ^
      t[512 + bytes[i++]!]! ^
      t[256 + bytes[i++]!]! ^
      t[bytes[i++]!]!;
  }
  while (i < bytes.length) crc = (crc >>> 8) ^ t[(crc ^ bytes[i++]!) & 255]!;
  return ~crc >>> 0;
}

function createTables(): Int32Array {
  const all = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    all[byte] = crc;
  }
  for (let i = 256; i < all.length; i++) all[i] = (all[i - 256]! >>> 8) ^ all[all[i - 256]! & 255]!;
  return all;
}
