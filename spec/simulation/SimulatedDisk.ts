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
}

/** The storage of one life. Its calls do nothing, and settle never, once that is over. */
export interface MountedDisk {
  readonly storage: CheckpointStorage;
  /** Whether calls wait to be settled. */
  readonly isBusy: boolean;
  /** Settles one call; not always the oldest. */
  settleOne(): void;
  /** Another process takes the lock, as soon as its call is settled. */
  steal(): void;
  /** What has changed since then, which is for nobody to do; null for nothing. */
  changedSinceTheft(): string | null;
  crash(): void;
}

/** What a job stores, over all of its lives. */
export interface SimulatedDisk {
  mount(user: DiskUser, random: Random, faults: DiskFaults): MountedDisk;
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

  constructor(random: Random) {
    this.storage = new FaultyStorage({ seed: random.below(2 ** 32) });
  }

  get files(): ReadonlyMap<string, Uint8Array> {
    return this.storage.blobs;
  }

  damage(name: string, bytes: Uint8Array): void {
    this.storage.blobs.set(name, bytes);
  }

  mount(user: DiskUser, random: Random, faults: DiskFaults): MountedDisk {
    // After a life that ended by itself nothing of it may go on either.
    const storage = this.storage.crash();
    this.storage = storage;
    storage.faults = storageFaults(faults, user, random);
    storage.onCall = ({ operation, phase }) => {
      if (phase !== 'torn') return user.step(`${operation}, ${phase}`);
      if (!faults.tears) return;
      user.step('write, within');
      if (user.isDead) user.fault('write torn');
    };
    return new MountedMemory(storage, user, random, faults);
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
  private atTheft: ReadonlyMap<string, Uint8Array> | null = null;

  constructor(
    readonly storage: FaultyStorage,
    private readonly user: DiskUser,
    private readonly random: Random,
    private readonly faults: DiskFaults,
  ) {}

  private get waiting(): HeldCall[] {
    return this.storage.held.filter((call) => !this.hanging.has(call));
  }

  get isBusy(): boolean {
    return this.storage.held.length > this.hanging.size;
  }

  settleOne(): void {
    const { random, user, faults } = this;
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

  steal(): void {
    const { storage } = this;
    const stolen = (): void => void (this.atTheft = new Map(storage.blobs));
    storage
      .reopen()
      .lock({ steal: true })
      .then(stolen, () => {});
  }

  changedSinceTheft(): string | null {
    return this.atTheft === null ? null : difference(this.atTheft, this.storage.blobs);
  }

  crash(): void {
    this.storage.crash();
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
