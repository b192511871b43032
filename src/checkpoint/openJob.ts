import type { SchedulerLike } from 'rxjs';

import type { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { ClaimedStorage } from '../storage/ClaimedStorage.js';
import type { Checkpoint } from './Checkpoint.js';
import type { CheckpointCommitter } from './CheckpointCommitter.js';
import type { CheckpointMeta } from './CheckpointMeta.js';
import type { CheckpointPolicies } from './CheckpointPolicies.js';
import { claimStorage } from './closingJobs.js';
import { codecTypes } from './codecTypes.js';
import { History } from './History.js';
import { damaged, notGivenBack, reportCleanup } from './jobFailures.js';
import { loadRareParts } from './loadRareParts.js';
import type { Snapshot } from './protocol/Snapshot.js';
import type { ErrorType } from './protocol/StoredError.js';
import type { Beginning, JobStart, RestoreFrom } from './RestorePoint.js';
import { withoutPipelines } from './droppedPipelines.js';
import { goOnWith } from './RestorePoint.js';
import type { Slices } from './Slices.js';
import type { CheckpointListener } from './statistics/CheckpointListener.js';
import { CheckpointStore } from './store/CheckpointStore.js';
import type { LoadedCheckpoint } from './store/LoadedCheckpoint.js';

export interface JobOptions {
  readonly storage: CheckpointStorage;
  readonly takeOver: boolean;
  readonly dropPipelines: readonly string[];
  readonly policies: CheckpointPolicies;
  readonly slices: Slices;
  readonly committers: readonly CheckpointCommitter[];
  readonly errorTypes: readonly ErrorType[];
  readonly scheduler: SchedulerLike;
  /** What to begin with; by default the newest checkpoint. */
  readonly from?: RestoreFrom | undefined;
  readonly listener: CheckpointListener;
  /** Whether what it begins with is the job's to remove. Default: a checkpoint is, a savepoint is not. */
  readonly claim?: boolean | undefined;
  readonly onCompleted: (checkpoint: Checkpoint) => void;
  readonly onFailed: (failure: CheckpointFailedError) => void;
  /** The claim is lost, or a drain has failed, and the pipelines are about to be stopped: nobody else may be attached. */
  readonly onUnusable: () => void;
}

/** A storage that is claimed, and what a job begins with. */
export interface OpenedStorage {
  readonly storage: ClaimedStorage;
  readonly store: CheckpointStore;
  readonly start: JobStart;
  readonly history: History;
  /** Where job-wide serial numbers go on. */
  readonly serial: number;
}

/**
 * Claims the storage and loads what the job begins with.
 *
 * @param create - makes the job of it. Should it fail, the storage is given back.
 */
export async function openJob<T>(options: JobOptions, create: (opened: OpenedStorage) => Promise<T>): Promise<T> {
  const { takeOver, policies, scheduler } = options;
  const storage = await claimStorage(options.storage, { takeOver, timeoutMs: policies.timeoutMs, scheduler });
  try {
    return await create(await load(storage, options));
  } catch (error) {
    // That this fails, too, is not why the job could not begin.
    await storage.release().catch((cause: unknown) => options.onFailed(notGivenBack(cause)));
    storage.throwIfLost();
    throw error;
  }
}

async function load(storage: ClaimedStorage, options: JobOptions): Promise<OpenedStorage> {
  const { policies, onFailed } = options;
  const store = new CheckpointStore(storage, {
    retained: policies.retained,
    inlineThresholdBytes: policies.inlineThresholdBytes,
    compression: policies.compression,
    types: codecTypes,
    onDamaged: (damage) => {
      // What was removed by a new owner, while this one still looked, is no damage.
      if (storage.loss === null) onFailed(damaged(damage));
    },
    onCleanupFailed: reportCleanup(onFailed),
  });
  const newest = await store.load({ mayBeDamaged: options.from !== undefined });
  const { start, loaded } = await beginning(storage, store, newest, options);
  const { pipelines, serial } = (loaded?.meta as CheckpointMeta | undefined) ?? { pipelines: {}, serial: 0 };
  const snapshots = Array.from(loaded?.entries ?? [], ([name, entry]): [string, Snapshot] => [
    name,
    entry.decode() as Snapshot,
  ]);
  const history = new History();
  Object.assign(history, withoutPipelines({ snapshots, pipelines }, options.dropPipelines));
  return { storage, store, start, history, serial };
}

async function beginning(
  storage: ClaimedStorage,
  store: CheckpointStore,
  newest: LoadedCheckpoint | undefined,
  { from, claim }: JobOptions,
): Promise<Beginning> {
  if (from === undefined) return { start: goOnWith(newest), loaded: newest };
  const { beginFrom } = await loadRareParts('savepoints');
  return beginFrom(storage, store, newest, { from, claim });
}
