import type { CheckpointStorage, LockOptions, StorageLock } from '../../storage/CheckpointStorage.js';
import { never, untilCrash } from '../untilCrash.js';

/** What a process sees of a storage that is not made for crashing: nothing more, once it is dead. */
export class MortalStorage implements CheckpointStorage {
  readonly lock?: (options?: LockOptions) => Promise<StorageLock>;
  hasCrashed = false;
  private callsUnderWay = 0;
  private held: StorageLock | null = null;

  constructor(
    private readonly storage: CheckpointStorage,
    /** Told of each moment of each call; may let the process die. */
    private readonly step: (name: string) => void,
  ) {
    const lock = (options?: LockOptions): Promise<StorageLock> => this.call('lock', () => this.claim(options));
    if (storage.lock !== undefined) this.lock = lock;
  }

  get description(): string {
    return this.storage.description;
  }

  get isBusy(): boolean {
    return this.callsUnderWay > 0;
  }

  /** The process dies; what it had locked is given back, as operating systems do. */
  async crash(): Promise<void> {
    this.hasCrashed = true;
    await this.held?.release();
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.call(`read ${name}`, () => this.storage.read(name));
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    return this.call(`write ${name}`, () => this.storage.write(name, bytes));
  }

  remove(name: string): Promise<void> {
    return this.call(`remove ${name}`, () => this.storage.remove(name));
  }

  list(): Promise<string[]> {
    return this.call('list', () => this.storage.list());
  }

  private async claim(options?: LockOptions): Promise<StorageLock> {
    const lock = await this.storage.lock!(options);
    const { lost, contested } = lock;
    this.held = lock;
    return {
      ...(lost !== undefined && { lost }),
      ...(contested !== undefined && { contested }),
      ...(lock.settle && { settle: () => lock.settle!() }),
      ...(lock.confirm && { confirm: () => this.call('confirm', () => lock.confirm!()) }),
      ...(lock.write && { write: (name, bytes) => this.call(`write ${name}`, () => lock.write!(name, bytes)) }),
      ...(lock.remove && { remove: (name) => this.call(`remove ${name}`, () => lock.remove!(name)) }),
      release: () =>
        this.call('release', async () => {
          await lock.release();
          this.held = null;
        }),
    };
  }

  private call<R>(operation: string, work: () => Promise<R>): Promise<R> {
    return untilCrash<R>(this, async () => {
      this.step(`${operation}, before`);
      if (this.hasCrashed) return never();
      this.callsUnderWay++;
      try {
        const result = await work();
        this.step(`${operation}, after`);
        return result;
      } finally {
        this.callsUnderWay--;
      }
    });
  }
}
