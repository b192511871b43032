import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Readable } from 'rxjs-checkpoint/inspect';
import { fromReadable, toReadable, UnreadableNotationError } from 'rxjs-checkpoint/inspect';

import { LiveHandle } from '../../src/checkpoint/protocol/LiveHandle.js';
import { StoredError } from '../../src/checkpoint/protocol/StoredError.js';
import { StoredNotification } from '../../src/checkpoint/protocol/StoredNotification.js';
import { jsonPieces } from '../../src/command/writeJson.js';
import { anyStorable } from '../checkpoint/store/anyStorable.js';
import { graphOf } from '../checkpoint/store/graphOf.js';
import { seed } from '../support/seed.js';

const throughText = (value: unknown): unknown =>
  fromReadable(JSON.parse(JSON.stringify(toReadable(value))) as Readable);

const cycle: { self?: unknown; list: unknown[] } = { list: [] };
cycle.self = cycle;
cycle.list.push(cycle.list, cycle);
const shared = { name: 'shared' };
const buffer = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer;

const examples: readonly (readonly [string, unknown, Readable])[] = [
  ['a plain value', { a: [1, 'text', true, null] }, { a: [1, 'text', true, null] }],
  ['undefined', { a: undefined }, { a: { $undefined: true } }],
  [
    'numbers that JSON lacks',
    [NaN, Infinity, -Infinity, -0],
    [{ $number: 'NaN' }, { $number: 'Infinity' }, { $number: '-Infinity' }, { $number: '-0' }],
  ],
  ['a bigint', 12n, { $bigint: '12' }],
  ['a Date', new Date(0), { $date: '1970-01-01T00:00:00.000Z' }],
  ['an invalid Date', new Date(NaN), { $date: null }],
  ['a RegExp', /a+/gi, { $regexp: ['a+', 'gi'] }],
  [
    'a Map',
    new Map<unknown, unknown>([
      ['a', 1],
      [{ b: 1 }, new Map()],
    ]),
    {
      $map: [
        ['a', 1],
        [{ b: 1 }, { $map: [] }],
      ],
    },
  ],
  ['a Set', new Set([1, 'a']), { $set: [1, 'a'] }],

  ['holes', [1, , , 2, ,], [1, { $hole: 2 }, 2, { $hole: 1 }]],
  ['bytes', Uint8Array.of(1, 2, 255), { $Uint8Array: 'AQL/' }],
  [
    'numbers in a typed array',
    Float64Array.of(1.5, -0, NaN),
    { $Float64Array: [1.5, { $number: '-0' }, { $number: 'NaN' }] },
  ],
  ['big numbers in a typed array', BigInt64Array.of(-5n), { $BigInt64Array: [{ $bigint: '-5' }] }],
  ['a buffer', Uint8Array.of(1).buffer, { $ArrayBuffer: 'AQ==' }],
  [
    'views of one buffer',
    [new Uint8Array(buffer, 2, 3), new Uint16Array(buffer), new DataView(buffer)],
    [
      { $Uint8Array: { buffer: { $id: 1, $value: { $ArrayBuffer: 'AQIDBAUGBwg=' } }, byteOffset: 2, length: 3 } },
      { $Uint16Array: { buffer: { $ref: 1 }, byteOffset: 0, length: 4 } },
      { $DataView: { buffer: { $ref: 1 }, byteOffset: 0, length: 8 } },
    ],
  ],
  ['a cycle', cycle, { $id: 1, $value: { list: { $id: 2, $value: [{ $ref: 2 }, { $ref: 1 }] }, self: { $ref: 1 } } }],
  ['what is there twice', [shared, shared], [{ $id: 1, $value: { name: 'shared' } }, { $ref: 1 }]],
  ['no prototype', Object.assign(Object.create(null) as object, { a: 1 }), { $nullPrototype: { a: 1 } }],
  ['a property that looks like the notation', { $date: 1, $$: 2 }, { $$date: 1, $$$: 2 }],
  ['__proto__', JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}') as Readable],
  [
    'a group',
    new LiveHandle(3, 'live', 'LAX', undefined),
    { $live: { id: 3, status: 'live', key: 'LAX', error: { $undefined: true } } },
  ],
  [
    'an error',
    new StoredError('TypeError', 'no', { stack: 's' }),
    { $error: { type: 'TypeError', message: 'no', fields: { stack: 's' } } },
  ],
  [
    'a Notification',
    new StoredNotification('N', 7, undefined),
    { $notification: { kind: 'N', value: 7, error: { $undefined: true } } },
  ],
];

describe('values as JSON', () => {
  test.each(examples)('%s', (_, value, readable) => {
    expect(toReadable(value)).toEqual(readable);
    expect(graphOf(throughText(value))).toBe(graphOf(value));
  });

  test('an array of one item at the far end takes no time', () => {
    const sparse: unknown[] = [];
    sparse[4_000_000_000] = 1;
    expect(toReadable(sparse)).toEqual([{ $hole: 4_000_000_000 }, 1]);
    expect((throughText(sparse) as unknown[]).length).toBe(4_000_000_001);
  });

  test('whatever a snapshot can hold comes back equal, also through the text that the command writes', () => {
    fc.assert(
      fc.property(anyStorable, (value) => {
        expect(graphOf(throughText(value))).toBe(graphOf(value));
        const text = [...jsonPieces(toReadable(value))].join('');
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(toReadable(value))));
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('text that is no such JSON', () => {
  test.each<[Readable]>([
    [{ a: { $mapp: [] } }],
    [{ a: { $map: 1 } }],
    [{ a: { $map: [[1]] } }],
    [
      {
        a: {
          $map: [
            [1, 2],
            [1, 3],
          ],
        },
      },
    ],
    [{ a: { $set: [1, 1] } }],
    [{ a: { $date: 'yesterday' } }],
    [{ a: { $date: '2026-11-21', more: 1 } }],
    [{ a: { $number: 'one' } }],
    [{ a: { $bigint: '1.5' } }],
    [{ a: { $regexp: ['(', ''] } }],
    [{ a: { $hole: 1 } }],
    [[{ $hole: -1 }]],
    [{ a: { $Uint8Array: '***' } }],
    [{ a: { $Int8Array: [300] } }],
    [{ a: { $Int8Array: { buffer: 1, byteOffset: 0, length: 1 } } }],
    [{ a: { $Uint16Array: { buffer: { $ArrayBuffer: 'AQID' }, byteOffset: 1, length: 1 } } }],
    [{ a: { $BigInt64Array: [1] } }],
    [{ a: { $ref: 1 } }],
    [
      [
        { $id: 1, $value: [] },
        { $id: 1, $value: [] },
      ],
    ],
    [{ a: { $id: 1 } }],
    [{ a: { $live: { id: 'x' } } }],
    [{ a: { $error: { type: 'Error' } } }],
    [{ a: { $notification: { kind: 'X' } } }],
  ])('%j', (document) => {
    expect(() => fromReadable(document)).toThrow(UnreadableNotationError);
    expect(messageOf(() => fromReadable(document))).toMatchSnapshot();
  });

  test('nested too deeply', () => {
    let deep: Readable = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => fromReadable(deep)).toThrow('nested too deeply');
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}
