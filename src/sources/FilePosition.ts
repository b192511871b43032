import type { SourcePosition } from '../checkpoint/protocol/SourcePosition.js';
import type { FileFingerprint } from './FileFingerprint.js';

/** Where a file source resumes, and by what it knows the file again. Structured-clone values only. */
export interface FilePosition extends SourcePosition {
  readonly fingerprint: FileFingerprint;
}
