import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';
import type { HeldCall } from '../../src/testing/FaultyDisk.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import type { Random } from '../../src/testing/random.js';
import type { StorageCall, StorageFaults } from '../../src/testing/StorageFaults.js';

/** How often what goes wrong: chances per call. */
export interface DiskFaults {
  /** A write is refused, as by a full disk. */
  readonly full: number;
  /** Reading or listing fails. */
  readonly unreadable: number;
  /** A removal fails. */
  readonly undeletable: number;
  /** A call never settles; when the process dies it has taken place, or not, or in part. */
  readonly hanging: number;
  /** A write is refused, and has left a part of the file. */
  readonly torn: number;
  /** A write or a removal is refused, although it has taken place. */
  readonly failedButDone: number;
  /** A name is listed after its removal. */
  readonly stale: number;
  /** Whether a kill within a write leaves a part of the file, which no storage may do that keeps its promises. */
  readonly tears: boolean;
}

/** Who lives on the disk: hears of each step of a call, and may die of it. */
export interface DiskUser {
  readonly isDead: boolean;
  step(kind: string): void;
  /** Something goes on that is no call of the disk: a life does not end before. */
  stir(): void;
  /** A fault was injected. */
  fault(kind: string): void;
  /** The lock is its own now. */
  claimed(): void;
}

/** The disk as one process has it. Its calls do nothing, and settle never, once that is over. */
export interface MountedDisk {
  readonly storage: CheckpointStorage;
  /** Whether calls wait to be settled. */
  readonly isBusy: boolean;
  /** What is called from now on is called by this process. */
  use(): void;
  /** Settles one call; not always the oldest. */
  settleOne(): void;
  /** The process dies, and others on the disk go on. */
  kill(): void;
}

export interface MountOptions {
  readonly random: Random;
  readonly faults: DiskFaults;
  /** Whether there may be other processes beside it. */
  readonly isShared: boolean;
}

/** What a job stores, over all of its lives. */
export interface SimulatedDisk {
  /** Whether nobody completes a checkpoint, or changes anything, from the moment on that the lock is somebody else's. */
  readonly fencesAtOnce: boolean;
  mount(user: DiskUser, options: MountOptions): MountedDisk;
  /** The power fails: all processes die. */
  crash(): void;
  /** By name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  damage(name: string, bytes: Uint8Array): void;
}

export function newestId(disk: SimulatedDisk): number {
  return Number(newest(disk)?.split('-')[1] ?? 0);
}

/** Damages the newest checkpoint. */
export function flipBit(disk: SimulatedDisk, random: Random): void {
  const name = newest(disk)!;
  const bytes = disk.files.get(name)!.slice();
  const index = random.below(bytes.length);
  bytes[index] = bytes[index]! ^ (1 << random.below(8));
  disk.damage(name, bytes);
}

function newest({ files }: SimulatedDisk): string | undefined {
  return [...files.keys()]
    .filter((name) => name.startsWith('checkpoint-'))
    .sort()
    .at(-1);
}

/** The test kit's storage, all of whose calls wait until the simulation lets one of them go on. */
export class MemoryDisk implements SimulatedDisk {
  private storage: FaultyStorage;
  private active: DiskUser | null = null;

  /** @param isFenced - whether it asks for the claim and writes in one step. */
  constructor(
    random: Random,
    private readonly isFenced: boolean,
  ) {
    this.storage = new FaultyStorage({ seed: random.below(2 ** 32), fenced: isFenced });
  }

  get fencesAtOnce(): boolean {
    return this.isFenced;
  }

  get files(): ReadonlyMap<string, Uint8Array> {
    return this.storage.blobs;
  }

  damage(name: string, bytes: Uint8Array): void {
    this.storage.blobs.set(name, bytes);
  }

  crash(): void {
    this.storage = this.storage.crash();
  }

  mount(user: DiskUser, { random, faults }: MountOptions): MountedDisk {
    const storage = this.storage.reopen();
    const own = new Set<number>();
    const use = (): void => {
      if (this.active === user) return;
      this.active = user;
      storage.faults = storageFaults(faults, user, random);
      const called = ({ operation, phase, index }: StorageCall): void => {
        if (phase === 'before') own.add(index);
        if (phase === 'after' && operation === 'lock') user.claimed();
        if (phase !== 'torn') return user.step(`${operation}, ${phase}`);
        if (!faults.tears) return;
        user.step('write, within');
        if (user.isDead) user.fault('write torn');
      };
      storage.onCall = called;
    };
    return new MountedMemory(storage, use, own, { user, random, faults });
  }
}

/** The faults that the storage itself decides on. */
function storageFaults(
  { torn, failedButDone, stale, tears }: DiskFaults,
  user: DiskUser,
  random: Random,
): StorageFaults {
  const rule =
    (chance: number, kind: string) =>
    ({ operation }: StorageCall): boolean => {
      const happens = random.chance(chance);
      if (happens) user.fault(`${operation} ${kind}`);
      return happens;
    };
  const refused = rule(torn, 'torn and refused');
  return {
    slow: 1,
    // Of a call that is under way when the process dies it is asked in the phase `torn`.
    tornWrite: (call) => (call.phase === 'torn' ? tears && random.chance(0.5) : refused(call)),
    failedButDone: rule(failedButDone, 'done, but fails'),
    staleName: rule(stale, 'leaves a stale name'),
  };
}

class MountedMemory implements MountedDisk {
  private readonly hanging = new Set<HeldCall>();

  constructor(
    readonly storage: FaultyStorage,
    readonly use: () => void,
    /** The numbers of the calls that this process has made. */
    private readonly own: ReadonlySet<number>,
    private readonly context: { readonly user: DiskUser; readonly random: Random; readonly faults: DiskFaults },
  ) {}

  private get waiting(): HeldCall[] {
    return this.storage.held.filter((call) => this.own.has(call.index) && !this.hanging.has(call));
  }

  get isBusy(): boolean {
    return this.waiting.length > 0;
  }

  settleOne(): void {
    const { random, user, faults } = this.context;
    const { waiting } = this;
    const call = waiting[random.chance(0.8) ? 0 : random.below(waiting.length)]!;
    if (random.chance(faults.hanging)) {
      this.hanging.add(call);
      user.fault(`${call.operation} hangs`);
    } else if (random.chance(chanceOfFailure(call, faults))) {
      user.fault(`${call.operation} fails`);
      call.fail();
    } else {
      call.goOn();
    }
  }

  kill(): void {
    this.storage.kill();
  }
}

/** By identity of the bytes. */
export function difference(
  before: ReadonlyMap<string, Uint8Array>,
  after: ReadonlyMap<string, Uint8Array>,
): string | null {
  for (const name of new Set([...before.keys(), ...after.keys()]))
    if (before.get(name) !== after.get(name)) return name;
  return null;
}

function chanceOfFailure({ operation }: HeldCall, { full, unreadable, undeletable }: DiskFaults): number {
  if (operation === 'write') return full;
  if (operation === 'remove') return undeletable;
  return operation === 'read' || operation === 'list' ? unreadable : 0;
}
