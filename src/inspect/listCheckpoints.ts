import type { PipelineStatus } from '../checkpoint/Checkpoint.js';
import { checkpointIdOf } from '../checkpoint/store/checkpointName.js';
import { packsOf } from '../checkpoint/store/Manifest.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { packName, shortName } from './packNames.js';
import type { StoredPack } from './StoredPacks.js';
import { metaOf, operatorsIn, StoredPacks } from './StoredPacks.js';

/** One checkpoint or savepoint of a storage, as far as its manifest tells. */
export interface CheckpointSummary {
  /** In the storage, e.g. `checkpoint-000000000007`. */
  readonly name: string;
  readonly kind: 'checkpoint' | 'savepoint';
  /** By which other functions find it: the id, or the name that a savepoint was given. */
  readonly reference: string;
  /** Of a savepoint, the id of the checkpoint that it was made of. Null where it cannot be read. */
  readonly id: number | null;
  /** `incomplete`: packs that it refers to are missing; `newer`: a newer version of this library wrote it. */
  readonly status: 'intact' | 'incomplete' | 'damaged' | 'newer';
  /** What is wrong with it, if anything. */
  readonly problem: string | null;
  /** When it was triggered, in ms since the epoch. */
  readonly timestamp: number | null;
  /** All that it consists of, in bytes, whichever pack has it. */
  readonly sizeBytes: number | null;
  /** Its own pack, in bytes. */
  readonly writtenBytes: number;
  /** The names of other packs that it needs. */
  readonly refersTo: readonly string[];
  /** By name. */
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
  /** How many operators have a snapshot in it. */
  readonly operatorCount: number;
}

/** One of the checkpoints of a storage. */
export interface ListedCheckpoint extends CheckpointSummary {
  /**
   * The names of those that refer to its pack. An old checkpoint that is kept for them may be `incomplete` itself, which
   * is no damage.
   */
  readonly neededBy: readonly string[];
}

/**
 * All checkpoints, the newest first, and then all savepoints, by name. Reads each pack's manifest, and no state. Takes no
 * lock: what a running job removes meanwhile is left out. One that the storage does not give is `damaged`.
 *
 * @throws StorageError
 */
export async function listCheckpoints(storage: CheckpointStorage): Promise<ListedCheckpoint[]> {
  return listed(await new StoredPacks(storage, true).list());
}

export function listed(packs: readonly StoredPack[]): ListedCheckpoint[] {
  const summaries = packs.map(summaryOf);
  const users = new Map<string, string[]>(summaries.map(({ name }) => [name, []]));
  for (const { name, refersTo } of summaries) for (const used of refersTo) users.get(used)?.push(name);
  return summaries.map((summary) => ({ ...summary, neededBy: users.get(summary.name)! }));
}

export function summaryOf(pack: StoredPack): CheckpointSummary {
  const { name, status, problem, manifest } = pack;
  const id = checkpointIdOf(name);
  return {
    name,
    kind: id === undefined ? 'savepoint' : 'checkpoint',
    reference: shortName(name),
    id: manifest?.id ?? id ?? null,
    status,
    problem,
    timestamp: manifest?.timestamp ?? null,
    sizeBytes: manifest === null ? null : sizeOf(pack),
    writtenBytes: pack.sizeBytes,
    refersTo:
      manifest === null
        ? []
        : [...packsOf(manifest)]
            .filter((id) => id !== manifest.id)
            .sort((a, b) => a - b)
            .map((id) => packName(pack, id)),
    pipelines: manifest === null ? {} : metaOf(manifest).pipelines,
    operatorCount: manifest === null ? 0 : operatorsIn(manifest).length,
  };
}

function sizeOf({ manifest, manifestBytes }: StoredPack): number {
  let size = manifestBytes;
  for (const { length } of manifest!.entries.values()) size += length;
  return size;
}
