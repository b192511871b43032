import { ClaimLostError } from '../errors/ClaimLostError.js';
import { StorageError } from '../errors/StorageError.js';
import { checkFlag, checkNames, checkOption } from '../errors/invalidOption.js';
import { StorageLockedError } from '../errors/StorageLockedError.js';
import { checkName } from '../storage/checkName.js';
import type { CheckpointStorage, LockOptions, StorageLock } from '../storage/CheckpointStorage.js';
import { checkFaults } from './checkFaults.js';
import type { CallUnderWay, HeldCall } from './FaultyDisk.js';
import { FaultyDisk } from './FaultyDisk.js';
import { random } from './random.js';
import type { StorageCall, StorageFaults } from './StorageFaults.js';
import { never, untilCrash } from './untilCrash.js';

export interface FaultyStorageOptions {
  /** A whole number from 0 to 2**53 - 1: the same seed and calls give the same faults. */
  readonly seed: number;
  /** None by default: then it keeps the contract of `CheckpointStorage`. */
  readonly faults?: StorageFaults;
  /** Told of every moment of every call. May call `crash()`; what it throws, the call rejects with. */
  readonly onCall?: (call: StorageCall) => void;
  /** Whether its lock asks and writes in one step, as files do; else it can only be asked, as in browsers. Default: true. */
  readonly fenced?: boolean;
}

/** What is under way when the crash comes. */
interface Change {
  readonly bytes?: Uint8Array;
  readonly claim?: Claim | undefined;
}

/** What a change is made with. */
interface Claim {
  /** Set once it was given back or stolen: what is still under way is not to be done any more. */
  loss: ClaimLostError | null;
}

function checkHeld(claim: Claim | undefined): void {
  if (claim !== undefined && claim.loss !== null) throw claim.loss;
}

const OTHER = 'another job of this test';

/**
 * A storage in memory for tests of what must survive crashes and bad disks. It has no timers and draws what goes wrong
 * from a seed, so that a failure repeats.
 *
 * @example
 * let storage = new FaultyStorage({
 *   seed: 7,
 *   faults: { lostWrite: 0.1, bitFlip: ({ name }) => name === 'checkpoint-000000000003' },
 *   onCall: ({ operation, phase }) => {
 *     if (operation === 'write' && phase === 'torn') storage = storage.crash();
 *   },
 * });
 */
export class FaultyStorage implements CheckpointStorage {
  readonly description: string = 'a faulty storage in memory';
  private disk: FaultyDisk;
  /** Of the disk, when this object's process began. */
  private crashes = 0;
  private isKilled = false;

  /** @throws TypeError, RangeError for options that cannot be. */
  constructor(options: FaultyStorageOptions) {
    checkNames('FaultyStorage', options, ['seed', 'faults', 'onCall', 'fenced']);
    const { seed, faults = {}, onCall, fenced = true } = options;
    checkFaults(faults);
    checkFlag('fenced', fenced);
    checkOption('onCall', onCall, onCall === undefined || typeof onCall === 'function', 'a function');
    this.disk = new FaultyDisk(random(seed), faults, onCall, fenced);
  }

  /** What goes wrong from now on. Survives crashes. */
  get faults(): StorageFaults {
    return this.disk.faults;
  }

  set faults(faults: StorageFaults) {
    checkFaults(faults);
    this.disk.faults = faults;
  }

  get onCall(): ((call: StorageCall) => void) | undefined {
    return this.disk.onCall;
  }

  set onCall(onCall: ((call: StorageCall) => void) | undefined) {
    this.disk.onCall = onCall;
  }

  /** What is stored, as it is: for a test to look at and to damage. */
  get blobs(): Map<string, Uint8Array> {
    return this.disk.blobs;
  }

  /** The slow calls that wait, the oldest first. */
  get held(): readonly HeldCall[] {
    return [...this.disk.held];
  }

