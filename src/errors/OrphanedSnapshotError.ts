import { CheckpointError } from './CheckpointError.js';

/** What a restore found: which participants have a snapshot, which are new, and which snapshots nobody wants. */
export interface RestoreReport {
  readonly checkpointId: number;
  readonly pipeline: string;
  readonly matched: readonly string[];
  readonly new: readonly string[];
  readonly orphaned: readonly string[];
}

/** The checkpoint has snapshots that no operator of the pipeline claims: the pipeline was changed. */
export class OrphanedSnapshotError extends CheckpointError {
  readonly code = 'orphaned-snapshot';

  constructor(readonly report: RestoreReport) {
    const { checkpointId, pipeline, orphaned, matched } = report;
    super(
      `Checkpoint ${checkpointId} has snapshots that pipeline '${pipeline}' has no operator for: ${orphaned.join(', ')}. ` +
        `Starting would lose that state.${candidates(report)} Restored otherwise: ${list(matched)}. ` +
        'Give each operator its old uid back, undo the edit of the pipeline, or start from nothing with an empty storage. ' +
        'Operators with a uid keep their state when others are added or removed.',
    );
  }
}

function candidates(report: RestoreReport): string {
  return report.new.length === 0
    ? ''
    : ` Operators without a snapshot, which may be these under another name: ${report.new.join(', ')}.`;
}

function list(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
