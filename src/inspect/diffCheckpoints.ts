import type { PipelineStatus } from '../checkpoint/Checkpoint.js';
import type { ChunkReference } from '../checkpoint/store/Manifest.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { ValueChange } from './diffValues.js';
import { diffValues } from './diffValues.js';
import type { OpenCheckpoint } from './openCheckpoint.js';
import { withCheckpoint } from './openCheckpoint.js';
import type { CheckpointReference } from './packNames.js';
import { packName } from './packNames.js';
import { decodeSnapshot } from './readSnapshot.js';
import { metaOf } from './StoredPacks.js';

/** How one operator's snapshot differs between two checkpoints. */
export interface OperatorDiff {
  readonly name: string;
  /** `same`: both refer to the same bytes in the storage; `equal`: it was written again, with the same content. */
  readonly change: 'added' | 'removed' | 'same' | 'equal' | 'changed';
  /** In bytes; null where there is none. */
  readonly sizeBytesBefore: number | null;
  readonly sizeBytesAfter: number | null;
  /** Of a changed one: the first `limit` differences. */
  readonly changes: readonly ValueChange[];
  /** How many differences there are. */
  readonly changeCount: number;
}

export interface CheckpointDiff {
  /** Their names in the storage. */
  readonly before: string;
  readonly after: string;
  /** The pipelines whose status is not the same; null where it is not there. */
  readonly pipelines: Readonly<Record<string, readonly [before: PipelineStatus | null, after: PipelineStatus | null]>>;
  /** All operators of both, by name. */
  readonly operators: readonly OperatorDiff[];
}

/**
 * What is different in `after`, compared with `before`. Reads the snapshots of the operators that are not the same.
 *
 * @param options - `limit`: how many differences to tell of each operator. Default: 100.
 * @throws RestorePointNotFoundError, UnreadableCheckpointError, UnreadableSnapshotError, StorageError
 */
export function diffCheckpoints(
  storage: CheckpointStorage,
  before: CheckpointReference,
  after: CheckpointReference,
  options: { readonly limit?: number } = {},
): Promise<CheckpointDiff> {
  const { limit = 100 } = options;
  return withCheckpoint(storage, before, (old) =>
    withCheckpoint(storage, after, async (young) => {
      const names = new Set([...old.namesByPack(), ...young.namesByPack()]);
      const operators: OperatorDiff[] = [];
      for (const name of names) operators.push(await diffOperator(old, young, name, limit));
      operators.sort((a, b) => (a.name < b.name ? -1 : 1));
      return { before: old.name, after: young.name, pipelines: diffPipelines(old, young), operators };
    }),
  );
}

async function diffOperator(
  old: OpenCheckpoint,
  young: OpenCheckpoint,
  name: string,
  limit: number,
): Promise<OperatorDiff> {
  const [before, after] = [old.manifest.entries.get(name), young.manifest.entries.get(name)];
  const diff = (
    change: OperatorDiff['change'],
    changes: readonly ValueChange[] = [],
    changeCount = 0,
  ): OperatorDiff => {
    return {
      name,
      change,
      sizeBytesBefore: before?.length ?? null,
      sizeBytesAfter: after?.length ?? null,
      changes,
      changeCount,
    };
  };
  if (before === undefined) return diff('added');
  if (after === undefined) return diff('removed');
  if (isSameChunk([old, before], [young, after])) return diff('same');
  const [oldBytes, youngBytes] = [await old.chunk(name), await young.chunk(name)];
  if (isEqual(oldBytes, youngBytes)) return diff('equal');
  const { changes, count } = diffValues(decodeSnapshot(name, oldBytes), decodeSnapshot(name, youngBytes), limit);
  return count === 0 ? diff('equal') : diff('changed', changes, count);
}

type Place = readonly [OpenCheckpoint, ChunkReference];

function isSameChunk([old, before]: Place, [young, after]: Place): boolean {
  return packName(old.pack, before.pack) === packName(young.pack, after.pack) && before.offset === after.offset;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function diffPipelines(old: OpenCheckpoint, young: OpenCheckpoint): CheckpointDiff['pipelines'] {
  const [before, after] = [metaOf(old.manifest).pipelines, metaOf(young.manifest).pipelines];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...names].filter((name) => before[name] !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, [before[name] ?? null, after[name] ?? null] as const]));
}
