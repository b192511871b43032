import { journalFacts } from '../checkpoint/CheckpointMeta.js';
import { codecTypes } from '../checkpoint/codecTypes.js';
import { checkpointIdOf } from '../checkpoint/store/checkpointName.js';
import { decodeValue } from '../checkpoint/store/codec.js';
import { readChunk } from '../checkpoint/store/openPack.js';
import { attempt } from '../storage/attempt.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { DEFAULT_RETAINED, findOrphans, lineOf } from './findOrphans.js';
import type { Orphan } from './findOrphans.js';
import type { ListedCheckpoint } from './listCheckpoints.js';
import { listed, summaryOf } from './listCheckpoints.js';
import { packName } from './packNames.js';
import { StoredJournals } from './StoredJournals.js';
import type { StoredPack } from './StoredPacks.js';
import { metaOf, StoredPacks } from './StoredPacks.js';

/** One thing that is wrong with what is stored. */
export interface Damage {
  /** What is damaged, by its name in the storage. */
  readonly name: string;
  /** E.g. `has a damaged manifest (checksum)`. */
  readonly problem: string;
  /** The operators whose snapshots it concerns; none: all of it. */
  readonly operators: readonly string[];
}

export interface StorageReport {
  readonly storage: string;
  /** Whether there is no damage. Orphans are none. */
  readonly isIntact: boolean;
  /** The checkpoint that a restore begins with: the newest intact one; null where there is none, or a newer format above it. */
  readonly restoresFrom: string | null;
  /** Every checkpoint and savepoint, as `listCheckpoints` gives it. Damaged snapshots are in `damages` only. */
  readonly checkpoints: readonly ListedCheckpoint[];
  readonly damages: readonly Damage[];
  /** What nobody needs: a job or `collectGarbage` removes it. */
  readonly orphans: readonly Orphan[];
  /** What was read and checked. */
  readonly checkedBytes: number;
  readonly snapshotCount: number;
  readonly segmentCount: number;
  /** Names that are none of this library's, which it leaves alone. */
  readonly foreignNames: readonly string[];
}

export interface VerifyOptions {
  /**
   * How many checkpoints the job keeps, as it was given to `CheckpointSubject`. An older one that is incomplete is an
   * orphan, and no damage: it was being removed when the process died. Older intact ones are orphans only if this is
   * given. Default: 3, that of `CheckpointSubject`.
   */
  readonly retained?: number;
}

/**
 * Reads every byte that is stored: headers, manifests, checksums and references of checkpoints and savepoints, that
 * snapshots can be read back, and that journals have no gap. Takes no lock; what a running job removes meanwhile is left
 * out, and of what it adds meanwhile only the manifests are checked.
 *
 * @throws StorageError
 */
export async function verifyStorage(storage: CheckpointStorage, options: VerifyOptions = {}): Promise<StorageReport> {
  for (let times = 1; ; times++) {
    const before = await namesIn(storage);
    const report = await verifyOnce(storage, options);
    // What a job does meanwhile can look like damage, if it does a lot and this little. What is damaged stays so.
    if (report.isIntact || times === ATTEMPTS || (await namesIn(storage)) === before) return report;
  }
}

const ATTEMPTS = 50;

async function namesIn(storage: CheckpointStorage): Promise<string> {
  const what = { storage: storage.description, operation: 'list' } as const;
  return (await attempt(what, () => storage.list())).sort().join();
}

async function verifyOnce(storage: CheckpointStorage, options: VerifyOptions): Promise<StorageReport> {
  const { retained = DEFAULT_RETAINED } = options;
  const packs = new StoredPacks(storage);
  const found = await packs.list();
  const journals = await StoredJournals.read(storage);
  const { damages: inChunks, checkedBytes, snapshotCount } = await checkChunks(packs, found);
  // A running job has gone on: what there is now decides on what is retained.
  const checkpoints = await packs.list();
  const broken = new Set(inChunks.keys());
  const content = { packs: checkpoints, broken, journals, retained: options.retained };
  const orphans = findOrphans(content);
  const kept = newestOf(checkpoints, retained);
  const isOrphan = new Set(orphans.map(({ name }) => name));
  const damages: Damage[] = [];
  for (const { name, status, problem } of checkpoints) {
    if (isOrphan.has(name)) continue;
    // An old one that is kept for its chunks need not be complete any more.
    const isPartOnly = status === 'incomplete' && isCheckpoint(name) && !kept.has(name);
    if (status !== 'intact' && !isPartOnly) damages.push({ name, problem: problem!, operators: [] });
    damages.push(...(inChunks.get(name) ?? []));
  }
  damages.push(...journalDamages(checkpoints, journals, { isOrphan, kept }));
  // One of a newer format is no damage to a job: it refuses to start.
  const first = checkpoints.find(({ name, status }) => {
    return isCheckpoint(name) && (status === 'newer' || (status === 'intact' && !broken.has(name)));
  });
  return {
    storage: storage.description,
    isIntact: damages.length === 0,
    restoresFrom: first?.status === 'intact' ? summaryOf(first).reference : null,
    checkpoints: listed(checkpoints),
    damages,
    orphans,
    checkedBytes,
    snapshotCount,
    segmentCount: [...journals.segments()].length,
    foreignNames: packs.names.filter((name) => !/^(checkpoint|savepoint|journal)-/.test(name)).sort(),
  };
}

