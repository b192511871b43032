import { codecTypes } from '../../src/checkpoint/codecTypes.js';
import { COMPLETED } from '../../src/checkpoint/protocol/Journal.js';
import { segmentNameOf } from '../../src/checkpoint/store/journalName.js';
import { decodeEntries, openSegment } from '../../src/checkpoint/store/journalSegment.js';
import type { Entry } from './JournalModel.js';
import { END } from './JournalModel.js';

/**
 * What journals have to tell, from the bytes alone: by the names of their sources, and by number. Who opens a journal
 * writes over what was there from that number on.
 */
export function storedEntries(files: ReadonlyMap<string, Uint8Array>): Map<string, Map<number, Entry>> {
  const journals = new Map<string, Map<number, Entry>>();
  const opened = new Map<string, number>();
  for (const { generation, head, entries } of segmentsIn(files)) {
    const stored = journals.get(head.source) ?? new Map<number, Entry>();
    journals.set(head.source, stored);
    if (opened.get(head.source) !== generation)
      for (const number of [...stored.keys()]) if (number >= head.first) stored.delete(number);
    opened.set(head.source, generation);
    decodeEntries(entries, codecTypes).values.forEach((entry, i) => {
      stored.set(head.first + i, entry === COMPLETED ? END : (entry as number));
    });
  }
  return journals;
}

function segmentsIn(files: ReadonlyMap<string, Uint8Array>) {
  const segments = [...files].flatMap(([name, bytes]) => {
    const parts = segmentNameOf(name);
    if (parts === undefined) return [];
    const opened = openSegment(bytes, parts.first);
    return opened.type === 'intact' ? [{ ...parts, ...opened }] : [];
  });
  return segments.sort((a, b) => a.generation - b.generation || a.first - b.first);
}
