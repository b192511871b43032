import { CheckpointError } from './CheckpointError.js';

/**
 * What a restore of a pipeline found: which operators have a snapshot, which are new, and which snapshots nobody wants.
 * Operators without state are not in it.
 */
export interface RestoreReport {
  /** What the job began with; 0 when there was nothing. Several pipelines of a job begin with the same. */
  readonly checkpointId: number;
  readonly pipeline: string;
  /** The operators that got their snapshots, under the names that they have now. */
  readonly matched: readonly string[];
  /** Those that start empty. */
  readonly new: readonly string[];
  /** Snapshots without an operator. With `allowNonRestoredState` they are dropped, otherwise nothing starts. */
  readonly orphaned: readonly string[];
  /** Those of the matched that had another name. */
  readonly renamed: readonly { readonly operator: string; readonly was: string }[];
  /** Those of the matched whose state was brought to a newer version. */
  readonly migrated: readonly { readonly operator: string; readonly from: number; readonly to: number }[];
  /**
   * Other pipelines that used what it shares at the checkpoint, and have not come back yet: until they have, nothing comes
   * through that part. Of a dry run: all of them.
   */
  readonly waitsFor: readonly string[];
}

const MOST_NAMES = 20;

/** The checkpoint has snapshots that no operator of the pipeline claims: the pipeline was changed. */
export class OrphanedSnapshotError extends CheckpointError {
  readonly code = 'orphaned-snapshot';

  /** @param active - those of shared parts that went on while nobody was subscribed to them. */
  constructor(
    readonly report: RestoreReport,
    active: readonly string[] = [],
  ) {
    const { checkpointId, pipeline, orphaned, matched } = report;
    super(
      `Checkpoint ${checkpointId} has snapshots that pipeline '${pipeline}' has no operator for: ${list(orphaned)}. ` +
        `Starting would lose that state.${candidates(report)} Restored otherwise: ${list(matched)}. ` +
        "Give each operator its old uid back, or say what it was called: uid('new', { was: 'old' }); undo the edit of the pipeline; " +
        'or drop that state: recover(pipeline$, { allowNonRestoredState: true }). ' +
        'Operators with a uid keep their state when others are added or removed.' +
        remedy(active),
    );
  }
}

function candidates(report: RestoreReport): string {
  return report.new.length === 0
    ? ''
    : ` Operators without a snapshot, which may be these under another name: ${list(report.new)}.`;
}

function remedy(active: readonly string[]): string {
  if (active.length === 0) return '';
  return (
    ` At the checkpoint nobody was subscribed to ${list(active)}, which went on all the same (connected to its source, or about to reset). ` +
    'If only inner pipelines subscribe to it, a restart finds it by its uid: make the shared stream before the pipeline is restored, ' +
    'and if the process has several of that name, say which one is meant: recover(pipeline$, { shared: [shared$] }). ' +
    'To keep it out of later checkpoints, recover() it as a pipeline of its own too, or let it disconnect while nobody is subscribed (refCount: true).'
  );
}

function list(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const groups = grouped(names);
  const shown = groups.slice(0, MOST_NAMES).join(', ');
  return groups.length > MOST_NAMES ? `${shown} and ${groups.length - MOST_NAMES} more` : shown;
}

/** Operators of inner pipelines have a name for each of these: `perkey[*]/sum (5000)`. */
function grouped(names: readonly string[]): string[] {
  const counts = new Map<string, string[]>();
  for (const name of names) {
    const pattern = name.replace(/\[\d+\]/g, '[*]');
    const group = counts.get(pattern);
    if (group === undefined) counts.set(pattern, [name]);
    else group.push(name);
  }
  return Array.from(counts, ([pattern, group]) => (group.length === 1 ? group[0]! : `${pattern} (${group.length})`));
}
