import type { PipelineStatus } from './Checkpoint.js';
import type { Snapshot } from './protocol/Snapshot.js';

/** What a checkpoint has without the pipelines that the program has no more. What others share with them stays. */
export function withoutPipelines(
  {
    snapshots,
    pipelines,
  }: { snapshots: Iterable<[string, Snapshot]>; pipelines: Readonly<Record<string, PipelineStatus>> },
  dropped: readonly string[],
): { snapshots: Map<string, Snapshot>; pipelines: Readonly<Record<string, PipelineStatus>> } {
  if (dropped.length === 0) return { snapshots: new Map(snapshots), pipelines };
  const isLeft = (name: string): boolean => !dropped.includes(name);
  const left = new Map<string, Snapshot>();
  for (const [operator, snapshot] of snapshots) {
    const users = snapshot.pipelines.filter(isLeft);
    if (users.length === snapshot.pipelines.length) left.set(operator, snapshot);
    else if (users.length > 0) left.set(operator, Object.freeze({ ...snapshot, pipelines: Object.freeze(users) }));
  }
  return { snapshots: left, pipelines: Object.fromEntries(Object.entries(pipelines).filter(([name]) => isLeft(name))) };
}
