import type { SchedulerLike } from 'rxjs';

import type { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import type { CheckpointMeta } from './CheckpointMeta.js';
import { notLeft } from './jobFailures.js';
import type { JobJournals } from './JobJournals.js';
import type { CheckpointStore } from './store/CheckpointStore.js';
import { inTime } from './within.js';

export interface LeavingOptions {
  readonly store: CheckpointStore;
  readonly journals: JobJournals;
  readonly scheduler: SchedulerLike;
  /** For as long it may take. */
  readonly timeoutMs: number;
  /** Where job-wide serial numbers stand. */
  readonly serial: number;
  readonly onFailed: (failure: CheckpointFailedError) => void;
}

/**
 * Removes all checkpoints, behind an empty one: killed in between, a restart begins with that, and not with an older one.
 * It stays, so that ids go on ascending for those outside who know of earlier ones.
 */
export async function leaveNothing(options: LeavingOptions): Promise<void> {
  const { store, journals, scheduler, timeoutMs, serial, onFailed } = options;
  try {
    const id = store.highestId() + 1;
    store.keepOnlyNewest();
    const meta: CheckpointMeta = { pipelines: {}, serial };
    journals.prepared(id, new Map(), []);
    const written = store.prepare({ id, timestamp: scheduler.now(), meta, entries: new Map() }).write();
    const late = (): Error => new Error(`The storage did not answer within ${timeoutMs} ms; it may do so yet.`);
    await inTime(timeoutMs, scheduler, written, late);
    journals.completed(id, store.retainedIds(), store.hasForeign);
  } catch (error) {
    onFailed(notLeft(error));
  }
}
