import { checksum } from './checksum.js';
import type { HeaderKind } from './packLayout.js';
import { HEADER_BYTES, readNumbers, writeNumbers } from './packLayout.js';

export type HeaderProblem =
  { readonly type: 'damaged'; readonly problem: string } | { readonly type: 'newer'; readonly formatVersion: number };

export function writeHeader(bytes: Uint8Array, { magic, version }: HeaderKind): void {
  bytes.set(magic, 0);
  writeNumbers(bytes, 8, [version]);
  writeNumbers(bytes, 12, [checksum(bytes.subarray(0, 12))]);
}

/** Null when what follows the header can be read. */
export function headerProblem(bytes: Uint8Array, { magic, version, what }: HeaderKind): HeaderProblem | null {
  if (bytes.length < HEADER_BYTES) return damaged(`is cut off: it has ${bytes.length} bytes`);
  if (!startsWith(bytes, magic)) return damaged(`does not begin as a ${what} does`);
  const [formatVersion, sum] = readNumbers(bytes, 8, 2) as [number, number];
  if (sum !== checksum(bytes.subarray(0, 12))) return damaged('has a damaged header (checksum)');
  if (formatVersion > version) return { type: 'newer', formatVersion };
  return formatVersion < 1 ? damaged(`has the format version ${formatVersion}, which never was`) : null;
}

export function startsWith(bytes: Uint8Array, magic: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

export function damaged(problem: string): { readonly type: 'damaged'; readonly problem: string } {
  return { type: 'damaged', problem };
}
