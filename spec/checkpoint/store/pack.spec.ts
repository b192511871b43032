import { describe, expect, it } from '@jest/globals';

import { buildPack } from '../../../src/checkpoint/store/buildPack.js';
import { checksum } from '../../../src/checkpoint/store/checksum.js';
import type { ChunkReference } from '../../../src/checkpoint/store/Manifest.js';
import { encodeManifest } from '../../../src/checkpoint/store/Manifest.js';
import { openPack, readChunk } from '../../../src/checkpoint/store/openPack.js';
import { verifyPack } from '../../../src/checkpoint/store/verifyPack.js';
import { CheckpointTooLargeError } from '../../../src/errors/CheckpointTooLargeError.js';

const content = { id: 7, timestamp: 1, meta: null };
const older = { pack: 3, offset: 16, length: 2, checksum: 5 };
const [a, b] = [Uint8Array.of(1, 2, 3), Uint8Array.of()];
const pack = buildPack({
  ...content,
  entries: new Map<string, Uint8Array | ChunkReference>([
    ['a', a],
    ['older', older],
    ['b', b],
    ['a again', a],
  ]),
});

/** The pack with another manifest, and all checksums right. */
function withManifest(manifest: Uint8Array): Uint8Array {
  const frame = buildPack({ ...content, entries: new Map([['a', a]]) });
  const end = frame.bytes.length - 28 - frame.manifestBytes;
  const bytes = Uint8Array.of(...frame.bytes.subarray(0, end), ...manifest, ...frame.bytes.subarray(-28));
  const numbers = new DataView(bytes.buffer, bytes.length - 28);
  [end, manifest.length, checksum(manifest), bytes.length].forEach((number, i) =>
    numbers.setUint32(4 * i, number, true),
  );
  numbers.setUint32(16, checksum(bytes.subarray(-28, -12)), true);
  return bytes;
}

describe('a pack', () => {
  it('has the checksum that zip has', () => {
    expect(checksum(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it('gives back its manifest and its chunks, wherever it lies in a buffer', () => {
    const shifted = new Uint8Array(pack.bytes.length + 3).subarray(3);
    shifted.set(pack.bytes);
    const opened = openPack(shifted);
    expect(opened).toEqual({ type: 'intact', manifest: pack.manifest, manifestBytes: pack.manifestBytes });
    expect(pack.manifest.entries.get('older')).toEqual(older);
    expect(pack.manifest.entries.get('a again')).toEqual(pack.manifest.entries.get('a'));
    expect(readChunk(shifted, pack.manifest.entries.get('a')!)).toEqual(a);
    expect(readChunk(shifted, pack.manifest.entries.get('b')!)).toEqual(b);
  });

  it('is found damaged by whichever byte changed, before it is written too', () => {
    for (let at = 0; at < pack.bytes.length; at++) {
      for (const mask of [1, 0x80, 0xff]) {
        const bytes = pack.bytes.slice();
        bytes[at]! ^= mask;
        expect(() => verifyPack({ ...pack, bytes })).toThrow(/invariant/);
      }
    }
    expect(() => verifyPack(pack)).not.toThrow();
  });

  const reference = { pack: 7, offset: 16, length: 3, checksum: checksum(a) };
  const manifestOf = (entries: [string, object][]): Uint8Array =>
    encodeManifest({ ...content, entries: new Map(entries as [string, typeof reference][]) });

  it('is told from one whose manifest makes no sense, although the checksums are right', () => {
    expect(openPack(withManifest(manifestOf([['a', reference]]))).type).toBe('intact');
    const wrong: Record<string, Uint8Array> = {
      'no JSON': new TextEncoder().encode('{'),
      'no object': new TextEncoder().encode('null'),
      'no entries': new TextEncoder().encode('{"id":7,"timestamp":1}'),
      'no id': new TextEncoder().encode('{"timestamp":1,"entries":[]}'),
      'an entry too short': new TextEncoder().encode('{"id":7,"timestamp":1,"entries":[["a",7,16]]}'),
      'a name twice': new TextEncoder().encode('{"id":7,"timestamp":1,"entries":[["a",6,0,0,0],["a",6,0,0,0]]}'),
      'an offset off by one': manifestOf([['a', { ...reference, offset: 17 }]]),
      'a length off by one': manifestOf([['a', { ...reference, length: 4 }]]),
      'a chunk missing': manifestOf([]),
      'a negative length': manifestOf([['a', { ...reference, length: -3 }]]),
      'a pack that is still to come': manifestOf([
        ['a', reference],
        ['b', { ...reference, pack: 8 }],
      ]),
    };
    for (const [what, manifest] of Object.entries(wrong)) {
      expect([what, openPack(withManifest(manifest)).type]).toEqual([what, 'damaged']);
    }
  });

  it('is told from one that claims another length', () => {
    const bytes = pack.bytes.slice();
    const trailer = new DataView(bytes.buffer, bytes.length - 28);
    trailer.setUint32(12, bytes.length + 1, true);
    trailer.setUint32(16, checksum(bytes.subarray(-28, -12)), true);
    expect(openPack(bytes)).toEqual({
      type: 'damaged',
      problem: expect.stringMatching(/^has \d+ bytes instead of \d+$/),
    });
  });

  it('does not give a chunk that is elsewhere, or another', () => {
    const { bytes } = pack;
    const place = pack.manifest.entries.get('a')!;
    expect(readChunk(bytes, { ...place, offset: place.offset + 1 })).toMatch(/not where the manifest says/);
    expect(readChunk(bytes, { ...place, length: 2 })).toMatch(/not where the manifest says/);
    expect(readChunk(bytes, { ...place, checksum: 1 })).toMatch(/not where the manifest says/);
    expect(readChunk(bytes, { ...place, offset: bytes.length })).toMatch(/outside/);
    expect(readChunk(bytes, { ...place, length: 2 ** 31 })).toMatch(/outside/);
    const damaged = bytes.slice();
    damaged[place.offset + 9]! ^= 1;
    expect(readChunk(damaged, place)).toMatch(/damaged \(checksum\)/);
  });

  it('that could not be read back is refused', () => {
    const tooLarge = new Map([['a', new Uint8Array(2 ** 31)]]);
    expect(() => buildPack({ ...content, entries: tooLarge })).toThrow(CheckpointTooLargeError);
  });
});
