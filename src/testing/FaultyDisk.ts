import type { Random } from './random.js';
import type { FaultRule, StorageCall, StorageFaults } from './StorageFaults.js';

/** A call that waits for the test. */
export interface HeldCall extends Pick<StorageCall, 'operation' | 'name' | 'index'> {
  /** Lets it take place. */
  goOn(): void;
  /** Lets it reject, without having taken place. */
  fail(): void;
}

/** A held call, and what becomes of it when the crash comes. */
export interface CallUnderWay extends HeldCall {
  /** The process that made it. */
  readonly caller: object;
  crash(): void;
}

/** What a `FaultyStorage` stands on: the bytes that survive a crash, and what is wrong with them. */
export class FaultyDisk {
  readonly blobs: Map<string, Uint8Array> = new Map<string, Uint8Array>();
  readonly held: Set<CallUnderWay> = new Set<CallUnderWay>();
  calls = 0;
  crashes = 0;
  lockOwner: { readonly process: object; steal(): void } | null = null;
  /** How many owners were robbed since one was settled. */
  contested = 0;
  /** What a crash brings back, by name; undefined for nothing. */
  private readonly notDurable = new Map<string, Uint8Array | undefined>();
  private readonly staleNames = new Set<string>();
  private readonly lateNames = new Set<string>();
  private outageLeft = 0;
  private readonly identities = new WeakMap<Uint8Array, string>();
  private lastIdentity = 0;

  constructor(
    readonly random: Random,
    public faults: StorageFaults,
    public onCall: ((call: StorageCall) => void) | undefined,
    readonly isFenced: boolean = true,
  ) {}

  /** Whether this fault happens now. */
  hits(rule: FaultRule | undefined, call: StorageCall): boolean {
    if (rule === undefined) return false;
    return typeof rule === 'number' ? this.random.chance(rule) : rule(call);
  }

  isOut(call: StorageCall): boolean {
    const { outage, outageCalls = 3 } = this.faults;
    if (outage === undefined) this.outageLeft = 0;
    else if (this.outageLeft === 0 && this.hits(outage, call)) this.outageLeft = outageCalls;
    if (this.outageLeft === 0) return false;
    this.outageLeft--;
    return true;
  }

  hasRoomFor(name: string, bytes: Uint8Array): boolean {
    const { capacityBytes } = this.faults;
    if (capacityBytes === undefined) return true;
    let needed = bytes.length;
    for (const [other, stored] of this.blobs) if (other !== name) needed += stored.length;
    return needed <= capacityBytes;
  }

  put(name: string, bytes: Uint8Array, call: StorageCall): void {
    const isNew = !this.blobs.has(name);
    this.remember(name, this.hits(this.faults.lostWrite, call));
    this.staleNames.delete(name);
    if (isNew && this.hits(this.faults.lateName, call)) this.lateNames.add(name);
    this.set(name, bytes);
  }

  /**
   * Puts a prefix in place of what was there.
   *
   * @returns what takes that back.
   */
  tear(name: string, bytes: Uint8Array): () => void {
    const old = this.blobs.get(name);
    const wasDurable = !this.notDurable.has(name);
    const durable = this.notDurable.get(name);
    const takeBack = (): void => {
      this.set(name, old);
      if (!wasDurable) this.notDurable.set(name, durable);
    };
    this.notDurable.delete(name);
    this.set(name, bytes.slice(0, this.random.below(Math.max(1, bytes.length))));
    return takeBack;
  }

  drop(name: string, call: StorageCall): void {
    if (!this.blobs.has(name)) return;
    this.remember(name, this.hits(this.faults.lostRemove, call));
    this.lateNames.delete(name);
    if (this.hits(this.faults.staleName, call)) this.staleNames.add(name);
    this.set(name, undefined);
  }

  /** The names, as far as they have got about; each that has not may have by the next time. */
  names(): string[] {
    const { blobs, lateNames, staleNames, random } = this;
    if (lateNames.size === 0 && staleNames.size === 0) return [...blobs.keys()];
    const names = [...blobs.keys()].filter((name) => !lateNames.has(name));
    names.push(...staleNames);
    for (const some of [lateNames, staleNames]) for (const name of some) if (random.chance(0.5)) some.delete(name);
    return names;
  }

  /** All processes die: what was under way has happened or has not, and what was not durable is lost. */
  crash(): void {
    this.crashes++;
    for (const call of this.held) call.crash();
    this.held.clear();
    for (const [name, bytes] of this.notDurable) this.set(name, bytes);
    this.notDurable.clear();
    this.lockOwner = null;
    this.contested = 0;
  }

  /** One process dies, and the disk stays as it is: what it had under way has happened or has not. */
  kill(process: object): void {
    for (const call of [...this.held]) {
      if (call.caller !== process) continue;
      call.crash();
      this.held.delete(call);
    }
    if (this.lockOwner?.process === process) this.lockOwner = null;
  }

  private remember(name: string, isLost: boolean): void {
    if (!isLost) this.notDurable.delete(name);
    else if (!this.notDurable.has(name)) this.notDurable.set(name, this.blobs.get(name));
  }

  /** Each write stores an array of its own. */
  identityOf(name: string): string | undefined {
    const bytes = this.blobs.get(name);
    if (bytes === undefined) return undefined;
    let identity = this.identities.get(bytes);
    if (identity === undefined) this.identities.set(bytes, (identity = String(++this.lastIdentity)));
    return identity;
  }

  private set(name: string, bytes: Uint8Array | undefined): void {
    if (bytes === undefined) this.blobs.delete(name);
    else this.blobs.set(name, bytes);
  }
}
