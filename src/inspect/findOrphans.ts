import { journalFacts } from '../checkpoint/CheckpointMeta.js';
import type { JournalFacts } from '../checkpoint/store/Journals.js';
import { checkpointIdOf } from '../checkpoint/store/checkpointName.js';
import { isOfLeftLine, NO_LINEAGE } from '../checkpoint/store/Lineage.js';
import { packsOf } from '../checkpoint/store/Manifest.js';
import { newestIds, removablePacks } from '../checkpoint/store/removablePacks.js';
import { packName } from './packNames.js';
import type { StoredJournals } from './StoredJournals.js';
import type { StoredPack } from './StoredPacks.js';
import { metaOf } from './StoredPacks.js';

/** Something stored that no restore needs. */
export interface Orphan {
  /** In the storage. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Why nobody needs it, e.g. `is older than the 3 retained checkpoints`. */
  readonly reason: string;
}

export interface StorageContent {
  readonly packs: readonly StoredPack[];
  /** The names of those that have damaged chunks. */
  readonly broken: ReadonlySet<string>;
  readonly journals: StoredJournals;
  /** How many checkpoints to keep. Undefined: all that are intact, and 3 of them tell that older ones were given up. */
  readonly retained?: number | undefined;
}

/** What `CheckpointSubject` keeps unless it is told otherwise. */
export const DEFAULT_RETAINED = 3;

/** Marks what a restore needs, as the store's retention does, and gives the rest. */
export function findOrphans(content: StorageContent): Orphan[] {
  const { packs, journals, retained } = content;
  const intact = intactCheckpoints(content);
  const line = lineOf(packs);
  const onLine = new Map([...intact].filter(([id]) => line.has(id)));
  const kept = retained ?? DEFAULT_RETAINED;
  // How many the job keeps was not told: then only what is incomplete is given up for certain.
  const pinned = retained === undefined ? intact.values() : line.foreign.flatMap((id) => intact.get(id) ?? []);
  const stored = packs.flatMap(({ name }) => checkpointIdOf(name) ?? []);
  const removable = new Set(removablePacks({ retained: kept, stored, checkpoints: onLine, pinned }));
  const orphans: Orphan[] = [];
  for (const { name, sizeBytes, status, problem } of packs) {
    const id = checkpointIdOf(name);
    if (id === undefined || !removable.has(id) || (status !== 'incomplete' && retained === undefined)) continue;
    const reason = `is older than the ${kept === 1 ? 'newest checkpoint' : `newest ${kept} checkpoints`}`;
    orphans.push({ name, sizeBytes, reason: status === 'incomplete' ? `${reason}, and ${problem}` : reason });
  }
  const needing =
    retained === undefined ? new Set(intact.keys()) : new Set([...newestIds(onLine, retained), ...line.foreign]);
  return [...orphans, ...needlessSegments(packs, needing, journals)];
}

/** The checkpoints that a job may fall back to. */
export interface Line {
  has(id: number): boolean;
  /** That were restored without a claim: they stay, with all that they refer to. */
  readonly foreign: readonly number[];
}

/** Which checkpoints the newest one goes on from; a job that was told to begin with another one has left the others. */
export function lineOf(packs: readonly StoredPack[]): Line {
  const newest = packs.find(({ name, status }) => checkpointIdOf(name) !== undefined && status === 'intact');
  const { lineage = NO_LINEAGE } = newest?.manifest ?? {};
  return { has: (id) => !lineage.foreign.includes(id) && !isOfLeftLine(lineage, id), foreign: lineage.foreign };
}

/** By id, with the packs that each refers to. */
function intactCheckpoints({ packs, broken }: StorageContent): Map<number, ReadonlySet<number>> {
  const intact = new Map<number, ReadonlySet<number>>();
  for (const { name, status, manifest } of packs) {
    const isCheckpoint = checkpointIdOf(name) !== undefined;
    if (isCheckpoint && status === 'intact' && !broken.has(name)) intact.set(manifest!.id, packsOf(manifest!));
  }
  return intact;
}

function needlessSegments(
  packs: readonly StoredPack[],
  needing: ReadonlySet<number>,
  journals: StoredJournals,
): Orphan[] {
  const facts = new Map<number, JournalFacts>();
  for (const { name, manifest } of packs) {
    const id = checkpointIdOf(name);
    // What cannot be read may need anything.
    if (id !== undefined && manifest === null) return [];
    if (id !== undefined && needing.has(id)) facts.set(id, journalFacts(metaOf(manifest!)));
  }
  const reason = 'holds journal entries that every checkpoint has behind it, or that were written in vain';
  return journals.needless(facts).map(({ name, sizeBytes }) => ({ name, sizeBytes, reason }));
}

/** Which of the checkpoints and savepoints need the pack, itself left out. By name. */
export function usersOf(name: string, packs: readonly StoredPack[]): string[] {
  return packs
    .filter((pack) => pack.name !== name && pack.manifest !== null)
    .filter((pack) => [...packsOf(pack.manifest!)].some((id) => packName(pack, id) === name))
    .map((pack) => pack.name);
}