  /** The same storage for another object of the same process, or for another process beside it. */
  reopen(): FaultyStorage {
    const other = new FaultyStorage({ seed: 0 });
    other.disk = this.disk;
    other.crashes = this.disk.crashes;
    return other;
  }

  /**
   * All processes die here: no call of this object (nor of others on the same disk) settles any more or changes
   * anything.
   *
   * @returns what a restarted process finds.
   */
  crash(): FaultyStorage {
    if (this.disk.crashes === this.crashes) this.disk.crash();
    return this.reopen();
  }

  /**
   * The process of this object dies alone: no call of it settles any more or changes anything, and its claim is free. Those
   * of other objects on the same disk go on.
   */
  kill(): void {
    if (this.hasCrashed) return;
    this.isKilled = true;
    this.disk.kill(this);
  }

  /** Whether this object's process is dead. */
  get hasCrashed(): boolean {
    return this.isKilled || this.disk.crashes !== this.crashes;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    checkName(name);
    return this.call('read', name, (call) => {
      const bytes = this.disk.blobs.get(name)?.slice();
      if (bytes !== undefined && bytes.length > 0 && this.disk.hits(this.disk.faults.bitFlip, call)) this.flip(bytes);
      return bytes;
    });
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    return this.putting(name, bytes);
  }

  async remove(name: string): Promise<void> {
    return this.dropping(name);
  }

  private putting(name: string, content: Uint8Array, claim?: Claim): Promise<void> {
    checkName(name);
    const bytes = new Uint8Array(content);
    const put = (call: StorageCall): void => {
      checkHeld(claim);
      this.put(name, bytes, call);
    };
    return this.call('write', name, put, { bytes, claim });
  }

  private dropping(name: string, claim?: Claim): Promise<void> {
    checkName(name);
    const drop = (call: StorageCall): void => {
      checkHeld(claim);
      this.disk.drop(name, call);
      this.failIfToldTo(call);
    };
    return this.call('remove', name, drop, { claim });
  }

  async identify(name: string): Promise<string | undefined> {
    checkName(name);
    return this.call('read', name, () => this.disk.identityOf(name));
  }

  async list(): Promise<string[]> {
    return this.call('list', undefined, () => this.disk.names());
  }

  async lock({ steal = false }: LockOptions = {}): Promise<StorageLock> {
    return this.call('lock', undefined, () => {
      const { disk } = this;
      const isTaken = disk.lockOwner !== null;
      if (isTaken && !steal) throw new StorageLockedError({ storage: this.description, owner: OTHER });
      disk.lockOwner?.steal();
      const controller = new AbortController();
      const claim: Claim = { loss: null };
      const owner = {
        process: this,
        steal: () => {
          const loss = new ClaimLostError({ storage: this.description, owner: OTHER });
          claim.loss ??= loss;
          controller.abort(loss);
        },
      };
      disk.lockOwner = owner;
      if (isTaken || disk.contested > 0) disk.contested++;
      return this.lockOf(owner, claim, { lost: controller.signal, contested: disk.contested });
    });
  }

  private lockOf(
    owner: object,
    claim: Claim,
    { lost, contested }: { readonly lost: AbortSignal; readonly contested: number },
  ): StorageLock {
    const { disk } = this;
    let isSettled = false;
    const settle = (): void => void (isSettled = true);
    const release = (): Promise<void> =>
      this.call('release', undefined, () => {
        if (disk.lockOwner !== owner) return;
        disk.lockOwner = null;
        claim.loss ??= new ClaimLostError({ storage: this.description, owner: undefined });
        if (isSettled) disk.contested = 0;
      });
    const confirm = (): Promise<void> => this.call('confirm', undefined, () => checkHeld(claim));
    if (!disk.isFenced) return { release, confirm, contested, settle };
    return {
      release,
      confirm,
      lost,
      write: async (name, bytes) => this.putting(name, bytes, claim),
      remove: async (name) => this.dropping(name, claim),
    };
  }

