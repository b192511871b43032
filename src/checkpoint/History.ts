import { produce } from 'immer';

import type { Checkpoint, OperatorCheckpoint, PipelineStatus } from './Checkpoint.js';
import type { Snapshot } from './protocol/Snapshot.js';
import { sameSnapshot } from './sameSnapshot.js';

/** What a completed checkpoint leaves behind for the next one: what did not change keeps its identity. */
export class History {
  snapshots: ReadonlyMap<string, Snapshot> = new Map();
  pipelines: Readonly<Record<string, PipelineStatus>> = {};
  private operators: Checkpoint['operators'] = {};

  /** By the names of pipelines, and what it was made of. */
  private index: { readonly of: ReadonlyMap<string, Snapshot>; readonly by: Map<string, [string, Snapshot][]> } | null =
    null;

  /** What the last completed checkpoint has of a pipeline, by participant name. */
  snapshotsOf(pipeline: string): readonly (readonly [string, Snapshot])[] {
    if (this.index?.of !== this.snapshots) this.index = { of: this.snapshots, by: byPipeline(this.snapshots) };
    return this.index.by.get(pipeline) ?? [];
  }

  /** Of the last completed checkpoint. */
  get state(): { snapshots: ReadonlyMap<string, Snapshot>; pipelines: Readonly<Record<string, PipelineStatus>> } {
    const { snapshots, pipelines } = this;
    return { snapshots, pipelines };
  }

  /**
   * The snapshot itself, or the older object that says the same.
   *
   * @param pending - the snapshots of a checkpoint that is still on its way, and may be the one before.
   */
  unify(name: string, snapshot: Snapshot, pending?: ReadonlyMap<string, Snapshot>): Snapshot {
    for (const older of [this.snapshots.get(name), pending?.get(name)])
      if (older !== undefined && sameSnapshot(older, snapshot)) return older;
    return Object.freeze(snapshot);
  }

  /**
   * The snapshots of pipelines that are not attached (yet): they are carried over as they are.
   *
   * @param from - the snapshots that they are taken from: those of the last completed checkpoint by default.
   */
  *ofAbsent(
    statuses: Readonly<Record<string, PipelineStatus>>,
    running: ReadonlySet<string>,
    from: ReadonlyMap<string, Snapshot> = this.snapshots,
  ): Iterable<[string, Snapshot]> {
    for (const entry of from) {
      const { pipelines } = entry[1];
      if (pipelines.some((name) => running.has(name)) || pipelines.every((name) => statuses[name] === 'completed'))
        continue;
      yield entry;
    }
  }

  complete(
    snapshots: ReadonlyMap<string, Snapshot>,
    pipelines: Readonly<Record<string, PipelineStatus>>,
    sizeBytes: (name: string) => number,
  ): Checkpoint['operators'] {
    const before = this.snapshots;
    this.operators = produce(this.operators, (operators: Record<string, OperatorCheckpoint>) => {
      for (const name of before.keys()) if (!snapshots.has(name)) delete operators[name];
      for (const [name, snapshot] of snapshots) {
        // A checkpoint that was restored has snapshots, and no tree yet.
        if (snapshot === before.get(name) && Object.hasOwn(operators, name)) continue;
        operators[name] = toPublic(snapshot, sizeBytes(name));
      }
    });
    this.snapshots = snapshots;
    this.pipelines = pipelines;
    this.index = null;
    return this.operators;
  }
}

function toPublic({ state, position }: Snapshot, sizeBytes: number): OperatorCheckpoint {
  return Object.freeze(position === undefined ? { state, sizeBytes } : { state, position, sizeBytes });
}

function byPipeline(snapshots: ReadonlyMap<string, Snapshot>): Map<string, [string, Snapshot][]> {
  const by = new Map<string, [string, Snapshot][]>();
  for (const entry of snapshots) {
    for (const pipeline of entry[1].pipelines) {
      const known = by.get(pipeline);
      if (known === undefined) by.set(pipeline, [entry]);
      else known.push(entry);
    }
  }
  return by;
}
