import type { FilePosition } from '../../src/sources/FilePosition.js';
import type { FileReader } from '../../src/sources/FileReader.js';

export interface ReadRecord<T> {
  readonly record: T;
  /** After it. */
  readonly position: FilePosition;
}

/** Reads to the end of the file, and closes it. */
export async function readAll<T>(reader: FileReader<T>): Promise<ReadRecord<T>[]> {
  const records: ReadRecord<T>[] = [];
  do {
    while (reader.next()) records.push({ record: reader.record, position: structuredClone(reader.position()) });
  } while (await reader.refill());
  await reader.close();
  return records;
}
