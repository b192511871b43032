import fc from 'fast-check';

import { nodeFiles } from '../../src/node/nodeFiles.js';
import type { FileFormat } from '../../src/sources/FileFormat.js';
import { LineDecoder } from '../../src/sources/LineDecoder.js';
import { lines } from '../../src/sources/lines.js';

/** A file that a pipeline reads, as it is in the beginning, and how it is read. */
export interface FileSpec {
  readonly kind: 'file';
  /** Its lines with their ends. Each character is a byte. */
  readonly pieces: readonly string[];
  /** How much is read at once, if it is not too little to come to the end. */
  readonly readBytes: number;
  /** How much is decoded at once. */
  readonly chunkBytes: number | undefined;
  readonly maxLineBytes: number | undefined;
  /** Whether the platform has its own way to decode. */
  readonly decodesAscii: boolean;
  readonly grows: 'never' | 'between lives' | 'at any time';
  /** How often it is another one when a life begins. */
  readonly changes: number;
}

/** As UTF-8. */
export function bytesIn(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export const BYTE_ORDER_MARK = bytesIn('\uFEFF');

const words = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('', 'a', 'bc', 'def', 'x y,z') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('ü', '€uro', '東京', '😀😀', '\uFEFFa', 'a\rb', '\r', '\u2028').map(bytesIn),
  },
  { weight: 1, arbitrary: fc.constantFrom('\xff', '\xc3', '\xe2\x82', '\xf0\x9f\x98') },
  { weight: 1, arbitrary: fc.integer({ min: 10, max: 90 }).map((n) => 'l'.repeat(n)) },
);
/** Of which one or two are longer than what a file is known again by. */
const longWords = fc.integer({ min: 2_000, max: 4_200 }).map((n) => 'l'.repeat(n));

/** @param length - in lines, at most. */
export function fileSpecs(length: number): fc.Arbitrary<FileSpec> {
  const word = fc.oneof({ weight: 30, arbitrary: words }, { weight: 2, arbitrary: longWords });
  const line = fc.tuple(word, fc.constantFrom('\n', '\n', '\r\n')).map((parts) => parts.join(''));
  return fc.record({
    kind: fc.constant('file' as const),
    pieces: fc
      .tuple(fc.constantFrom('', '', '', BYTE_ORDER_MARK), fc.array(line, { maxLength: length }), fc.boolean(), words)
      .map(([mark, whole, endsOpen, last]) => {
        const all = endsOpen && last !== '' ? [...whole, last] : whole;
        return all.length === 0 || mark === '' ? all : [mark + all[0]!, ...all.slice(1)];
      }),
    readBytes: fc.constantFrom(1, 3, 8, 64),
    chunkBytes: fc.constantFrom(undefined, 1, 4, 32),
    maxLineBytes: fc.constantFrom(undefined, undefined, undefined, undefined, 12),
    decodesAscii: fc.boolean(),
    grows: fc.constantFrom('never' as const, 'between lives' as const, 'at any time' as const),
    changes: fc.constantFrom(0, 0.9, 0.9),
  });
}

export function formatOf({ maxLineBytes, chunkBytes }: FileSpec): FileFormat<string> {
  const format = lines(maxLineBytes === undefined ? {} : { maxLineBytes });
  if (chunkBytes === undefined) return format;
  // No file here is as long as the default.
  const limit = maxLineBytes ?? Number.MAX_SAFE_INTEGER;
  return {
    name: format.name,
    createDecoder: (start) => new LineDecoder({ ...start, maxLineBytes: limit, chunkBytes }),
  };
}

export function decodeAsciiOf({ decodesAscii }: FileSpec) {
  return decodesAscii ? nodeFiles.decodeAscii : undefined;
}
