import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { asciiDecoder } from '../../src/sources/asciiDecoder.js';
import { caseCount, seed } from '../support/seed.js';
import { textBytes } from './textBytes.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('asciiDecoder', () => {
  it('decodes ASCII, also after it met something else', () => {
    const decode = asciiDecoder();
    expect(decode(encode('a\0b'))).toBe('a\0b');
    expect(decode(encode('ü'))).toBeNull();
    expect(decode(encode('ü'))).toBeNull();
    expect(decode(encode('abc'))).toBe('abc');
    expect(decode(encode('\uFEFFabc'))).toBeNull();
  });

  it('only ever gives text whose characters lie where their bytes do', () => {
    fc.assert(
      fc.property(fc.array(textBytes({ maxPieces: 5 })), (all) => {
        const decode = asciiDecoder();
        for (const bytes of all) {
          const text = decode(bytes);
          if (text === null) {
            expect(bytes.some((byte) => byte > 127)).toBe(true);
            continue;
          }
          const expected = Array.from(bytes, (byte) => (byte < 128 ? byte : 0xfffd));
          expect(text === String.fromCharCode(...expected)).toBe(true);
        }
      }),
      { seed, numRuns: caseCount(100) },
    );
  });
});
