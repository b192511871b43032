import { describe, expect, it } from '@jest/globals';
import { stringify } from 'devalue';
import fc from 'fast-check';
import { freeze, produce } from 'immer';

import { decodeValue, encodeInSteps, encodeValue } from '../../../src/checkpoint/store/codec.js';
import type { CodecTypes } from '../../../src/checkpoint/store/CodecType.js';
import { finish } from '../../../src/checkpoint/store/finish.js';
import { planEncoding } from '../../../src/checkpoint/store/planEncoding.js';
import { UnreadableSnapshotError } from '../../../src/errors/UnreadableSnapshotError.js';
import { UnstorableValueError } from '../../../src/errors/UnstorableValueError.js';
import { anyStorable } from './anyStorable.js';
import { graphOf } from './graphOf.js';

const roundTrip = (value: unknown, types: CodecTypes = {}): unknown => decodeValue(encodeValue(value, types), types);

function refusal(value: unknown, types: CodecTypes = {}): UnstorableValueError {
  try {
    encodeValue(value, types);
  } catch (error) {
    if (error instanceof UnstorableValueError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** An array with holes, which a literal could not show. */
function sparse(length: number, items: Record<number, unknown>): unknown[] {
  return Object.assign(new Array<unknown>(length), items);
}

describe('what snapshots carry', () => {
  const cases: Record<string, unknown> = {
    undefined: undefined,
    null: null,
    NaN: NaN,
    infinity: Infinity,
    'minus infinity': -Infinity,
    'minus zero': -0,
    'numbers at the edge': [Number.MAX_SAFE_INTEGER, Number.MIN_VALUE, Number.MAX_VALUE, 0.1 + 0.2],
    'primitives inside': { a: undefined, b: NaN, c: Infinity, d: -Infinity, e: -0, f: null, g: true, h: 'x' },
    'a BigInt': 12n,
    'a large BigInt': -(2n ** 4_000n),
    'a Date': new Date(8.64e15),
    'a Date before Christ': new Date(-62_198_755_200_001),
    'an invalid Date': { date: new Date(NaN) },
    'a Map': new Map<unknown, unknown>([
      [{ key: 1 }, 'a'],
      [NaN, 'b'],
      [undefined, new Map()],
    ]),
    'a Set': new Set<unknown>(['a', 1, NaN, {}, new Set()]),
    'a RegExp': /a\/b\n"[<]/giu,
    'a RegExp without flags': /x/,
    'an ArrayBuffer': Uint8Array.of(1, 2, 255).buffer,
    'an empty ArrayBuffer': new ArrayBuffer(0),
    'a DataView': new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2),
    'typed arrays': [
      Int8Array.of(-1),
      Uint8Array.of(1),
      Uint8ClampedArray.of(255),
      Int16Array.of(-1, 2),
      Uint16Array.of(65_535),
      Int32Array.of(-5),
      Uint32Array.of(7),
      Float32Array.of(0.5, NaN),
      Float64Array.of(-0, 0.1),
      BigInt64Array.of(-3n),
      BigUint64Array.of(2n ** 64n - 1n),
    ],
    'an empty array': [],
    'an array with holes': sparse(5, { 0: undefined, 3: 1 }),
    'an array of holes': sparse(3, {}),
    'a very sparse array': sparse(4_294_967_295, { 0: 'a', 4_294_967_294: 'z' }),
    'an array that looks like an encoded one': [-7, 3, -1, 'Date', ['Map', 1, 2], -2],
    'an object without a prototype': Object.assign(Object.create(null) as object, {
      a: 1,
      constructor: 2,
      toString: 3,
    }),
    'keys with a meaning elsewhere': {
      constructor: 1,
      toString: 2,
      then: 3,
      hasOwnProperty: 4,
      '': 5,
      'a.b': 6,
      '0': 7,
    },
    'an object that looks like an encoded one': { '@error': 1, Date: ['Date', 'x'], type: '@error' },
    'lone surrogates': { 'key \ud800': 'a\udfffb', pair: '\u{1f600}', separators: '\u2028\u2029<!--</script>\0' },
    'a byte order mark': '\ufeffx',
    'a long string': 'ab\u00e9'.repeat(100_000),
  };

  it.each(Object.keys(cases))('%s', (name) => {
    expect(graphOf(roundTrip(cases[name]))).toBe(graphOf(cases[name]));
    expect(graphOf(roundTrip({ state: cases[name] }))).toBe(graphOf({ state: cases[name] }));
  });

  it('the order of keys, entries and items', () => {
    const value = {
      z: 1,
      a: 2,
      m: new Map([
        ['z', 1],
        ['a', 2],
      ]),
      s: new Set(['z', 'a']),
    };
    expect(graphOf(roundTrip(value))).toBe(graphOf(value));
  });

  it('cycles, through every kind of container', () => {
    const map = new Map<unknown, unknown>();
    const set = new Set<unknown>([map]);
    const list: unknown[] = [set];
    const record = { list, self: undefined as unknown };
    record.self = record;
    map.set(record, map).set('record', record);
    expect(graphOf(roundTrip(record))).toBe(graphOf(record));
    expect(graphOf(roundTrip(map))).toBe(graphOf(map));
  });

  it('references shared within the value, dates and buffers among them', () => {
    const [part, date, buffer] = [{ a: 1 }, new Date(5), new ArrayBuffer(4)];
    const value = { a: part, b: [part, part], c: date, d: date, e: buffer, f: buffer };
    expect(graphOf(roundTrip(value))).toBe(graphOf(value));
  });

  it('what immer made and froze', () => {
    const map = new Map([['a', { n: 1 }]]);
    const value = freeze(
      produce({ map, list: [1] }, (draft) => void draft.list.push(2)),
      true,
    );
    expect(graphOf(roundTrip(value))).toBe(graphOf({ map: new Map([['a', { n: 1 }]]), list: [1, 2] }));
  });

  it('a nesting of 900 levels', () => {
    let value: unknown = 'core';
    for (let i = 0; i < 900; i++) value = i % 2 === 0 ? { value } : [value];
    expect(graphOf(roundTrip(value))).toBe(graphOf(value));
  });

  it('whatever can be combined from these', () => {
    fc.assert(
      fc.property(anyStorable, (value) => {
        expect(graphOf(roundTrip(value))).toBe(graphOf(value));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the text', () => {
  /** What devalue itself would write; views as they are in their buffers. */
  const theirs = (value: unknown, types: CodecTypes = {}): string => {
    const plan = finish(planEncoding(value, types));
    const custom = Object.keys(types).map((type): [string, (part: unknown) => unknown] => [
      `@${type}`,
      (part) => (plan.standIns.get(part)?.type === type ? [plan.standIns.get(part)!.data] : undefined),
    ]);
    return stringify(value, Object.fromEntries(custom), {
      operations: { viewInfo: (view: ArrayBufferView) => plan.views.get(view)! },
    });
  };
  const ours = (value: unknown, types: CodecTypes = {}): string => new TextDecoder().decode(encodeValue(value, types));

  it('is that of devalue, to the letter', () => {
    fc.assert(fc.property(anyStorable, (value) => expect(ours(value)).toBe(theirs(value))));
  });

  it('is that of devalue for what is large', () => {
    const shared = { list: Array.from({ length: 3_000 }, (_, i) => (i % 7 === 0 ? { i } : i / 3)) };
    const large = {
      map: new Map(
        Array.from({ length: 40_000 }, (_, i) => [`key ${i % 39_000} \u{1f600} <${i}>`, shared.list[i % 3_000]]),
      ),
      set: new Set(shared.list),
      bytes: Uint8Array.from({ length: 200_000 }, (_, i) => i * 7),
      buffer: Uint8Array.from({ length: 49_153 }, (_, i) => i * 5).buffer,
      text: '\ud83d\ude00'.repeat(100_000),
      ...{ shared, again: shared, holes: sparse(2_000, { 3: 1, 1_500: shared }), few: sparse(9, { 1: 1, 2: 2, 4: 4 }) },
    };
    expect(ours(large)).toBe(theirs(large));
    expect(roundTrip(large)).toEqual(large);
  });

  it('has custom values as devalue has them', () => {
    class Money {
      constructor(readonly amount: unknown) {}
    }
    const types: CodecTypes = {
      Money: {
        is: (value) => value instanceof Money,
        encode: (value) => (value as Money).amount,
        decode: (data) => new Money(data),
      },
    };
    const purse = new Money({ coins: [1, new Money(undefined)] });
    const value = { purse, again: [purse, new Money(0), new Money(purse)] };
    expect(ours(value, types)).toBe(theirs(value, types));
    expect(roundTrip(value, types)).toEqual(value);
  });

  it('can be interrupted in many places, of a large value as of many small ones', () => {
    const count = (value: unknown): number => {
      const steps = encodeInSteps(value, {});
      let n = 0;
      while (steps.next().done !== true) n++;
      return n;
    };
    expect(count(Array.from({ length: 100_000 }, (_, i) => i))).toBeGreaterThan(100);
    expect(count(Array.from({ length: 10_000 }, (_, i) => ({ i })))).toBeGreaterThan(20);
    expect(count(new Uint8Array(1 << 20))).toBeGreaterThan(10);
    expect(count({ a: 1 })).toBe(0);
  });
});

describe('views on buffers', () => {
  it('are stored with the bytes that they show, not with all that is behind them', () => {
    const view = new Uint8Array(1_000_000).subarray(500_000, 500_004);
    expect(encodeValue({ view }, {}).length).toBeLessThan(100);
    expect(graphOf(roundTrip({ view }))).toBe(graphOf({ view }));
  });

  it('do not share memory with their neighbours in the buffer afterwards', () => {
    const buffer = Uint8Array.from({ length: 64 }, (_, i) => i).buffer;
    const value = [new Uint8Array(buffer, 3, 5), new Uint8Array(buffer, 8, 5), new Uint8Array(buffer, 60, 0)];
    const [a, b, c] = roundTrip(value) as [Uint8Array, Uint8Array, Uint8Array];
    expect([a, b, c].map((view) => [...view])).toEqual([[3, 4, 5, 6, 7], [8, 9, 10, 11, 12], []]);
    expect(a.buffer).not.toBe(b.buffer);
    expect(a.buffer.byteLength).toBe(5);
  });

  it('share memory where they overlap, whatever their alignment', () => {
    const buffer = Uint8Array.from({ length: 64 }, (_, i) => i).buffer;
    const value = {
      bytes: new Uint8Array(buffer, 9, 20),
      doubles: new Float64Array(buffer, 16, 2),
      view: new DataView(buffer, 20, 30),
      apart: new Int16Array(buffer, 52, 2),
    };
    const back = roundTrip(value) as typeof value;
    expect(graphOf(back)).toBe(graphOf(value));
    back.bytes[11] = 200;
    expect(back.view.getUint8(0)).toBe(200);
    expect(new Uint8Array(back.doubles.buffer, back.doubles.byteOffset)[4]).toBe(200);
    expect(back.apart.buffer).not.toBe(back.bytes.buffer);
  });

  it('keep their place in a buffer that is part of the value', () => {
    const buffer = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer;
    const value = { view: new Uint16Array(buffer, 2, 2), buffer };
    const back = roundTrip(value) as typeof value;
    expect(back.view.buffer).toBe(back.buffer);
    expect([back.view.byteOffset, back.view.length, back.buffer.byteLength]).toEqual([2, 2, 8]);
  });

  it('do not reveal bytes that none of them shows', () => {
    const buffer = new Uint8Array(32).fill(0x73).buffer;
    const value = [new Float64Array(buffer, 16, 1), new Uint8Array(buffer, 9, 10)];
    const back = roundTrip(value) as [Float64Array, Uint8Array];
    expect(new Uint8Array(back[0].buffer)[0]).toBe(0);
  });
});

describe('what snapshots do not carry is refused, with its place', () => {
  class Point {
    x = 1;
  }
  class Names extends Map<string, string> {}
  class Stack extends Array<number> {}
  const detached = new ArrayBuffer(8);
  structuredClone(detached, { transfer: [detached] });
  const search = /a/g;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  search.test('a');

  const cases: Record<string, unknown> = {
    'a function': () => 1,
    'a symbol': Symbol('s'),
    'a class instance': new Point(),
    'an instance of a class without a prototype above': new (class {})(),
    'a subclass of Map': new Names(),
    'a subclass of Array': Stack.of(1),
    'a subclass of Date': new (class Day extends Date {})(),
    'a Promise': Promise.resolve(1),
    'a WeakMap': new WeakMap(),
    'a WeakRef': new WeakRef({}),
    'an Error': new Error('x'),
    'a generator': (function* () {})(),
    'a proxy that fails': revoked.proxy,
    'a boxed primitive': Object(1) as unknown,
    'a boxed string': Object('a') as unknown,
    'a Node Buffer': Buffer.from('abc'),
    'shared memory': new SharedArrayBuffer(1),
    'a view on shared memory': new Uint8Array(new SharedArrayBuffer(1)),
    'a detached buffer': detached,
    'a view on a detached buffer': new Uint8Array(0) && viewOf(detached),
    'an object whose prototype is a plain object': Object.create({ a: 1 }) as unknown,
    'an object whose prototype has none': Object.create(Object.create(null) as object) as unknown,
    'an object that poses as a Map': Object.create(Map.prototype) as unknown,
    'an object that poses as a Date': Object.create(Date.prototype) as unknown,
    'a getter': Object.defineProperty({}, 'g', { get: () => 1, enumerable: true }),
    'a hidden property': Object.defineProperty({}, 'h', { value: 1 }),
    'a symbol key': { [Symbol('k')]: 1 },
    'an own __proto__': JSON.parse('{"__proto__": {"admin": true}}') as unknown,
    'an own __proto__ without a prototype': Object.assign(
      Object.create(null) as object,
      JSON.parse('{"__proto__": 1}') as object,
    ),
    'an array with properties': /(?<x>a)/.exec('ab'),
    'an array with a symbol key': Object.assign([1], { [Symbol('k')]: 1 }),
    'an array with a getter': Object.defineProperty([1], 0, { get: () => 1, enumerable: true }),
    'a template array, which has a hidden property': ((strings: TemplateStringsArray) => strings)`a`,
    'a Map with a property': Object.assign(new Map(), { a: 1 }),
    'a Date with a property': Object.assign(new Date(0), { a: 1 }),
    'an object with a tag': { [Symbol.toStringTag]: 'Map' },
    'a RegExp in the middle of a search': search,
  };

  function viewOf(buffer: ArrayBuffer): unknown {
    const own = new ArrayBuffer(4);
    const view = new Uint8Array(own);
    structuredClone(own, { transfer: [own] });
    return buffer.byteLength === 0 ? view : undefined;
  }

  it.each(Object.keys(cases))('%s', (name) => {
    const error = refusal({ state: { users: [0, { name: cases[name] }] } });
    expect(error.path).toMatch(/^state\.users\[1\]\.name/);
    expect(error.message).toMatch(/cannot be stored: state\.users\[1\]\.name.* (is|has|cannot|would) .*\.$/);
    expect(() => encodeValue(cases[name], {})).toThrow(UnstorableValueError);
  });

  it('names places in Maps, Sets and odd keys', () => {
    expect(refusal({ m: new Map([['a', Symbol('x')]]) }).path).toBe('m.<entry 0>');
    expect(refusal({ m: new Map([[() => 1, 1]]) }).path).toBe('m.<key 0>');
    expect(refusal({ s: new Set([1, () => 1]) }).path).toBe('s.<entry 1>');
    expect(refusal({ 'odd key': { x: () => 1 } }).path).toBe('["odd key"].x');
    expect(refusal({ list: sparse(9, { 7: () => 1 }) }).path).toBe('list[7]');
    expect(refusal({ o: Object.defineProperty({}, 'g', { get: () => 1, enumerable: true }) }).path).toBe('o.g');
  });

  it('does not run getters to find out', () => {
    let runs = 0;
    refusal(Object.defineProperty({}, 'g', { get: () => runs++, enumerable: true }));
    expect(runs).toBe(0);
  });

  it('refuses a resizable buffer, where there are such', () => {
    const Resizable = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer;
    expect(refusal({ b: new Resizable(1, { maxByteLength: 2 }) }).path).toBe('b');
    expect(refusal({ b: new Uint8Array(new Resizable(1, { maxByteLength: 2 })) }).path).toBe('b');
  });

  it('refuses what is nested too deeply, instead of running out of stack', () => {
    let chain: unknown = null;
    for (let i = 0; i < 100_000; i++) chain = { chain };
    const error = refusal({ chain });
    expect(error.path).toBe('chain.chain.chain.chain.chain');
    expect(error.problem).toMatch(/more than 1000 levels deep/);
  });

  it('says whose state it is, once told', () => {
    expect(refusal({ a: () => 1 }).of('sum').message).toMatch(/^The state of operator 'sum' cannot be stored: a is /);
  });
});

describe('custom types', () => {
  class Handle {
    constructor(
      readonly id: number,
      readonly payload?: unknown,
    ) {}
  }
  const handle: CodecTypes = {
    handle: {
      is: (value) => value instanceof Handle,
      encode: (value) => ({ id: (value as Handle).id, payload: (value as Handle).payload }),
      decode: (data) => new Handle((data as Handle).id, (data as Handle).payload),
    },
  };

  it('come back as what decode makes of them, one for one', () => {
    const one = new Handle(1, new Map([['a', -0]]));
    const value = { a: one, b: [one, new Handle(2)], c: new Map([[one, new Handle(3, one)]]) };
    expect(graphOf(roundTrip(value, handle))).toBe(graphOf(value));
    expect(graphOf(roundTrip(one, handle))).toBe(graphOf(one));
  });

  it('may be stored as anything, falsy values included', () => {
    for (const data of [undefined, null, 0, -0, '', false, NaN, [], 'x']) {
      const seen: unknown[] = [];
      const types: CodecTypes = {
        handle: { is: (value) => value instanceof Handle, encode: () => data, decode: (back) => void seen.push(back) },
      };
      roundTrip([new Handle(1)], types);
      expect(seen).toEqual([data]);
    }
  });

  it('may be functions', () => {
    const add = (): number => 1;
    const types: CodecTypes = { fn: { is: (value) => value === add, encode: () => 'add', decode: () => add } };
    expect(roundTrip({ add }, types)).toEqual({ add });
  });

  it('may have the names of built-in types', () => {
    const types: CodecTypes = {
      Map: { is: (value) => value instanceof Handle, encode: () => 1, decode: () => new Handle(1) },
    };
    const value = [new Map([[1, 2]]), new Handle(1)];
    expect(graphOf(roundTrip(value, types))).toBe(graphOf(value));
  });

  it('are looked into: what cannot be stored there is refused', () => {
    expect(refusal({ h: new Handle(1, [() => 1]) }, handle).path).toBe('h.<stored>.payload[0]');
  });

  it('cannot lead back to themselves, directly or from a container around them', () => {
    const list: unknown[] = [];
    const inner = new Handle(1, list);
    list.push(inner);
    expect(refusal({ inner }, handle).problem).toMatch(/Break the cycle/);
    expect(refusal({ list }, handle).problem).toMatch(/Break the cycle/);
  });

  it('may hold a cycle that does not lead through them', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const value = { cycle, handle: new Handle(1, { cycle }) };
    expect(graphOf(roundTrip(value, handle))).toBe(graphOf(value));
  });

  it('that this job does not know are an error that names them', () => {
    const bytes = encodeValue({ a: new Handle(1) }, handle);
    expect(() => decodeValue(bytes, {})).toThrow(/type 'handle', which this job does not know/);
    expect(() => decodeValue(bytes, {})).toThrow(UnreadableSnapshotError);
  });
});

describe('reading', () => {
  it.each([
    '',
    'x',
    '[',
    '{}',
    '[["Date"',
    '[["@x",0]]',
    '[{"__proto__":0}]',
    '[["constructor",0]]',
    '[["null","__proto__",0]]',
  ])('refuses %j', (text) => {
    expect(() => decodeValue(new TextEncoder().encode(text), {})).toThrow(UnreadableSnapshotError);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => decodeValue(Uint8Array.of(0x22, 0xff, 0x22), {})).toThrow(UnreadableSnapshotError);
  });
});
