import { expect, test } from '@jest/globals';
import library from 'crc-32';

import { crc32 } from '../../src/io/crc32.js';

const bytes = Uint8Array.from({ length: 2_000 }, (_, i) => (i * 7_919) >> 3);

test('is the CRC-32 that everybody has', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  for (let length = 0; length < 100; length++)
    for (const start of [0, 1, 1_003]) {
      const part = bytes.subarray(start, start + length);
      expect(crc32(part)).toBe(library.buf(part) >>> 0);
    }
});

test('goes on behind other bytes', () => {
  for (let cut = 0; cut <= bytes.length; cut += 37)
    expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
});
