import { describe, expect, test } from '@jest/globals';

import { codecTypes } from '../../../src/checkpoint/codecTypes.js';
import type { JournalReader } from '../../../src/checkpoint/protocol/Journal.js';
import { COMPLETED } from '../../../src/checkpoint/protocol/Journal.js';
import { checkpointIdOf } from '../../../src/checkpoint/store/checkpointName.js';
import { journalId, segmentName, segmentNameOf } from '../../../src/checkpoint/store/journalName.js';
import { BEFORE_ALL } from '../../../src/checkpoint/store/JournalEntries.js';
import {
  decodeEntries,
  encodeEntries,
  encodeSegment,
  openSegment,
} from '../../../src/checkpoint/store/journalSegment.js';
import { JournalOrder } from '../../../src/checkpoint/store/JournalOrder.js';
import type { StoredSegment } from '../../../src/checkpoint/store/segmentChain.js';
import { chainFrom, effectiveEnds } from '../../../src/checkpoint/store/segmentChain.js';
import { StoredJournal } from '../../../src/checkpoint/store/StoredJournal.js';
import { isName } from '../../../src/storage/checkName.js';
import { settled } from '../../support/Observed.js';

const head = { source: 'prices', pipelines: ['main'], since: 7, first: 10, count: 3, nextSerial: 45 };
const entries = { values: [{ n: 1 }, undefined, COMPLETED], serials: [40, 41, 44] };

describe('names', () => {
  test('fit every storage, whatever the source is called', () => {
    for (const source of ['main:journaled#1of2', 'Preise/€', 'x'.repeat(500), 'all[3]/inner', '']) {
      const parts = { journal: journalId(source), first: Number.MAX_SAFE_INTEGER, generation: 10 ** 12 - 1 };
      const name = segmentName(parts);
      expect(isName(name)).toBe(true);
      expect(segmentNameOf(name)).toEqual(parts);
      expect(checkpointIdOf(name)).toBeUndefined();
    }
  });

  test('none of a checkpoint, and none of others', () => {
    for (const name of [
      'checkpoint-000000000001',
      'journal-',
      'journal-of-mine',
      `${segmentName({ journal: journalId('a'), first: 0, generation: 1 })}.tmp`,
    ])
      expect(segmentNameOf(name)).toBeUndefined();
  });

  test('the hash is FNV-1a', () => {
    expect([journalId(''), journalId('a'), journalId('foobar')]).toEqual([
      'cbf29ce484222325',
      'af63dc4c8601ec8c',
      '85944171f73967e8',
    ]);
  });
});

describe('segments', () => {
  const bytes = encodeSegment(head, entries, codecTypes);

  test('come back as they were', () => {
    const opened = openSegment(bytes, 10);
    expect(opened).toMatchObject({ type: 'intact', head });
    if (opened.type === 'intact') expect(decodeEntries(opened.entries, codecTypes)).toEqual(entries);
  });

  test('are what versions to come have to read', () => {
    expect(
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/[^ -~]/g, '.'),
    ).toMatchInlineSnapshot(
      `"RXJSJRNL.....KU.W...bN.#{"source":"prices","pipelines":["main"],"since":7,"first":10,"count":3,"nextSerial":45}7.....k.[[1,5,7],[2,-1,4],{"n":3},1,null,[6],2,[8,6,9,3],40,44]"`,
    );
    expect(Buffer.from(bytes.subarray(0, 24)).toString('hex')).toMatchInlineSnapshot(
      `"52584a534a524e4c01000000cd4b55b757000000624ee223"`,
    );
  });

  test('as they were written at first, without serials: those come before all others', () => {
    const first =
      'UlhKU0pSTkwBAAAAzUtVt0cAAAA+x9vSeyJzb3VyY2UiOiJwcmljZXMiLCJwaXBlbGluZXMiOlsibWFpbiJdLCJzaW5jZSI6NywiZmlyc3QiOjEwLCJjb3VudCI6M30lAAAAttjblltbMSw1XSxbMiwtMSw0XSx7Im4iOjN9LDEsbnVsbCxbNl0sMl0=';
    const opened = openSegment(Uint8Array.from(Buffer.from(first, 'base64')), 10);
    expect(opened).toMatchObject({ type: 'intact', head: { source: 'prices', count: 3 } });
    if (opened.type !== 'intact') return;
    const serials = [BEFORE_ALL, BEFORE_ALL, BEFORE_ALL];
    const decoded = decodeEntries(opened.entries, codecTypes);
    expect(decoded).toEqual({ values: entries.values, serials });
    // As a savepoint has them when they are carried on.
    expect(decodeEntries(encodeEntries(decoded, codecTypes), codecTypes)).toEqual(decoded);
  });

  test('each changed bit is noticed', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(openSegment(changed, 10).type).toBe('damaged');
    }
  });

  test('each missing byte is noticed, and bytes that do not belong there', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(openSegment(bytes.subarray(0, length), 10).type).toBe('damaged');
    expect(openSegment(new Uint8Array([...bytes, 0]), 10)).toEqual({
      type: 'damaged',
      problem: 'has bytes behind its end',
    });
    expect(openSegment(bytes, 11)).toEqual({ type: 'damaged', problem: 'begins with entry 10: it was renamed' });
  });
});

