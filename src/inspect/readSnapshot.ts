import { codecTypes } from '../checkpoint/codecTypes.js';
import type { Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { decodeValue } from '../checkpoint/store/codec.js';
import { UnreadableSnapshotError } from '../errors/UnreadableSnapshotError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { withCheckpoint } from './openCheckpoint.js';
import type { CheckpointReference } from './packNames.js';
import type { Readable } from './Readable.js';
import { toReadable } from './toReadable.js';

/**
 * What a checkpoint has for one operator, as JSON: an object with its `state`, for sources its `position`, and the
 * `pipelines` that it belongs to. See `Readable` for values that JSON lacks.
 *
 * @param operator - its uid, or structural name.
 * @throws RestorePointNotFoundError, OperatorNotFoundError, UnreadableCheckpointError, UnreadableSnapshotError, StorageError
 */
export function readSnapshot(
  storage: CheckpointStorage,
  reference: CheckpointReference,
  operator: string,
): Promise<Readable> {
  return withCheckpoint(storage, reference, async (checkpoint) => {
    return toReadable(decodeSnapshot(operator, await checkpoint.chunk(operator)));
  });
}

/** @throws UnreadableSnapshotError naming the operator */
export function decodeSnapshot(operator: string, bytes: Uint8Array): Snapshot {
  try {
    return decodeValue(bytes, codecTypes) as Snapshot;
  } catch (error) {
    throw error instanceof UnreadableSnapshotError ? error.of(operator) : error;
  }
}
