import type { CheckpointError } from '../errors/CheckpointError.js';
import type { RestoreReport } from '../errors/OrphanedSnapshotError.js';
import { OrphanedSnapshotError } from '../errors/OrphanedSnapshotError.js';
import type { Claims } from './protocol/Claims.js';

export interface RestoredPipeline {
  readonly checkpointId: number;
  readonly pipeline: string;
  /** The names of the participants that came with it. */
  readonly joined: readonly string[];
  readonly waitsFor: readonly string[];
}

/** What has come of a restore, once all participants have connected. */
export function restoreReport(
  claims: Claims,
  { checkpointId, pipeline, joined, waitsFor }: RestoredPipeline,
): RestoreReport {
  const { claimed } = claims;
  return Object.freeze({
    checkpointId,
    pipeline,
    matched: Object.freeze([...claimed].sort()),
    new: Object.freeze(joined.filter((name) => !claimed.has(name)).sort()),
    orphaned: Object.freeze(claims.orphaned.map(([name]) => name).sort()),
    renamed: Object.freeze([...claims.renamed]),
    migrated: Object.freeze([...claims.migrated]),
    waitsFor: Object.freeze([...waitsFor].sort()),
  });
}

/** Why nothing may start; null when all has found its place. */
export function restoreProblem(
  claims: Claims,
  report: RestoreReport,
  allowNonRestoredState: boolean,
): CheckpointError | null {
  const [problem] = claims.problems;
  if (problem !== undefined) return problem;
  if (report.orphaned.length === 0 || allowNonRestoredState) return null;
  const active = claims.orphaned.filter(([, { unused }]) => unused === 'active').map(([name]) => name);
  return new OrphanedSnapshotError(report, active.sort());
}
