import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { LineTooLongError } from '../../src/errors/LineTooLongError.js';
import { nodeFiles } from '../../src/node/nodeFiles.js';
import { LineDecoder } from '../../src/sources/LineDecoder.js';
import { lines } from '../../src/sources/lines.js';
import { caseCount, seed } from '../support/seed.js';
import type { NaiveLine } from './naiveLines.js';
import { naiveLines } from './naiveLines.js';
import { textBytes } from './textBytes.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Feeds a decoder window after window, as `FileReader` does. */
function decodeInWindows(decoder: LineDecoder, bytes: Uint8Array, windowBytes: number): NaiveLine[] {
  const found: NaiveLine[] = [];
  for (let end = 0; ; end = Math.min(end + windowBytes, bytes.length)) {
    const ended = end === bytes.length;
    // A copy that is destroyed afterwards: the decoder must not go back to it.
    const window = bytes.slice(decoder.offset, end);
    decoder.feed(window, false);
    while (decoder.next()) found.push({ record: decoder.record, offset: decoder.offset });
    if (!ended) {
      window.fill(0x0a);
      continue;
    }
    decoder.feed(bytes.slice(decoder.offset), true);
    while (decoder.next()) found.push({ record: decoder.record, offset: decoder.offset });
    return found;
  }
}

function decode(text: string, windowBytes = 64): string[] {
  const decoder = new LineDecoder({ path: 'file', offset: 0, maxLineBytes: 1000 });
  return decodeInWindows(decoder, encode(text), windowBytes).map(({ record }) => record);
}

describe('lines', () => {
  it('end with \\n or \\r\\n, and the last one with the file', () => {
    expect(decode('a\nb\r\nc')).toEqual(['a', 'b', 'c']);
    expect(decode('a\nb\r\nc\n')).toEqual(['a', 'b', 'c']);
    expect(decode('a\nb\r\nc\r\n')).toEqual(['a', 'b', 'c']);
  });

  it('may be empty, and an empty file has none', () => {
    expect(decode('')).toEqual([]);
    expect(decode('\n')).toEqual(['']);
    expect(decode('\r\n\n\na')).toEqual(['', '', '', 'a']);
  });

  it('keep any other \\r', () => {
    expect(decode('a\rb\n\r\r\nc\r')).toEqual(['a\rb', '\r', 'c\r']);
  });

  it('start after a byte order mark, at the start of the file only', () => {
    expect(decode('\uFEFFa\n\uFEFFb')).toEqual(['a', '\uFEFFb']);
    expect(decode('\uFEFF')).toEqual([]);
    expect(decode('\uFEFF\n')).toEqual(['']);
    expect(decode('\uFEFF\uFEFFa')).toEqual(['\uFEFFa']);
    const resumed = new LineDecoder({ path: 'file', offset: 2, maxLineBytes: 1000 });
    resumed.feed(encode('\uFEFFb\n'), true);
    expect([resumed.next(), resumed.record, resumed.offset]).toEqual([true, '\uFEFFb', 7]);
  });

  it('are the same whether a character, a line end or a mark is split between windows', () => {
    const text = '\uFEFFaü€😀\r\n\r\nb\r\n\0\n';
    for (let windowBytes = 1; windowBytes < 30; windowBytes++) {
      expect(decode(text, windowBytes)).toEqual(['aü€😀', '', 'b', '\0']);
    }
  });

  it('with bytes that are not UTF-8 have exact offsets', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x0a, 0xe2, 0x82, 0x0a, 0x62);
    const decoder = new LineDecoder({ path: 'file', offset: 0, maxLineBytes: 1000 });
    expect(decodeInWindows(decoder, bytes, 2)).toEqual([
      { record: 'a\uFFFD', offset: 3 },
      { record: '\uFFFD', offset: 6 },
      { record: 'b', offset: 7 },
    ]);
  });

  it('are those of a naive reader, with their offsets, for any bytes, windows and chunks', () => {
    fc.assert(
      fc.property(
        textBytes({ maxPieces: 30 }),
        fc.oneof(...[9, 200, 65_536].map((max) => fc.integer({ min: 1, max }))),
        fc.oneof(...[9, 200, 32_768].map((max) => fc.integer({ min: 1, max }))),
        fc.constantFrom(undefined, nodeFiles.decodeAscii),
        (bytes, windowBytes, chunkBytes, decodeAscii) => {
          const decoder = new LineDecoder({ path: 'file', offset: 0, maxLineBytes: 1e6, chunkBytes, decodeAscii });
          expect(decodeInWindows(decoder, bytes, windowBytes)).toEqual(naiveLines(bytes));
        },
      ),
      { seed, numRuns: caseCount(300) },
    );
  });
});

