export interface NaiveLine {
  readonly record: string;
  /** The byte after it. */
  readonly offset: number;
}

/** What `lines()` has to find, byte by byte. */
export function naiveLines(bytes: Uint8Array): NaiveLine[] {
  const found: NaiveLine[] = [];
  let start = Buffer.from(bytes.subarray(0, 3)).equals(Buffer.from('\uFEFF')) ? 3 : 0;
  for (let i = start; i < bytes.length; i++) {
    if (bytes[i] !== 10) continue;
    const end = i > start && bytes[i - 1] === 13 ? i - 1 : i;
    found.push({ record: Buffer.from(bytes.subarray(start, end)).toString('utf8'), offset: i + 1 });
    start = i + 1;
  }
  if (start < bytes.length) {
    found.push({ record: Buffer.from(bytes.subarray(start)).toString('utf8'), offset: bytes.length });
  }
  return found;
}
