import { ClaimLostError } from '../errors/ClaimLostError.js';
import type { CheckpointStorage, StorageLock } from './CheckpointStorage.js';

/**
 * A storage as the owner of its lock has it: nothing is written or removed through it once the claim is lost, as far as
 * the storage can tell in time, and no write succeeds that a later owner may not have found.
 */
export class ClaimedStorage implements CheckpointStorage {
  // No AbortSignal: each costs a hidden class, and a job has one of these for each of its runs.
  private reason: unknown = null;
  private onLost: ((reason: unknown) => void) | null = null;

  /** @param held - its lock; undefined for a storage without. */
  constructor(
    readonly base: CheckpointStorage,
    private readonly held: StorageLock | undefined,
  ) {
    const lost = held?.lost;
    if (lost?.aborted === true) this.lose(lost.reason);
    else lost?.addEventListener('abort', () => this.lose(lost.reason), { once: true });
  }

  static async claim(storage: CheckpointStorage, steal: boolean): Promise<ClaimedStorage> {
    return new ClaimedStorage(storage, await storage.lock?.(steal ? { steal } : {}));
  }

  get description(): string {
    return this.base.description;
  }

  /** Why it is lost, a `ClaimLostError`; null as long as nobody has told. */
  get loss(): unknown {
    return this.reason;
  }

  /** @throws the `ClaimLostError` that says why, once it is lost. */
  throwIfLost(): void {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- whatever its lock has given as the reason
    if (this.reason !== null) throw this.reason;
  }

  /** @param onLost - called when it turns out that the claim is lost, with the reason; for one owner. */
  watch(onLost: (reason: unknown) => void): void {
    this.onLost = onLost;
  }

  private lose(reason: unknown): void {
    if (this.reason !== null) return;
    this.reason = reason ?? new ClaimLostError({ storage: this.description, owner: undefined });
    this.onLost?.(this.reason);
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
    this.throwIfLost();
    try {
      await work();
    } catch (error) {
      if (error instanceof ClaimLostError) this.lose(error);
      throw error;
    }
  }
}