/** The names of the newest, intact or not: of what is older, parts may be gone. */
function newestOf(packs: readonly StoredPack[], count: number): Set<string> {
  const line = lineOf(packs);
  const names = packs.flatMap(({ name }) => (line.has(checkpointIdOf(name) ?? NaN) ? name : []));
  return new Set(names.filter(isCheckpoint).slice(0, count));
}

const isCheckpoint = (name: string): boolean => checkpointIdOf(name) !== undefined;

interface CheckedChunks {
  /** By the checkpoint that needs the chunk. */
  readonly damages: ReadonlyMap<string, readonly Damage[]>;
  readonly checkedBytes: number;
  readonly snapshotCount: number;
}

/** Pack by pack, so that one is in memory at a time, whoever refers to it. */
async function checkChunks(packs: StoredPacks, found: readonly StoredPack[]): Promise<CheckedChunks> {
  const damages = new Map<string, Damage[]>();
  let checkedBytes = 0;
  let snapshotCount = 0;
  for (const [name, users] of usersByPack(found)) {
    const bytes = await packs.read(name);
    if (bytes === undefined) continue; // missing, which was told, or removed just now with those that needed it
    checkedBytes += bytes.length;
    const problems = new Map<number, string | null>();
    for (const user of users) {
      for (const [operator, reference] of user.manifest!.entries) {
        if (packName(user, reference.pack) !== name) continue;
        let problem = problems.get(reference.offset);
        if (problem === undefined) {
          problem = chunkProblem(readChunk(bytes, reference));
          problems.set(reference.offset, problem);
          snapshotCount++;
        }
        if (problem !== null) addDamage(damages, user.name, name, problem, operator);
      }
    }
  }
  return { damages, checkedBytes, snapshotCount };
}

function chunkProblem(chunk: Uint8Array | string): string | null {
  if (typeof chunk === 'string') return chunk;
  try {
    decodeValue(chunk, codecTypes);
    return null;
  } catch (error) {
    return `is intact, but cannot be read back (${(error as { problem?: string }).problem ?? String(error)})`;
  }
}

function addDamage(
  damages: Map<string, Damage[]>,
  checkpoint: string,
  pack: string,
  problem: string,
  operator: string,
): void {
  const text = `needs a snapshot in ${pack === checkpoint ? 'its own pack' : pack}, which ${problem}`;
  const known = damages.get(checkpoint) ?? [];
  damages.set(checkpoint, known);
  const same = known.findIndex((damage) => damage.problem === text);
  if (same < 0) known.push({ name: checkpoint, problem: text, operators: [operator] });
  else known[same] = { ...known[same]!, operators: [...known[same]!.operators, operator] };
}

/** Packs with all that refer to them; a damaged pack may still have the chunks that others need. */
function usersByPack(found: readonly StoredPack[]): Map<string, StoredPack[]> {
  const users = new Map<string, StoredPack[]>();
  for (const pack of found) {
    if (pack.manifest === null) continue;
    const names = new Set(Array.from(pack.manifest.entries.values(), (reference) => packName(pack, reference.pack)));
    for (const name of names.add(pack.name)) users.set(name, [...(users.get(name) ?? []), pack]);
  }
  return users;
}

function journalDamages(
  checkpoints: readonly StoredPack[],
  journals: StoredJournals,
  { isOrphan, kept }: { isOrphan: ReadonlySet<string>; kept: ReadonlySet<string> },
): Damage[] {
  const damages = new Map<string, Damage>();
  for (const { name, head, problem } of journals.segments()) {
    if (head === null && !isOrphan.has(name)) damages.set(name, { name, problem, operators: [] });
  }
  for (const pack of checkpoints) {
    // Of older ones, what their journals had is gone for good reason.
    if (pack.manifest === null || !kept.has(pack.name)) continue;
    const facts = journalFacts(metaOf(pack.manifest));
    for (const source of facts.positions.keys()) {
      const { broken, position } = journals.from(source, facts);
      if (broken === null) continue;
      const problem = `needs the journal of '${source}' from entry ${position} on, of which ${broken.name} ${broken.problem}`;
      damages.set(`${pack.name} ${source}`, { name: pack.name, problem, operators: [] });
    }
  }
  return [...damages.values()];
}