describe('maxLineBytes', () => {
  /** The lines before the first one that is too long, and where that is. */
  function upToLimit(bytes: Uint8Array, maxLineBytes: number, windowBytes: number, chunkBytes?: number): unknown[] {
    const decoder = new LineDecoder({ path: 'file', offset: 0, maxLineBytes, ...(chunkBytes && { chunkBytes }) });
    const found: unknown[] = [];
    try {
      for (let end = 0; ; end += windowBytes) {
        decoder.feed(bytes.slice(decoder.offset, end), end >= bytes.length);
        while (decoder.next()) found.push(decoder.record);
        if (end >= bytes.length) return found;
      }
    } catch (error) {
      expect(error).toBeInstanceOf(LineTooLongError);
      expect(error).toMatchObject({ path: 'file', maxLineBytes, code: 'line-too-long' });
      return [...found, (error as LineTooLongError).offset];
    }
  }

  it('counts the line end, whichever it is', () => {
    for (const windowBytes of [1, 3, 100]) {
      expect(upToLimit(encode('abc\nabcd\n'), 4, windowBytes)).toEqual(['abc', 4]);
      expect(upToLimit(encode('ab\r\nabc\r\n'), 4, windowBytes)).toEqual(['ab', 4]);
      expect(upToLimit(encode('ü\r\nabcd'), 4, windowBytes)).toEqual(['ü', 'abcd']);
      expect(upToLimit(encode('abcde'), 4, windowBytes)).toEqual([0]);
    }
  });

  it('refuses the same line however the bytes arrive', () => {
    fc.assert(
      fc.property(
        textBytes({ maxPieces: 10 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 9 }),
        (bytes, maxLineBytes, windowBytes, chunkBytes) => {
          const expected: unknown[] = [];
          let start = 0;
          for (const { record, offset } of naiveLines(bytes)) {
            if (offset - start > maxLineBytes) {
              expected.push(start);
              break;
            }
            expected.push(record);
            start = offset;
          }
          fc.pre(bytes.length > 3 || maxLineBytes > 3);
          expect(upToLimit(bytes, maxLineBytes, windowBytes)).toEqual(expected);
          expect(upToLimit(bytes, maxLineBytes, windowBytes, chunkBytes)).toEqual(expected);
        },
      ),
      { seed, numRuns: caseCount(300) },
    );
  });

  it('measures one line, not two, when both are longer than a chunk', () => {
    const text = [50, 20, 45, 30, 50].map((length) => 'x'.repeat(length));
    for (let windowBytes = 1; windowBytes < 200; windowBytes++) {
      expect(upToLimit(encode(text.join('\n')), 51, windowBytes, 8)).toEqual(text);
    }
  });

  it('stops a file without line ends long before it is read', () => {
    const decoder = new LineDecoder({ path: 'data.bin', offset: 7, maxLineBytes: 1000 });
    decoder.feed(new Uint8Array(1001), false);
    expect(() => decoder.next()).toThrow("The line at byte 7 of 'data.bin' is longer than 1000 bytes");
  });

  it('has to be a length that a string can have', () => {
    for (const maxLineBytes of [0, -1, 1.5, NaN, Infinity, 2 ** 30]) {
      expect(() => lines({ maxLineBytes })).toThrow(RangeError);
    }
    expect(lines({ maxLineBytes: 1 }).name).toBe('lines');
  });
});
