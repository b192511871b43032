import { count, kilobytes } from './format.js';

export interface DescribedCheckpoint {
  readonly id: number;
  /** After which record it stands; null when the pipeline has completed. */
  readonly record: number | null;
  readonly sizeBytes: number;
  readonly durationMs: number;
}

export function describeCheckpoint({ id, record, sizeBytes, durationMs }: DescribedCheckpoint): string {
  const where = record === null ? 'at the end' : `after record ${count(record)}`;
  return `Checkpoint ${id}, ${where}: ${kilobytes(sizeBytes)} in ${durationMs} ms`;
}
