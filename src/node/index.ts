// Storage
export { fileStorage } from './fileStorage.js';

// Sources
export { fromFile } from './fromFile.js';
export { lines } from '../sources/lines.js';
export type { LinesOptions } from '../sources/lines.js';
export type { DecoderStart, FileFormat, RecordDecoder } from '../sources/FileFormat.js';
export type { FileFingerprint } from '../sources/FileFingerprint.js';
export type { FilePosition } from '../sources/FilePosition.js';
export type { DecodeAscii } from '../io/FileSystem.js';
