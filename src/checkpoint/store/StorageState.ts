import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { Retention } from './Retention.js';
import { StoredChunks } from './StoredChunks.js';

/**
 * What this process knows of a storage. It outlives the runs of a job: a write that one of them gave up waiting for may
 * land in the midst of the next, under an id that must not be given again, and may need chunks that must not be removed.
 */
export class StorageState {
  readonly chunks: StoredChunks = new StoredChunks();
  readonly retention: Retention;
  /** That was ever given here, or found. */
  highestId: number = 0;
  /** The highest that was ever given to an opening of a journal here, or found. */
  journalGeneration: number = 0;

  private constructor(storage: CheckpointStorage) {
    this.retention = new Retention(storage);
  }

  private static readonly states = new WeakMap<CheckpointStorage, StorageState>();

  static of(storage: CheckpointStorage): StorageState {
    let state = StorageState.states.get(storage);
    if (state === undefined) {
      state = new StorageState(storage);
      StorageState.states.set(storage, state);
    }
    return state;
  }
}
