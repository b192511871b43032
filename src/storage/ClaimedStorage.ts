import { ClaimLostError } from '../errors/ClaimLostError.js';
import type { CheckpointStorage, StorageLock } from './CheckpointStorage.js';

/**
 * A storage as the owner of its lock has it: nothing is written or removed through it once the claim is lost, as far as
 * the storage can tell in time, and no write succeeds that a later owner may not have found.
 */
export class ClaimedStorage implements CheckpointStorage {
  private readonly controller = new AbortController();

  /** @param held - its lock; undefined for a storage without. */
  constructor(
    readonly base: CheckpointStorage,
    private readonly held: StorageLock | undefined,
  ) {
    const lost = held?.lost;
    if (lost?.aborted === true) this.controller.abort(lost.reason);
    else lost?.addEventListener('abort', () => this.controller.abort(lost.reason), { once: true });
  }

  static async claim(storage: CheckpointStorage, steal: boolean): Promise<ClaimedStorage> {
    return new ClaimedStorage(storage, await storage.lock?.(steal ? { steal } : {}));
  }

  get description(): string {
    return this.base.description;
  }

  /** Aborted when it turns out that the claim is lost; the reason is a `ClaimLostError`. */
  get lost(): AbortSignal {
    return this.controller.signal;
  }

  /** How many owners before may have writes that still land. */
  get contested(): number {
    return this.held?.contested ?? 0;
  }

  /** A checkpoint of this claim is complete. */
  settle(): void {
    this.held?.settle?.();
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.base.read(name);
  }

  list(): Promise<string[]> {
    return this.base.list();
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    const { base, held } = this;
    if (held?.write !== undefined) return this.whileHeld(() => held.write!(name, bytes));
    // Whoever has taken over before the second question may have looked before the bytes were there.
    return this.betweenQuestions(() => base.write(name, bytes));
  }

  remove(name: string): Promise<void> {
    const { base, held } = this;
    if (held?.remove !== undefined) return this.whileHeld(() => held.remove!(name));
    return this.betweenQuestions(() => base.remove(name));
  }

  async release(): Promise<void> {
    await this.held?.release();
  }

  private betweenQuestions(work: () => Promise<void>): Promise<void> {
    const { held } = this;
    if (held?.confirm === undefined) return this.whileHeld(work);
    return this.whileHeld(async () => {
      await held.confirm!();
      await work();
      await held.confirm!();
    });
  }

  private async whileHeld(work: () => Promise<void>): Promise<void> {
    this.lost.throwIfAborted();
    try {
      await work();
    } catch (error) {
      if (error instanceof ClaimLostError) this.controller.abort(error);
      throw error;
    }
  }
}
