import { UnstorableValueError } from '../../errors/UnstorableValueError.js';
import type { CheckpointContent } from './CheckpointContent.js';
import { encodeValue } from './codec.js';
import type { CodecTypes } from './CodecType.js';
import { LoadedEntry } from './LoadedCheckpoint.js';
import type { ChunkReference } from './Manifest.js';
import { packsToRewrite } from './packsToRewrite.js';
import type { StoredChunks } from './StoredChunks.js';

/** What a checkpoint has for each of its snapshots: the place where it is already, or its bytes, to be written. */
export function chooseChunks(
  entries: CheckpointContent['entries'],
  stored: StoredChunks,
  types: CodecTypes,
): Map<string, Uint8Array | ChunkReference> {
  const known = new Map<object, Uint8Array | ChunkReference>();
  const references = [];
  for (const snapshot of entries.values()) {
    const reference = stored.find(snapshot);
    if (reference === undefined || known.has(snapshot)) continue;
    known.set(snapshot, reference);
    references.push(reference);
  }
  const rewritten = packsToRewrite(stored.uses(references));
  const chunks = new Map<string, Uint8Array | ChunkReference>();
  for (const [name, snapshot] of entries) {
    let chunk = known.get(snapshot);
    if (chunk === undefined || ('pack' in chunk && rewritten.has(chunk.pack))) {
      chunk = encodeEntry(name, snapshot, types);
      known.set(snapshot, chunk);
    }
    chunks.set(name, chunk);
  }
  return chunks;
}

/**
 * The bytes of one snapshot.
 *
 * @throws UnstorableValueError naming the entry.
 */
export function encodeEntry(name: string, snapshot: object, types: CodecTypes): Uint8Array {
  if (snapshot instanceof LoadedEntry) return snapshot.bytes;
  try {
    return encodeValue(snapshot, types);
  } catch (error) {
    throw error instanceof UnstorableValueError ? error.of(name) : error;
  }
}
