import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { ClaimedStorage } from '../../storage/ClaimedStorage.js';
import { Retention } from './Retention.js';
import { StoredChunks } from './StoredChunks.js';

/** More than one owner can have under way; of those that it gave up, none is known to the next. */
const ROOM = 1_000;

/**
 * What this process knows of a storage. It outlives the runs of a job: a write that one of them gave up waiting for may
 * land in the midst of the next, under an id that must not be given again, and may need chunks that must not be removed.
 */
export class StorageState {
  /** The claim for which room was left. */
  private readonly roomLeft: Record<'ids' | 'generations', CheckpointStorage | null> = { ids: null, generations: null };
  readonly chunks: StoredChunks = new StoredChunks();
  readonly retention: Retention;
  /** That was ever given here, or found. */
  highestId: number = 0;
  /** The highest that was ever given to an opening of a journal here, or found. */
  journalGeneration: number = 0;

  private constructor() {
    this.retention = new Retention();
  }

  /**
   * Where a write of the owner before may still land, ids go on so far above what was found that it lands on no name that
   * was given here. To be called when all is found; once for each claim.
   */
  leaveRoomForIds(storage: CheckpointStorage): void {
    this.highestId += this.roomFor('ids', storage);
  }

  /** The same for generations. */
  leaveRoomForGenerations(storage: CheckpointStorage): void {
    this.journalGeneration += this.roomFor('generations', storage);
  }

  private roomFor(what: 'ids' | 'generations', storage: CheckpointStorage): number {
    if (!(storage instanceof ClaimedStorage) || storage.contested === 0 || this.roomLeft[what] === storage) return 0;
    this.roomLeft[what] = storage;
    return ROOM * storage.contested;
  }

  private static readonly states = new WeakMap<CheckpointStorage, StorageState>();

  static of(storage: CheckpointStorage): StorageState {
    const key = storage instanceof ClaimedStorage ? storage.base : storage;
    let state = StorageState.states.get(key);
    if (state === undefined) StorageState.states.set(key, (state = new StorageState()));
    return state;
  }
}
