import { DuplicateUidError } from '../errors/DuplicateUidError.js';
import type { RestoreReport } from '../errors/OrphanedSnapshotError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { CheckpointMeta } from './CheckpointMeta.js';
import { journalFacts } from './CheckpointMeta.js';
import { codecTypes } from './codecTypes.js';
import type { Journal, JournalKeeper } from './protocol/Journal.js';
import type { Pipeline, PipelineConnection } from './protocol/Pipeline.js';
import { Region } from './protocol/Region.js';
import { Round } from './protocol/Round.js';
import { Run } from './protocol/Run.js';
import type { Snapshot } from './protocol/Snapshot.js';
import type { ErrorType } from './protocol/StoredError.js';
import type { RestoreFrom } from './RestorePoint.js';
import { withoutPipelines } from './droppedPipelines.js';
import { findRestorePoint } from './findRestorePoint.js';
import { goOnWith } from './RestorePoint.js';
import { restoreProblem, restoreReport } from './restoreReport.js';
import { findCheckpoints } from './store/findCheckpoints.js';
import type { LoadedCheckpoint } from './store/LoadedCheckpoint.js';
import { LoadedEntry } from './store/LoadedCheckpoint.js';

/** What a restore would come to. */
export interface RestoreCheck extends RestoreReport {
  /** Why it would be refused; empty when it would not. */
  readonly problems: readonly unknown[];
}

export interface DryRunOptions {
  readonly storage: CheckpointStorage;
  readonly errorTypes: readonly ErrorType[];
  readonly requireUids: boolean;
  readonly dropPipelines: readonly string[];
  readonly name: string;
  readonly from: RestoreFrom | undefined;
  readonly allowNonRestoredState: boolean;
}

/**
 * Restores a pipeline without starting it: everything connects, finds its snapshot and is migrated, and then is dropped.
 * Nothing is subscribed or written, and no lock is taken, so a job may run beside it.
 *
 * @throws what keeps the storage from being read.
 */
export async function dryRun<T>(pipeline: Pipeline<T>, options: DryRunOptions): Promise<RestoreCheck> {
  const { storage, name, from, errorTypes, requireUids, allowNonRestoredState } = options;
  const newest = await readNewest(storage, from !== undefined);
  const { checkpoint } = from === undefined ? goOnWith(newest) : await findRestorePoint(storage, newest, from);
  const { serial, pipelines: statuses } = (checkpoint?.meta ?? { serial: 0, pipelines: {} }) as CheckpointMeta;
  const journals = new ReadOnlyJournals(journalFacts(checkpoint?.meta ?? {}).positions);
  const run = new Run(errorTypes, { onBetweenTurns: () => {}, requireUids, serial, journals, storage });
  const entries = Array.from(checkpoint?.entries ?? [], ([operator, entry]): [string, Snapshot] => [
    operator,
    entry.decode() as Snapshot,
  ]);
  const { snapshots, pipelines } = withoutPipelines({ snapshots: entries, pipelines: statuses }, options.dropPipelines);
  for (const [operator, snapshot] of snapshots)
    if (snapshot.pipelines.includes(name)) run.unclaimed.set(operator, snapshot);
  const problems: unknown[] = [];
  const restored = { checkpointId: checkpoint?.id ?? 0, pipeline: name };
  if (pipelines[name] === 'completed')
    return { ...restoreReport(run.claims, { ...restored, joined: [], waitsFor: [] }), problems };
  const sink = { values: { next: () => {} }, error: (error: unknown) => problems.push(error), complete: () => {} };
  const round = new Round();
  let connection: PipelineConnection | null = null;
  try {
    connection = pipeline.connectTo(run, { name, region: new Region(run, name), sink, round });
    await round.checked();
  } catch (error) {
    problems.push(error);
  }
  const joined = Array.from(run.participants, (participant) => participant.name);
  const names = new Set<string>();
  for (const operator of joined) {
    if (names.has(operator)) problems.push(new DuplicateUidError(operator, 'two-nodes'));
    names.add(operator);
  }
  const others = [...run.shared.values()].flatMap((part) => {
    const stored = snapshots.get(run.claims.formerName(part.name));
    return stored === undefined || stored.unused !== undefined ? [] : stored.pipelines;
  });
  const waitsFor = new Set(others.filter((other) => other !== name && pipelines[other] === 'running'));
  const report = restoreReport(run.claims, { ...restored, joined, waitsFor: [...waitsFor] });
  const problem = restoreProblem(run.claims, report, allowNonRestoredState);
  // An error on the way leaves the rest unconnected, so what is left unclaimed says nothing.
  if (run.claims.problems.length > 0) problems.push(...run.claims.problems);
  else if (problem !== null && problems.length === 0) problems.push(problem);
  run.tearDown(() => {
    connection?.unsubscribe();
    // What outlives its subscribers.
    for (const participant of [...run.participants]) participant.stop();
  });
  return { ...report, problems };
}

/** Tries again when a job beside it has removed what it was reading. */
async function readNewest(storage: CheckpointStorage, mayBeDamaged: boolean): Promise<LoadedCheckpoint | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { newest } = await findCheckpoints(storage, 1, () => false, { mayBeDamaged });
      if (newest === undefined) return undefined;
      const { id, timestamp, meta } = newest.manifest;
      const entries = new Map<string, LoadedEntry>();
      for (const [name, bytes] of newest.chunks) entries.set(name, new LoadedEntry(name, bytes, codecTypes, () => {}));
      return { id, timestamp, meta, entries, sizeBytes: newest.manifestBytes };
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

/** Says where each journal stands, and no more: nothing is read before anything opens. */
class ReadOnlyJournals implements JournalKeeper {
  constructor(private readonly positions: ReadonlyMap<string, number>) {}

  open(_part: unknown, name: string, _scope: unknown, was?: string): Journal {
    return {
      position: this.positions.get(name) ?? this.positions.get(was ?? '') ?? 0,
      ...{ hasNext: false, willComplete: false, isEmpty: true, isGiving: false },
      ...{ next: () => undefined, append: () => {}, readBy: () => {}, leftBy: () => {} },
      ...{ readinessChanged: () => {}, tellRested: () => {} },
    };
  }
}
