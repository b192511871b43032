import type { CheckpointStorage, StorageLock } from '../../src/storage/CheckpointStorage.js';
import type { Random } from '../../src/testing/random.js';

/** How often what goes wrong: chances per call. */
export interface DiskFaults {
  /** A write is refused, as by a full disk. */
  readonly full: number;
  /** Reading or listing fails. */
  readonly unreadable: number;
  /** A removal fails. */
  readonly undeletable: number;
  /** A call never settles. */
  readonly hanging: number;
  /** Whether a kill within a write leaves a part of the file, which no storage may do that keeps its promises. */
  readonly tears: boolean;
}

/** Who lives on the disk: hears of each step of a call, and may die of it. */
export interface DiskUser {
  readonly isDead: boolean;
  step(kind: string): void;
  /** A fault was injected. */
  fault(kind: string): void;
}

interface Call {
  readonly operation: string;
  settle(): void;
}

const LOCK_NAME = 'lock';

/** What a job stores, over all of its lives. */
export class SimulatedDisk {
  readonly files = new Map<string, Uint8Array>();

  /** The storage of one life. Its calls do nothing, and settle never, once that is over. */
  mount(user: DiskUser, random: Random, faults: DiskFaults): MountedDisk {
    return new MountedDisk(this.files, user, random, faults);
  }

  private newest(): string | undefined {
    return [...this.files.keys()].sort().at(-1);
  }

  newestId(): number {
    return Number(this.newest()?.split('-')[1] ?? 0);
  }

  /** Damages the newest checkpoint. */
  flipBit(random: Random): void {
    const name = this.newest()!;
    const bytes = this.files.get(name)!.slice();
    const index = random.below(bytes.length);
    bytes[index] = bytes[index]! ^ (1 << random.below(8));
    this.files.set(name, bytes);
  }
}

export class MountedDisk implements CheckpointStorage {
  readonly description = 'a simulated disk';
  /** Calls that wait to be settled, the oldest first. */
  private readonly calls: Call[] = [];
  private isLocked = false;

  constructor(
    private readonly files: Map<string, Uint8Array>,
    private readonly user: DiskUser,
    private readonly random: Random,
    private readonly faults: DiskFaults,
  ) {}

  get isBusy(): boolean {
    return this.calls.length > 0;
  }

  /** Settles one call; not always the oldest. */
  settleOne(): void {
    const index = this.random.chance(0.8) ? 0 : this.random.below(this.calls.length);
    this.calls.splice(index, 1)[0]!.settle();
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.call('read', this.faults.unreadable, () => this.files.get(name)?.slice());
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    const copy = bytes.slice();
    return this.call('write', this.faults.full, () => {
      this.user.step('write, within');
      if (!this.user.isDead) return void this.files.set(name, copy);
      if (!this.faults.tears) return;
      this.user.fault('write torn');
      this.files.set(name, copy.subarray(0, this.random.below(copy.length)));
    });
  }

  remove(name: string): Promise<void> {
    return this.call('remove', this.faults.undeletable, () => void this.files.delete(name));
  }

  list(): Promise<string[]> {
    return this.call('list', this.faults.unreadable, () => [...this.files.keys()]);
  }

  lock(): Promise<StorageLock> {
    return this.call(LOCK_NAME, 0, () => {
      if (this.isLocked) throw new Error('simulation: locked twice');
      this.isLocked = true;
      return { release: () => this.call('release', 0, () => void (this.isLocked = false)) };
    });
  }

  private call<R>(operation: string, chanceOfFailure: number, effect: () => R): Promise<R> {
    const { user, random, faults } = this;
    user.step(`${operation}, before`);
    return new Promise((resolve, reject) => {
      if (user.isDead) return;
      if (random.chance(faults.hanging)) return user.fault(`${operation} hangs`);
      const fails = random.chance(chanceOfFailure);
      const settle = (): void => {
        if (user.isDead) return;
        if (fails) {
          user.fault(`${operation} fails`);
          return reject(new Error(`simulated: ${operation} fails`));
        }
        const result = effect();
        user.step(`${operation}, after`);
        if (!user.isDead) resolve(result);
      };
      this.calls.push({ operation, settle });
    });
  }
}
