import type { SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import { checkNames, checkOption } from '../errors/invalidOption.js';
import { afterMs } from '../io/afterMs.js';
import type { CheckpointStorage, LockOptions, StorageLock } from './CheckpointStorage.js';
import { unwrapCopy, wrapCopy } from './storedCopy.js';

export interface CachedStorageOptions {
  /**
   * How many ms a copy is waited for before the primary is read instead, and the copies are given up. `Infinity`: as long
   * as it takes. Default: 2,000.
   */
  readonly patienceMs?: number;
  /** The timer of `patienceMs`. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * A slow storage with fast copies in front of it, so that a restart where the copies are (the same machine, the same
 * browser) reads those. The primary is what counts: it is written first, it says what there is, and a copy is used only
 * if it is intact and of exactly what the primary has (`CheckpointStorage.identify`). A copy that is missing, damaged, of
 * something else, slow, or a `fast` that fails cost time, and nothing else.
 *
 * @param primary - without `identify`, the copies are of no use, since nothing tells whether they are still right.
 * @param fast - for these copies only; has names of its own.
 * @throws TypeError, RangeError for options that cannot be
 */
export function cachedStorage(
  primary: CheckpointStorage,
  fast: CheckpointStorage,
  options: CachedStorageOptions = {},
): CheckpointStorage {
  for (const storage of [primary, fast] as readonly (Partial<CheckpointStorage> | null | undefined)[])
    if (typeof storage?.read !== 'function') throw new TypeError(`cachedStorage(primary, fast) needs two storages.`);
  checkNames('cachedStorage()', options, ['patienceMs', 'scheduler']);
  const { patienceMs = 2_000, scheduler = asyncScheduler } = options;
  checkOption('patienceMs', patienceMs, typeof patienceMs === 'number' && patienceMs > 0, 'above 0');
  if (typeof (scheduler as Partial<SchedulerLike> | null)?.schedule !== 'function')
    throw new TypeError('scheduler has to be one as RxJS has them, e.g. asyncScheduler.');
  return new CachedStorage(primary, fast, options);
}

/** So many copies are written at a time; what comes meanwhile has none. */
const MAX_UNDER_WAY = 4;

class CachedStorage implements CheckpointStorage {
  readonly description: string;
  readonly lock?: (options?: LockOptions) => Promise<StorageLock>;
  readonly identify?: (name: string) => Promise<string | undefined>;
  private held: StorageLock | undefined;
  private underWay = 0;
  private isGivenUp = false;

  constructor(
    private readonly primary: CheckpointStorage,
    private readonly fast: CheckpointStorage,
    private readonly options: CachedStorageOptions,
  ) {
    this.description = `${primary.description}, with copies in ${fast.description}`;
    const lock = (lockOptions?: LockOptions): Promise<StorageLock> => this.claim(lockOptions);
    if (primary.lock !== undefined) this.lock = lock;
    if (primary.identify !== undefined) this.identify = primary.identify.bind(primary);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const identity = await this.identityOf(name);
    const copy = identity === undefined ? undefined : await this.patiently(this.readCopy(name, identity));
    if (copy !== undefined) return copy;
    const bytes = await this.primary.read(name);
    if (bytes !== undefined && identity !== undefined) {
      // What was read is what was identified, if it is the same before and after.
      this.copyLater(name, new Uint8Array(bytes), async (now) => now === identity);
    }
    return bytes;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    return this.writing(name, bytes, () => this.primary.write(name, bytes));
  }

  async remove(name: string): Promise<void> {
    return this.removing(name, () => this.primary.remove(name));
  }

  list(): Promise<string[]> {
    return this.primary.list();
  }

  private async claim(options?: LockOptions): Promise<StorageLock> {
    const lock = await this.primary.lock!(options);
    this.held = lock;
    void this.sweep();
    const { lost, contested } = lock;
    return {
      ...(lost && { lost }),
      ...(contested !== undefined && { contested }),
      ...(lock.settle && { settle: () => lock.settle!() }),
      ...(lock.confirm && { confirm: () => lock.confirm!() }),
      ...(lock.write && { write: (name, bytes) => this.writing(name, bytes, () => lock.write!(name, bytes)) }),
      ...(lock.remove && { remove: (name) => this.removing(name, () => lock.remove!(name)) }),
      release: () => lock.release(),
    };
  }

  private async writing(name: string, bytes: Uint8Array, write: () => Promise<void>): Promise<void> {
    const copy = this.canCopy ? new Uint8Array(bytes) : undefined;
    await write();
    if (copy === undefined) return;
    const { held } = this;
    // As long as the claim held afterwards, what was identified is what was written, and nobody else's.
    this.copyLater(name, copy, async () => held?.confirm?.().then(() => true) ?? true);
  }

  private async removing(name: string, remove: () => Promise<void>): Promise<void> {
    await remove();
    void this.removeCopy(name);
  }

  private async removeCopy(name: string): Promise<void> {
    try {
      await this.fast.remove(name);
    } catch {
      // It is swept the next time.
    }
  }

  private get canCopy(): boolean {
    return this.primary.identify !== undefined && !this.isGivenUp && this.underWay < MAX_UNDER_WAY;
  }

  private async identityOf(name: string): Promise<string | undefined> {
    if (this.primary.identify === undefined || this.isGivenUp) return undefined;
    try {
      return await this.primary.identify(name);
    } catch {
      return undefined; // If there is something wrong, reading will tell.
    }
  }

  private async readCopy(name: string, identity: string): Promise<Uint8Array | undefined> {
    const copy = await this.fast.read(name);
    return copy === undefined ? undefined : unwrapCopy(copy, identity);
  }

  private copyLater(name: string, bytes: Uint8Array, isRight: (identity: string) => Promise<boolean>): void {
    if (this.canCopy) void this.copy(name, bytes, isRight);
  }

  private async copy(name: string, bytes: Uint8Array, isRight: (identity: string) => Promise<boolean>): Promise<void> {
    this.underWay++;
    try {
      const identity = await this.primary.identify!(name);
      if (identity !== undefined && (await isRight(identity))) await this.fast.write(name, wrapCopy(bytes, identity));
    } catch {
      // Then there is no copy.
    } finally {
      this.underWay--;
    }
  }

  /** Copies of what is gone, whose removal a crash prevented. */
  private async sweep(): Promise<void> {
    try {
      // In this order: what is written in between has a copy later than this.
      const copies = await this.fast.list();
      const names = new Set(await this.primary.list());
      for (const name of copies) if (!names.has(name)) await this.fast.remove(name);
    } catch {
      // They are found out when they are read.
    }
  }

  /** Undefined when it fails or takes too long; what takes too long once is not asked again. */
  private patiently<R>(work: Promise<R>): Promise<R | undefined> {
    const { patienceMs = 2_000, scheduler = asyncScheduler } = this.options;
    return new Promise((resolve) => {
      const timeout = afterMs(patienceMs, scheduler, () => {
        this.isGivenUp = true;
        resolve(undefined);
      });
      work
        .then(resolve, () => resolve(undefined))
        .finally(() => timeout.unsubscribe())
        .catch(() => undefined);
    });
  }
}
