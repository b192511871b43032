import type { SchedulerLike } from 'rxjs';

import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import type { FileFormat } from '../sources/FileFormat.js';
import { fileNode } from '../sources/fileNode.js';
import { nodeFiles } from './nodeFiles.js';

/**
 * Emits the records of a file, in slices of a few milliseconds, and completes at its end.
 *
 * **Checkpoint:** the byte after the last record (`position.offset`), and a checksum of what stands before it. A restore
 * goes on at that byte. A file that has grown is fine; one that is shorter, or that has other bytes before the position,
 * is an error.
 *
 * @example
 * const lines$ = fromFile('flights.csv', lines()).pipe(uid('flights'));
 * @param path - of the file, relative to the working directory.
 * @param format - how its records lie in it: `lines()`.
 * @param options - `scheduler`: what yields between slices, `asyncScheduler` by default.
 * @throws TypeError without a path or a format. FileMissingError, FileReadError, FileShrunkError, FileReplacedError, as errors of the pipeline.
 */
export function fromFile<T>(
  path: string,
  format: FileFormat<T>,
  options: { readonly scheduler?: SchedulerLike } = {},
): CheckpointedObservable<T> {
  if (typeof path !== 'string') throw new TypeError('fromFile needs the path of a file.');
  if (typeof (format as Partial<FileFormat<T>> | undefined)?.createDecoder !== 'function')
    throw new TypeError("fromFile needs a format, e.g. fromFile('flights.csv', lines()).");
  return fileNode({ fileSystem: nodeFiles, path, format, scheduler: options.scheduler });
}
