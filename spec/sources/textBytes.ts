import fc from 'fast-check';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Bytes of text files at their worst: all line ends, characters of all lengths, whole, cut short and invalid. */
export function textBytes(constraints: { maxPieces: number }): fc.Arbitrary<Uint8Array> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\r\n').map(text) },
    { weight: 4, arbitrary: fc.string({ maxLength: 20 }).map(text) },
    { weight: 2, arbitrary: fc.constantFrom('ü', '€', '東京', '😀', '\uFEFF', '\0', '\u2028', '\u0085').map(text) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        ...[bytes(0xff), bytes(0xc3), bytes(0xe2, 0x82), bytes(0xf0, 0x9f, 0x98), bytes(0x80), bytes(0xed, 0xa0, 0x80)],
        ...[bytes(0xef), bytes(0xef, 0xbb), bytes(0xc0, 0x8a)],
      ),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 6000 }).map((length) => text('x'.repeat(length))) },
  );
  return fc
    .tuple(
      fc.constantFrom(bytes(), text('\uFEFF'), text('\uFEFF\uFEFF')),
      fc.array(piece, { maxLength: constraints.maxPieces, size: 'max' }),
    )
    .map(([start, pieces]) => Uint8Array.from(Buffer.concat([start, ...pieces])));
}