describe('what is read of several', () => {
  /** `2:5-7` are the entries 5 to 7 of generation 2; `2:5-?` is damaged. */
  function read(position: number, ...segments: string[]): string {
    const stored = segments.map((text): StoredSegment => {
      const [, generation, first, last] = /^(\d+):(\d+)-(\d+|\?)$/.exec(text)!;
      const numbers = { generation: Number(generation), first: Number(first) };
      const count = Number(last) - numbers.first + 1;
      return {
        ...{ journal: 'j', name: text, ...numbers, problem: 'is damaged' },
        head: last === '?' ? null : { ...head, first: numbers.first, count },
      };
    });
    const { parts, end, damagedEnd, broken } = chainFrom(position, effectiveEnds(stored));
    const read = parts.map(({ segment, from, to }) => `${segment.name}[${from},${to}]`);
    if (broken !== null) return `${broken.segment.name} ${broken.problem}`;
    return [...read, damagedEnd === null ? `end ${end}` : `damaged end ${end}`].join(' ');
  }

  test.each([
    ['nothing', read(5), 'end 5'],
    ['all', read(0, '1:0-2', '1:3-3'), '1:0-2[0,3] 1:3-3[0,1] end 4'],
    ['from the middle of one', read(1, '1:0-2', '1:3-3'), '1:0-2[1,3] 1:3-3[0,1] end 4'],
    ['what is behind the position, whatever became of the rest', read(3, '1:0-?', '1:3-3'), '1:3-3[0,1] end 4'],
    ['nothing, all being before the position', read(9, '1:0-2', '1:3-3'), 'end 9'],
    ['a damaged end', read(0, '1:0-2', '1:3-?'), '1:0-2[0,3] damaged end 3'],
    ['a damaged end alone', read(3, '1:3-?'), 'damaged end 3'],
    ['a damaged end around the position', read(4, '1:3-?'), 'damaged end 4'],
    ['damage in the middle', read(0, '1:0-2', '1:3-?', '1:5-5'), '1:3-? is damaged'],
    ['a gap', read(0, '1:0-2', '1:5-5'), '1:5-5 is there, but entries 3 to 4 are not'],
    ['a gap before a damaged end', read(0, '1:0-2', '1:5-?'), '1:5-? is there, but entries 3 to 4 are not'],
    [
      'what a later opening put in place of a damaged end',
      read(0, '1:0-2', '1:3-?', '2:3-4'),
      '1:0-2[0,3] 2:3-4[0,2] end 5',
    ],
    ['a late write of an earlier opening', read(0, '1:0-2', '1:3-9', '2:3-4'), '1:0-2[0,3] 2:3-4[0,2] end 5'],
    ['a later opening behind a damaged end', read(5, '1:3-?', '2:5-5'), '2:5-5[0,1] end 6'],
    ['the same for an older position', read(4, '1:3-?', '2:5-5'), '1:3-? is damaged'],
    ['three openings', read(0, '1:0-9', '2:4-9', '3:6-6'), '1:0-9[0,4] 2:4-9[0,2] 3:6-6[0,1] end 7'],
  ])('%s', (_what, actual, expected) => expect(actual).toBe(expected));
});

test('a journal whose write fails forgets what was not written, and knows how many ends are still to be read', async () => {
  const order = new JournalOrder();
  const journal = new StoredJournal({
    ...{ id: 'id', source: 'clicks', position: 0, pipelines: [], order },
    entries: { values: [1, COMPLETED, 2], serials: [0, 1, 2] },
    write: () => Promise.reject(new Error('full')),
  });
  order.goOnAt(3);
  const read: unknown[] = [];
  const failures: unknown[] = [];
  const reader: JournalReader = {
    get isReady() {
      return read.length < 2;
    },
    read: () => void read.push(journal.next()),
    rested: () => journal.append(COMPLETED),
    failed: (error) => void failures.push(error),
  };
  journal.readBy(reader);
  journal.tellRested(reader);
  await settled();
  expect([read, failures]).toEqual([[1, COMPLETED], [new Error('full')]]);
  expect([journal.willComplete, journal.unread.values]).toEqual([false, [2]]);
});
