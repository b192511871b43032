import type { Lineage } from './Lineage.js';
import { decodeLineage, encodeLineage } from './Lineage.js';

/** Where a chunk is: the one snapshot of one operator, encoded. */
export interface ChunkReference {
  /** The id of the checkpoint that wrote it, whose pack it is in. */
  readonly pack: number;
  /** Of the chunk's own header, in the pack. */
  readonly offset: number;
  /** Of the encoded snapshot, in bytes. */
  readonly length: number;
  readonly checksum: number;
}

/** What is in a checkpoint. */
export interface Manifest {
  readonly id: number;
  readonly timestamp: number;
  /** The caller's, plain JSON. */
  readonly meta: unknown;
  /** Where the job was restored from, if that is still of interest. */
  readonly lineage?: Lineage;
  readonly entries: ReadonlyMap<string, ChunkReference>;
}

/** The packs that a checkpoint refers to, its own among them. */
export function packsOf({ id, entries }: Pick<Manifest, 'id' | 'entries'>): Set<number> {
  const packs = new Set([id]);
  for (const { pack } of entries.values()) packs.add(pack);
  return packs;
}

/** JSON, one line an entry, so that a person finds it at the end of a file. */
export function encodeManifest({ id, timestamp, meta, lineage, entries }: Manifest): Uint8Array {
  const lines = Array.from(entries, ([name, chunk]) =>
    JSON.stringify([name, chunk.pack, chunk.offset, chunk.length, chunk.checksum]),
  );
  const head = JSON.stringify({ id, timestamp, meta, lineage: lineage && encodeLineage(lineage) }).slice(0, -1);
  return new TextEncoder().encode(`${head},"entries":[\n${lines.join(',\n')}\n]}\n`);
}

/** @returns undefined when the bytes are no manifest. */
export function decodeManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    const { id, timestamp, meta, lineage, entries } = JSON.parse(new TextDecoder().decode(bytes)) as Record<
      string,
      unknown
    >;
    if (!isCount(id) || typeof timestamp !== 'number' || !Array.isArray(entries)) return undefined;
    const chunks = new Map(entries.map(decodeEntry));
    const fits = [...chunks.values()].every((chunk) => chunk.pack <= id);
    const line = lineage === undefined ? null : { lineage: decodeLineage(lineage) };
    const manifest = { id, timestamp, meta, ...line, entries: chunks };
    return fits && chunks.size === entries.length ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function decodeEntry(entry: unknown): [string, ChunkReference] {
  const [name, pack, offset, length, checksum] = entry as unknown[];
  if (typeof name !== 'string' || !isCount(pack) || !isCount(offset) || !isCount(length) || !isCount(checksum)) {
    throw new TypeError('not an entry of a manifest');
  }
  return [name, { pack, offset, length, checksum }];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
