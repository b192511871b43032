import type { CheckpointDamage } from '../../errors/DamagedCheckpointError.js';
import { DamagedCheckpointError } from '../../errors/DamagedCheckpointError.js';
import { attempt } from '../../storage/attempt.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { checkpointIdOf, checkpointName } from './checkpointName.js';
import { isOfLeftLine, NO_LINEAGE } from './Lineage.js';
import { packsOf } from './Manifest.js';
import type { VerifiedCheckpoint } from './PackReader.js';
import { PackReader } from './PackReader.js';
import type { PackIds } from './Retention.js';

export interface FoundCheckpoints {
  /** Of all checkpoint names, the highest first. */
  readonly ids: readonly number[];
  /** The newest that is intact. */
  readonly newest: VerifiedCheckpoint | undefined;
  /** What is wrong with those above it. */
  readonly damages: readonly CheckpointDamage[];
  /** The checkpoints that count for retention, with the packs that each refers to. */
  readonly intact: ReadonlyMap<number, PackIds>;
  /** What the caller had stored with each of them. */
  readonly metas: ReadonlyMap<number, unknown>;
  /** Of what was restored without a claim, as far as it is still there: the packs that each refers to. */
  readonly foreign: ReadonlyMap<number, PackIds>;
  /** All names in the storage, those that are none of ours among them. */
  readonly names: readonly string[];
}

export interface SearchOptions {
  /** Looks for this one, and for no other in its place. */
  readonly from?: number | undefined;
  /** That there are checkpoints, and none is intact, is no error. */
  readonly mayBeDamaged?: boolean;
}

/**
 * Looks for the newest intact checkpoint, from the highest id down. Names that are none of ours are left alone.
 *
 * @throws DamagedCheckpointError when there are checkpoints, and none is intact
 * @throws NewerFormatError, and StorageError: what cannot be read now may be readable later, so it is not skipped
 */
export async function findCheckpoints(
  storage: CheckpointStorage,
  retained: number,
  isBeingRemoved: (id: number) => boolean,
  { from, mayBeDamaged = false }: SearchOptions = {},
): Promise<FoundCheckpoints> {
  const names = await attempt({ storage: storage.description, operation: 'list' }, () => storage.list());
  const ids = idsOf(names);
  const reader = new PackReader(storage);
  const damages: CheckpointDamage[] = [];
  for (const id of from === undefined ? ids : [from]) {
    const newest = await reader.readCheckpoint(id);
    if (typeof newest !== 'string') {
      const { lineage = NO_LINEAGE } = newest.manifest;
      const isOfThisLine = (other: number): boolean =>
        !lineage.foreign.includes(other) && !isOfLeftLine(lineage, other);
      const older = ids.filter((other) => other < id && !isBeingRemoved(other) && isOfThisLine(other));
      const intact = new Map([[id, packsOf(newest.manifest)]]);
      const metas = new Map([[id, newest.manifest.meta]]);
      await addOlder({ intact, metas, older, retained, reader });
      const foreign = await readForeign(reader, lineage.foreign);
      return { ids, newest, damages, intact, metas, foreign, names };
    }
    damages.push({ checkpointId: id, name: checkpointName(id), problem: newest });
  }
  if (damages.length > 0 && !mayBeDamaged) throw new DamagedCheckpointError({ storage: storage.description, damages });
  return { ids, newest: undefined, damages, intact: new Map(), metas: new Map(), foreign: new Map(), names };
}

function idsOf(names: readonly string[]): number[] {
  const ids = new Set(names.map(checkpointIdOf));
  return [...ids].filter((id) => id !== undefined).sort((a, b) => b - a);
}

/** What cannot be read was removed by its owner, or is of no use to him. */
async function readForeign(reader: PackReader, ids: readonly number[]): Promise<Map<number, PackIds>> {
  const foreign = new Map<number, PackIds>();
  for (const id of ids) {
    const checkpoint = await reader.readCheckpoint(id);
    if (typeof checkpoint !== 'string') foreign.set(id, packsOf(checkpoint.manifest));
  }
  return foreign;
}

/** The checkpoints to keep beside the newest: only intact ones count, since they are what a later load falls back to. */
async function addOlder(search: {
  intact: Map<number, PackIds>;
  metas: Map<number, unknown>;
  older: readonly number[];
  retained: number;
  reader: PackReader;
}): Promise<void> {
  const { intact, metas, older, retained, reader } = search;
  for (const id of older) {
    if (intact.size >= retained) return;
    const checkpoint = await reader.readCheckpoint(id).catch(() => 'cannot be read');
    if (typeof checkpoint === 'string') continue;
    intact.set(id, packsOf(checkpoint.manifest));
    metas.set(id, checkpoint.manifest.meta);
  }
}
