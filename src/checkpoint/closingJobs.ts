import type { SchedulerLike } from 'rxjs';

import { StorageLockedError } from '../errors/StorageLockedError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { ClaimedStorage } from '../storage/ClaimedStorage.js';
import { within } from './within.js';

/**
 * Jobs of this realm that nobody needs any more, until they have given their storage back: by the storage, and by its
 * description, since two objects may be of one directory. One of each is enough, since a storage has one owner.
 */
const byStorage = new WeakMap<CheckpointStorage, Promise<void>>();
const byDescription = new Map<string, Promise<void>>();

/** The job that has the storage only finishes what it has begun, and gives it back then. */
export function leavesSoon(storage: CheckpointStorage, closed: Promise<void>): void {
  const { description } = storage;
  byStorage.set(storage, closed);
  byDescription.set(description, closed);
  void closed.finally(() => {
    if (byStorage.get(storage) === closed) byStorage.delete(storage);
    if (byDescription.get(description) === closed) byDescription.delete(description);
  });
}

function leaving(storage: CheckpointStorage): readonly Promise<void>[] {
  return [byStorage.get(storage), byDescription.get(storage.description)].filter((closed) => closed !== undefined);
}

export interface ClaimOptions {
  /** Takes it from a live owner. */
  readonly takeOver: boolean;
  /** How long to wait for a job that leaves. */
  readonly timeoutMs: number;
  readonly scheduler: SchedulerLike;
}

/**
 * Claims a storage. From a job of this realm whose pipelines have all ended, as soon as that has given it back: whoever
 * has seen the end of one life begins the next, and cannot know that the last checkpoint is still being written.
 */
export async function claimStorage(
  storage: CheckpointStorage,
  { takeOver, timeoutMs, scheduler }: ClaimOptions,
): Promise<ClaimedStorage> {
  const latest = scheduler.now() + timeoutMs;
  for (;;) {
    try {
      return await ClaimedStorage.claim(storage, takeOver);
    } catch (error) {
      // It is asked again after each: others may be described alike.
      const jobs = leaving(storage);
      const waitMs = latest - scheduler.now();
      if (!(error instanceof StorageLockedError) || jobs.length === 0 || waitMs <= 0) throw error;
      await within(waitMs, scheduler, Promise.race(jobs));
    }
  }
}
