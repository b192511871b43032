import type { Checkpoint } from './Checkpoint.js';
import { loadRareParts } from './loadRareParts.js';
import type { Savepoint } from './Savepoint.js';
import type { SavepointOptions } from './takeSavepoint.js';

/** The savepoints that a job is taking: its storage is not given back before they are written. */
export class SavepointsUnderWay {
  private readonly underWay = new Set<Promise<unknown>>();
  private isClosed = false;

  constructor(private readonly options: SavepointOptions) {}

  /**
   * Takes a checkpoint, and makes a savepoint of it.
   *
   * @throws InvalidSavepointNameError before that, PartNotLoadedError
   */
  async take(name: string, take: () => Promise<Checkpoint>): Promise<Savepoint> {
    // Nothing has been done before, so a job that closes meanwhile does not wait for it.
    const { takeSavepoint } = await loadRareParts('savepoints');
    // It is too late then: whoever takes the checkpoint says why.
    return this.tracked(this.isClosed ? (take() as Promise<never>) : takeSavepoint(this.options, name, take));
  }

  /** The same if it is given a name. */
  takeIfNamed(name: string | undefined, take: () => Promise<Checkpoint>): Promise<Checkpoint | Savepoint> {
    return name === undefined ? this.tracked(take()) : this.take(name, take);
  }

  private async tracked<T>(work: Promise<T>): Promise<T> {
    this.underWay.add(work);
    try {
      return await work;
    } finally {
      this.underWay.delete(work);
    }
  }

  /** Resolves when none is under way, and none begins any more. They come to an end after timeoutMs at the latest. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.underWay);
  }
}
