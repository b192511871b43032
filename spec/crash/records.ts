import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A line of a file. */
export interface DataRecord {
  /** Which line it is, from 1. */
  readonly n: number;
  /** One of seven. */
  readonly key: number;
  readonly value: number;
}

export function recordOf(file: string, n: number): DataRecord {
  let value = file.length * 7 + file.charCodeAt(0);
  value = (Math.imul(value + n * 7919, 0x9e3779b1) >>> 16) % 1000;
  return { n, key: value % 7, value };
}

/** All records of a file, for what has to come out in the end. */
export function recordsOf(file: string, count: number): DataRecord[] {
  return Array.from({ length: count }, (_, i) => recordOf(file, i + 1));
}

/** Lines of several lengths with characters of one to four bytes, ended in both ways; the last one is not. */
export async function writeRecords(directory: string, file: string, count: number): Promise<void> {
  const lines = recordsOf(file, count).map(({ n, key, value }) => `${n};${key};${value};${'aä€𝄞'.repeat(value % 4)}`);
  const text = lines.map((line, i) => (i % 3 === 0 ? `${line}\r\n` : `${line}\n`)).join('');
  await writeFile(join(directory, `${file}.txt`), text.replace(/\r?\n$/, ''));
}

export function parseRecord(line: string): DataRecord {
  const [n, key, value] = line.split(';').map(Number) as [number, number, number];
  return { n, key, value };
}
