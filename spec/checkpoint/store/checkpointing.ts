import { CheckpointStore } from '../../../src/checkpoint/store/CheckpointStore.js';
import type { CheckpointStoreOptions } from '../../../src/checkpoint/store/CheckpointStore.js';
import type { PreparedCheckpoint } from '../../../src/checkpoint/store/PreparedCheckpoint.js';
import type { CheckpointDamage } from '../../../src/errors/DamagedCheckpointError.js';
import type { CheckpointStorage } from '../../../src/storage/CheckpointStorage.js';

export type Entries = Record<string, object>;

/** A store as one run of a job uses it, and what it reported. */
export class Run {
  readonly damages: CheckpointDamage[] = [];
  readonly cleanupErrors: unknown[] = [];
  readonly store: CheckpointStore;

  constructor(storage: CheckpointStorage, options: Partial<CheckpointStoreOptions> = {}) {
    this.store = new CheckpointStore(storage, {
      retained: 3,
      types: {},
      onDamaged: (damage) => this.damages.push(damage),
      onCleanupFailed: (error) => this.cleanupErrors.push(error),
      ...options,
    });
  }

  /** Loads, and decodes what there is. */
  async load(): Promise<{ id: number; entries: Entries } | undefined> {
    const loaded = await this.store.load();
    if (loaded === undefined) return undefined;
    const entries = Array.from(loaded.entries, ([name, entry]) => [name, entry.decode()] as const);
    return { id: loaded.id, entries: Object.fromEntries(entries) };
  }

  prepare(entries: Entries): PreparedCheckpoint {
    const id = this.store.highestId() + 1;
    return this.store.prepare({
      id,
      timestamp: 1_700_000_000_000 + id,
      meta: { run: 1 },
      entries: new Map(Object.entries(entries)),
    });
  }

  /** Takes a checkpoint, and waits until what it made superfluous is gone. */
  async take(entries: Entries): Promise<PreparedCheckpoint> {
    const prepared = this.prepare(entries);
    await prepared.write();
    await this.store.idle();
    return prepared;
  }
}

export async function startedRun(storage: CheckpointStorage, options?: Partial<CheckpointStoreOptions>): Promise<Run> {
  const run = new Run(storage, options);
  await run.load();
  return run;
}

/** A snapshot of about `sizeBytes`. */
export function snapshotOf(value: unknown, sizeBytes = 0): object {
  return { state: { value, filler: 'x'.repeat(sizeBytes) } };
}
