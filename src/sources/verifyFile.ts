import { FileReplacedError } from '../errors/FileReplacedError.js';
import { FileShrunkError } from '../errors/FileShrunkError.js';
import { FINGERPRINT_BYTES, fingerprintOf } from './FileFingerprint.js';
import type { FilePosition } from './FilePosition.js';
import type { SourceFile } from './SourceFile.js';

/** The bytes that a fingerprint is made of. */
export interface FingerprintedBytes {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** Reads the bytes before a position again, and throws unless they are those that its fingerprint was made of. */
export async function verifyFile(file: SourceFile, position: FilePosition): Promise<FingerprintedBytes> {
  const { path } = file;
  const { offset, fingerprint } = position;
  const head = await file.readRange(0, Math.min(FINGERPRINT_BYTES, offset));
  const tail = await file.readRange(Math.max(0, offset - FINGERPRINT_BYTES), offset);
  if (tail.length < Math.min(FINGERPRINT_BYTES, offset)) {
    throw new FileShrunkError({ path, offset, sizeBytes: await file.size() });
  }
  const actual = fingerprintOf(head, tail);
  if (actual.head !== fingerprint.head) throw new FileReplacedError({ path, offset, part: 'head' });
  if (actual.tail !== fingerprint.tail) throw new FileReplacedError({ path, offset, part: 'tail' });
  return { head, tail };
}
