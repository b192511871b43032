import { journalFacts } from '../../src/checkpoint/CheckpointMeta.js';
import { checkpointIdOf } from '../../src/checkpoint/store/checkpointName.js';
import { segmentNameOf } from '../../src/checkpoint/store/journalName.js';
import { openSegment } from '../../src/checkpoint/store/journalSegment.js';
import type { Manifest } from '../../src/checkpoint/store/Manifest.js';
import { packsOf } from '../../src/checkpoint/store/Manifest.js';
import { openPack } from '../../src/checkpoint/store/openPack.js';

export interface StorageExpectation {
  readonly retained: number;
  /** What has to be there beside, untouched. */
  readonly others: readonly string[];
  /** Whether enough was completed since the last crash for all traces of it to be gone. */
  readonly isQuiet: boolean;
}

/** So many ids behind the newest nothing is left of a crash. */
const YOUNG = 40;

/**
 * Marks what the newest checkpoints need, from the bytes alone, and compares with what is there.
 *
 * @throws when something is missing, or there for nothing
 */
export function checkStorage(
  blobs: ReadonlyMap<string, Uint8Array>,
  { retained, others, isQuiet }: StorageExpectation,
): void {
  const manifests = intactManifests(blobs).slice(0, retained);
  const newest = manifests[0]?.id ?? 0;
  const marked = new Set<string>(others);
  for (const manifest of manifests) for (const pack of packsOf(manifest)) marked.add(nameOf(pack));
  for (const name of marked) if (!blobs.has(name)) throw new Error(`${name} is missing`);
  // What a crash or a late write left goes when enough has come after it.
  for (const [name, bytes] of blobs) {
    if (marked.has(name) || isNeededSegment(name, bytes, manifests)) continue;
    const id = checkpointIdOf(name);
    const isYoung = id === undefined || id > newest - YOUNG;
    if (isQuiet || !isYoung) throw new Error(`${name} is there, and no retained checkpoint needs it`);
  }
}

/** The newest first. */
function intactManifests(blobs: ReadonlyMap<string, Uint8Array>): Manifest[] {
  const manifests: Manifest[] = [];
  for (const [name, bytes] of blobs) {
    if (checkpointIdOf(name) === undefined) continue;
    const pack = openPack(bytes);
    if (pack.type === 'intact') manifests.push(pack.manifest);
  }
  return manifests.sort((a, b) => b.id - a.id);
}

function isNeededSegment(name: string, bytes: Uint8Array, manifests: readonly Manifest[]): boolean {
  const parts = segmentNameOf(name);
  if (parts === undefined) return false;
  const opened = openSegment(bytes, parts.first);
  if (opened.type !== 'intact') return false;
  const { source, first, count, since } = opened.head;
  return manifests.some(({ id, meta }) => {
    const position = journalFacts(meta).positions.get(source);
    return position === undefined ? since >= id : position < first + count;
  });
}

function nameOf(id: number): string {
  return `checkpoint-${String(id).padStart(12, '0')}`;
}
