import type { CheckpointStorage } from '../../../src/storage/CheckpointStorage.js';

/** What happens to a write: it succeeds, fails, fails although the bytes land, or is held until `land` or `fail`. */
export type WriteFate = 'succeed' | 'fail' | 'fail but land' | 'hold';

/** A storage whose bytes a spec can see and damage, and whose operations it can make fail or wait. */
export class ScriptedStorage implements CheckpointStorage {
  readonly description = 'a scripted storage';
  readonly removed: string[] = [];
  writeFate: WriteFate = 'succeed';
  removeFails = false;
  /** What removals wait for. */
  removalsHeld: Promise<void> = Promise.resolve();
  readFails = false;
  private readonly held = new Map<string, { land(): void; fail(): void }>();

  constructor(readonly blobs: Map<string, Uint8Array> = new Map()) {}

  /** The same place, as a new process finds it. */
  reopened(): ScriptedStorage {
    return new ScriptedStorage(this.blobs);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    if (this.readFails) throw new Error('no such device');
    return this.blobs.get(name)?.slice();
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.blobs.has(name)) throw new Error(`${name} is written twice`);
    const copy = bytes.slice();
    const land = (): void => void this.blobs.set(name, copy);
    if (this.writeFate === 'hold') return this.hold(name, land);
    if (this.writeFate !== 'fail') land();
    if (this.writeFate !== 'succeed') throw new Error('no space');
  }

  async remove(name: string): Promise<void> {
    await this.removalsHeld;
    if (this.removeFails) throw new Error('no permission');
    this.removed.push(name);
    this.blobs.delete(name);
  }

  async list(): Promise<string[]> {
    return [...this.blobs.keys()];
  }

  /** Lets a held write land; its promise resolves. */
  land(name: string): void {
    this.held.get(name)!.land();
  }

  fail(name: string): void {
    this.held.get(name)!.fail();
  }

  names(): string[] {
    return [...this.blobs.keys()].sort();
  }

  sizeBytes(): number {
    return [...this.blobs.values()].reduce((total, bytes) => total + bytes.length, 0);
  }

  private hold(name: string, land: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.held.set(name, {
        land: () => {
          land();
          resolve();
        },
        fail: () => reject(new Error('timed out')),
      });
    });
  }
}
