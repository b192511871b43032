import type { Checkpoint } from './Checkpoint.js';
import { loadRareParts } from './loadRareParts.js';
import type { Savepoint } from './Savepoint.js';
import type { SavepointOptions } from './takeSavepoint.js';

/** The savepoints that a job is taking: its storage is not given back before they are written. */
export class SavepointsUnderWay {
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly options: SavepointOptions) {}

  /** Takes a checkpoint, and makes a savepoint of it if it is given a name. */
  take(name: string, take: () => Promise<Checkpoint>): Promise<Savepoint>;
  take(name: string | undefined, take: () => Promise<Checkpoint>): Promise<Checkpoint | Savepoint>;
  async take(name: string | undefined, take: () => Promise<Checkpoint>): Promise<Checkpoint | Savepoint> {
    const work = name === undefined ? take() : this.takeNamed(name, take);
    this.underWay.add(work);
    try {
      return await work;
    } finally {
      this.underWay.delete(work);
    }
  }

  /** Resolves when none is under way. They come to an end after timeoutMs at the latest. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.underWay);
  }

  private async takeNamed(name: string, take: () => Promise<Checkpoint>): Promise<Savepoint> {
    const { takeSavepoint } = await loadRareParts('savepoints');
    return takeSavepoint(this.options, name, take);
  }
}