  private call<R>(
    operation: StorageCall['operation'],
    name: string | undefined,
    work: (call: StorageCall) => R,
    change: Change = {},
  ): Promise<R> {
    return untilCrash<R>(this, () => {
      const { disk } = this;
      const call: StorageCall = { operation, name, phase: 'before', index: disk.calls++ };
      disk.onCall?.(call);
      if (this.hasCrashed) return never();
      if (!disk.hits(disk.faults.slow, call)) return this.perform(call, work);
      return this.hold(call, change).then(() => (this.hasCrashed ? never() : this.perform(call, work)));
    });
  }

  private perform<R>(call: StorageCall, work: (call: StorageCall) => R): R | Promise<never> {
    const { disk } = this;
    if (disk.isOut(call)) throw this.failure(call, 'EIO', 'the storage is not there at the moment');
    if (disk.hits(disk.faults.hang, call)) {
      if (disk.random.chance(0.5)) work(call);
      return never();
    }
    const result = work(call);
    if (!this.hasCrashed) disk.onCall?.({ ...call, phase: 'after' });
    return result;
  }

  private put(name: string, bytes: Uint8Array, call: StorageCall): void {
    const { disk } = this;
    if (!disk.hasRoomFor(name, bytes)) throw this.failure(call, 'ENOSPC', 'no space left on device');
    if (disk.hits(disk.faults.tornWrite, call)) {
      disk.tear(name, bytes);
      throw this.failure(call, 'EIO', 'the device failed in the middle of it');
    }
    if (disk.onCall !== undefined && this.crashesWhileTorn(name, bytes, call)) return;
    disk.put(name, bytes, call);
    this.failIfToldTo(call);
  }

  /** Shows the hook a torn write, and takes that back when it lets it go on. */
  private crashesWhileTorn(name: string, bytes: Uint8Array, call: StorageCall): boolean {
    const { disk } = this;
    const takeBack = disk.tear(name, bytes);
    try {
      disk.onCall?.({ ...call, phase: 'torn' });
    } finally {
      if (!this.hasCrashed) takeBack();
    }
    return this.hasCrashed;
  }

  private failIfToldTo(call: StorageCall): void {
    if (this.disk.hits(this.disk.faults.failedButDone, call)) {
      throw this.failure(call, 'EIO', 'the answer was lost');
    }
  }

  private hold(call: StorageCall, change: Change): Promise<void> {
    const { disk } = this;
    const { operation, name, index } = call;
    return new Promise((resolve, reject) => {
      const held: CallUnderWay = {
        caller: this,
        operation,
        name,
        index,
        goOn: () => void (disk.held.delete(held) && resolve()),
        fail: () => {
          if (disk.held.delete(held)) reject(this.failure(call, 'EIO', 'the device failed'));
        },
        crash: () => this.crashWhileHeld(call, change),
      };
      disk.held.add(held);
    });
  }

  /** It has happened, or has not, or has only in part. */
  private crashWhileHeld(call: StorageCall, { bytes, claim }: Change): void {
    const { disk } = this;
    const { operation, name } = call;
    if (name === undefined || (claim !== undefined && claim.loss !== null)) return;
    if (bytes !== undefined && disk.hits(disk.faults.tornWrite, { ...call, phase: 'torn' })) disk.tear(name, bytes);
    else if (!disk.random.chance(0.5)) return;
    else if (bytes !== undefined) disk.put(name, bytes, call);
    else if (operation === 'remove') disk.drop(name, call);
  }

  private flip(bytes: Uint8Array): void {
    const bit = this.disk.random.below(bytes.length * 8);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
  }

  private failure({ operation, name }: StorageCall, code: string, reason: string): StorageError {
    const cause = Object.assign(new Error(`${code}: ${reason}`), { code });
    return new StorageError({ storage: this.description, operation, target: name, cause });
  }
}
