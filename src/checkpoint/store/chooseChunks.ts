import { UnstorableValueError } from '../../errors/UnstorableValueError.js';
import type { CheckpointContent } from './CheckpointContent.js';
import { encodeInSteps } from './codec.js';
import type { CodecTypes } from './CodecType.js';
import { finish } from './finish.js';
import { LoadedEntry } from './LoadedCheckpoint.js';
import type { ChunkReference } from './Manifest.js';
import { packsToRewrite } from './packsToRewrite.js';
import type { StoredChunks } from './StoredChunks.js';

/** Which snapshots a checkpoint refers to, in the packs where they are already. The others it has to write. */
export function chooseChunks(
  entries: CheckpointContent['entries'],
  stored: StoredChunks,
  inlineThresholdBytes: number,
): Map<object, ChunkReference> {
  const known = new Map<object, ChunkReference>();
  for (const snapshot of entries.values()) {
    const reference = stored.find(snapshot);
    if (reference !== undefined && reference.length > inlineThresholdBytes) known.set(snapshot, reference);
  }
  const rewritten = packsToRewrite(stored.uses(known.values()));
  for (const [snapshot, { pack }] of known) if (rewritten.has(pack)) known.delete(snapshot);
  return known;
}

/** What a checkpoint has for each of its snapshots: the place where it is already, or its bytes, to be written. */
export function* encodeChunks(
  entries: CheckpointContent['entries'],
  known: ReadonlyMap<object, ChunkReference>,
  types: CodecTypes,
): Generator<void, Map<string, Uint8Array | ChunkReference>, void> {
  const encoded = new Map<object, Uint8Array>();
  const chunks = new Map<string, Uint8Array | ChunkReference>();
  for (const [name, snapshot] of entries) {
    let chunk = known.get(snapshot) ?? encoded.get(snapshot);
    if (chunk === undefined) {
      chunk = yield* encode(name, snapshot, types);
      encoded.set(snapshot, chunk);
    }
    chunks.set(name, chunk);
  }
  return chunks;
}

/**
 * The bytes of one snapshot, in one go.
 *
 * @throws UnstorableValueError naming the entry.
 */
export function encodeEntry(name: string, snapshot: object, types: CodecTypes): Uint8Array {
  return finish(encode(name, snapshot, types));
}

function* encode(name: string, snapshot: object, types: CodecTypes): Generator<void, Uint8Array, void> {
  if (snapshot instanceof LoadedEntry) return snapshot.bytes;
  try {
    return yield* encodeInSteps(snapshot, types);
  } catch (error) {
    throw error instanceof UnstorableValueError ? error.of(name) : error;
  }
}
