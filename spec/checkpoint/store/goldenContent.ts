import type { CodecTypes } from '../../../src/checkpoint/store/CodecType.js';

/** What the golden checkpoints hold: of every kind of value one, in the first; the second changes one operator. */
class Handle {
  constructor(readonly id: number) {}
}

export const goldenTypes: CodecTypes = {
  handle: {
    is: (value) => value instanceof Handle,
    encode: (value) => ({ id: (value as Handle).id }),
    decode: (data) => new Handle((data as { id: number }).id),
  },
};

const part = { shared: true };
const cycle: unknown[] = [part, part];
cycle.push(cycle);

const everything: Record<string, unknown> = {
  primitives: [
    undefined,
    null,
    true,
    false,
    NaN,
    Infinity,
    -Infinity,
    -0,
    1.5,
    -(2n ** 70n),
    '\ud800 \u{1f600} \u2028 <"\\',
  ],
  dates: [new Date(0), new Date(NaN)],
  containers: new Map<unknown, unknown>([[{ key: 1 }, new Set(['a', -0])]]),
  expression: /a+[<]/giu,
  sparse: [Object.assign(new Array<unknown>(3), { 1: 'one' }), Object.assign(new Array<unknown>(100), { 99: 'last' })],
  bare: Object.assign(Object.create(null) as object, { toString: 1 }),
  bytes: [
    Uint8Array.of(0, 255),
    new Uint8Array(Uint8Array.of(9, 1, 2, 9).buffer, 1, 2),
    Int8Array.of(-1),
    Uint8ClampedArray.of(255),
    Int16Array.of(-2),
    Uint16Array.of(2),
    Int32Array.of(-3),
    Uint32Array.of(3),
    Float32Array.of(0.5),
    Float64Array.of(0.1),
    BigInt64Array.of(-4n),
    BigUint64Array.of(4n),
    new DataView(Uint8Array.of(1, 2, 3).buffer, 1),
    Uint8Array.of(7).buffer,
  ],
  cycle,
  handles: [new Handle(1)],
};

export const goldenMeta = { pipelines: ['main'] };

const flights = { state: everything };
export const goldenEntries: Record<number, Map<string, object>> = {
  1: new Map<string, object>([
    ['flights', flights],
    ['total', { state: 41 }],
  ]),
  2: new Map<string, object>([
    ['flights', flights],
    ['total', { state: 42 }],
  ]),
};
