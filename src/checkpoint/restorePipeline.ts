/** Restoring one pipeline: what is put forward for its participants, and whether all of it found its place. */
import { DuplicateUidError } from '../errors/DuplicateUidError.js';
import type { RestoreReport } from '../errors/OrphanedSnapshotError.js';
import { OrphanedSnapshotError } from '../errors/OrphanedSnapshotError.js';
import type { Attendance } from './Attendance.js';
import type { History } from './History.js';
import type { Run } from './protocol/Run.js';
import type { Snapshot } from './protocol/Snapshot.js';
import { restoreProblem, restoreReport } from './restoreReport.js';

/** What a pipeline says of its restore. */
export interface RestoreOptions {
  readonly allowNonRestoredState?: boolean | undefined;
  readonly onRestore?: ((report: RestoreReport) => void) | undefined;
}

/** A pipeline that is being connected. */
export interface Restoring {
  readonly name: string;
  readonly attendance: Attendance;
  /** The participants that were dormant before it, by name. */
  readonly dormant: ReadonlyMap<string, Snapshot>;
  /** Of the checkpoint that the job began with; 0 when there was none. */
  readonly checkpointId: number;
}

/** A restore of which it is known what came of it when all that start together are connected. */
export interface UndecidedRestore {
  readonly name: string;
  readonly report: RestoreReport;
  /** What it is refused with, unless all that is orphaned there finds its place with others; null if it is not. */
  readonly refusal: OrphanedSnapshotError | null;
  readonly onRestore: RestoreOptions['onRestore'];
}

/** Puts forward the snapshots of the pipeline, for its participants to claim. */
export function offerSnapshots({ name, attendance, dormant }: Restoring, run: Run, history: History): void {
  const { claims } = run;
  const others = attendance.take();
  // What others have claimed under a new name, the newest checkpoint may have under the old one.
  const former = claims.hasRenamed
    ? new Set(Array.from([...others, ...dormant.keys()], (other) => claims.formerName(other)))
    : dormant;
  for (const [operator, snapshot] of history.snapshotsOf(name)) {
    if (others.has(operator) || dormant.has(operator) || former.has(operator)) continue;
    // What another one has dropped is no longer that one's.
    run.unclaimed.set(operator, claims.reserved.get(operator)?.snapshot ?? snapshot);
  }
}

/**
 * @returns what came of it, unless what is left may belong to a pipeline that is still to come.
 * @throws what keeps it from starting: DuplicateUidError, OrphanedSnapshotError, what its participants found.
 */
export function checkRestore(
  { name, attendance, dormant, checkpointId }: Restoring,
  { run, history }: { readonly run: Run; readonly history: History },
  { allowNonRestoredState = false, onRestore }: RestoreOptions,
): UndecidedRestore {
  const newcomers = attendance.newcomers();
  const asleep = newcomers.find((operator) => run.claims.dormant.has(operator));
  if (asleep !== undefined) throw new DuplicateUidError(asleep, 'two-nodes');
  const joined = newcomers.filter((operator) => !dormant.has(operator));
  for (const operator of joined) {
    const owners = history.snapshots.get(operator)?.pipelines ?? [name];
    // Those who are there have had it, and done with it.
    if (owners.includes(name) || owners.every((owner) => run.isPresent(owner))) continue;
    // A snapshot of that name waits for another pipeline, from which it would be taken.
    throw new DuplicateUidError(
      operator,
      'absent-pipeline',
      owners.filter((owner) => !run.isPresent(owner)),
    );
  }
  const { claims } = run;
  const report = restoreReport(claims, { checkpointId, pipeline: name, joined, waitsFor: [] });
  const problem = restoreProblem(claims, report, allowNonRestoredState);
  const isAwaited = (owner: string): boolean => owner !== name && !run.isPresent(owner);
  if (problem !== null) {
    if (problem instanceof OrphanedSnapshotError && claims.orphaned.every(([, at]) => at.pipelines.some(isAwaited)))
      return { name, report, refusal: problem, onRestore };
    throw problem;
  }
  claims.reserve(isAwaited, run.lastBarrier);
  return { name, report, refusal: null, onRestore };
}
