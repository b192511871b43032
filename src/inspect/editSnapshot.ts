import { codecTypes } from '../checkpoint/codecTypes.js';
import type { Savepoint } from '../checkpoint/Savepoint.js';
import { encodeValue } from '../checkpoint/store/codec.js';
import { OperatorNotFoundError } from '../errors/OperatorNotFoundError.js';
import { UnreadableNotationError } from '../errors/UnreadableNotationError.js';
import { UnstorableValueError } from '../errors/UnstorableValueError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { changeCheckpoint } from './changeCheckpoint.js';
import { diffValues } from './diffValues.js';
import type { ValueDiff } from './diffValues.js';
import { fromReadable } from './fromReadable.js';
import type { CheckpointReference } from './packNames.js';
import type { Readable } from './Readable.js';
import { decodeSnapshot } from './readSnapshot.js';

export interface EditedSavepoint {
  readonly savepoint: Savepoint;
  /** What is different from the checkpoint. */
  readonly diff: ValueDiff;
}

/**
 * Writes a new savepoint that is the checkpoint with another snapshot for one operator. What was edited is checked: it has
 * to be a snapshot of the same shape, and storable. Whether the operator understands its state only a restore tells.
 * Takes the storage's lock.
 *
 * @param edit - `operator`: its name; `snapshot`: what `readSnapshot` gave, edited; `savepoint`: the name of the new one.
 * @throws UnreadableNotationError, UnstorableValueError, OperatorNotFoundError, RestorePointNotFoundError,
 *   SavepointExistsError, StorageLockedError, StorageError
 */
export async function editSnapshot(
  storage: CheckpointStorage,
  reference: CheckpointReference,
  edit: { readonly operator: string; readonly snapshot: Readable; readonly savepoint: string },
): Promise<EditedSavepoint> {
  const { operator, snapshot, savepoint } = edit;
  const edited = fromReadable(snapshot);
  let diff: ValueDiff = { changes: [], count: 0 };
  const written = await changeCheckpoint(storage, reference, savepoint, (content) => {
    const bytes = content.entries.get(operator);
    if (bytes === undefined)
      throw new OperatorNotFoundError({
        checkpoint: String(reference),
        wanted: operator,
        available: [...content.entries.keys()],
      });
    const before = decodeSnapshot(operator, bytes);
    checkShape(before, edited);
    diff = diffValues(before, edited, 100);
    return { ...content, entries: new Map(content.entries).set(operator, encode(operator, edited)) };
  });
  return { savepoint: written, diff };
}

function encode(operator: string, snapshot: unknown): Uint8Array {
  try {
    return encodeValue(snapshot, codecTypes);
  } catch (error) {
    throw error instanceof UnstorableValueError ? error.of(operator) : error;
  }
}

/** What stands around the state is the job's, which would not start with anything else. */
function checkShape(before: object, edited: unknown): void {
  if (typeof edited !== 'object' || edited === null || Array.isArray(edited))
    throw new UnreadableNotationError({
      path: '',
      problem: 'has to be an object with the state in it, as it was read.',
    });
  const [old, young] = [Object.keys(before), Object.keys(edited)];
  const missing = old.find((key) => !young.includes(key));
  if (missing !== undefined)
    throw new UnreadableNotationError({ path: missing, problem: 'is missing: a snapshot of this operator has it.' });
  const extra = young.find((key) => !old.includes(key));
  if (extra !== undefined)
    throw new UnreadableNotationError({
      path: extra,
      problem: 'was added: a snapshot of this operator does not have it.',
    });
  for (const key of ['pipelines', 'inputs'] as const) {
    const { count } = diffValues((before as Record<string, unknown>)[key], (edited as Record<string, unknown>)[key], 0);
    if (count > 0)
      throw new UnreadableNotationError({
        path: key,
        problem: 'was changed. It says how the job is built; edit the state and the position only.',
      });
  }
}
