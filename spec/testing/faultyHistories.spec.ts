import { describe, expect, it } from '@jest/globals';

import { DamagedCheckpointError } from '../../src/errors/DamagedCheckpointError.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import { random } from '../../src/testing/random.js';
import type { StorageFaults } from '../../src/testing/StorageFaults.js';
import type { Entries } from '../checkpoint/store/checkpointing.js';
import { Run, snapshotOf } from '../checkpoint/store/checkpointing.js';
import { graphOf } from '../checkpoint/store/graphOf.js';
import { settled } from '../support/Observed.js';
import { caseCount, seed } from '../support/seed.js';

/** What becomes of a promise when everything has settled that can. */
async function outcomeOf<R>(work: Promise<R>): Promise<{ value: R } | { error: unknown } | 'pending'> {
  const outcome = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return Promise.race([outcome, settled().then(() => 'pending' as const)]);
}

function textOf(entries: Entries): string {
  return Object.keys(entries)
    .sort()
    .map((name) => `${name}: ${graphOf(entries[name])}`)
    .join('\n');
}

interface Counts {
  completed: number;
  failed: number;
  damaged: number;
  restored: number;
}

/** Checkpoints, faults and crashes; what is loaded is compared with what was given to the store. */
class FaultyHistory {
  private readonly random: ReturnType<typeof random>;
  private storage: FaultyStorage;
  private readonly given = new Map<number, string>();
  private highestCompleted = 0;
  readonly counts: Counts = { completed: 0, failed: 0, damaged: 0, restored: 0 };

  constructor(
    of: number,
    private readonly faults: StorageFaults,
    /** Whether the disk keeps what it said it has. */
    private readonly isHonest: boolean,
  ) {
    this.random = random(of);
    this.storage = new FaultyStorage({ seed: of });
  }

  async run(): Promise<void> {
    for (let life = 0; life < 6; life++) {
      const run = new Run(this.storage, { retained: 2 });
      this.storage.faults = {};
      const loaded = await this.load(run);
      if (loaded === 'damaged') return;
      this.storage.faults = this.faults;
      await this.live(run, loaded);
      this.storage = this.storage.crash();
    }
  }

  private async load(run: Run): Promise<Entries | 'damaged'> {
    try {
      const loaded = await run.load();
      if (this.isHonest) expect(loaded?.id ?? 0).toBeGreaterThanOrEqual(this.highestCompleted);
      if (loaded === undefined) return {};
      expect(textOf(loaded.entries)).toBe(this.given.get(loaded.id));
      this.counts.restored++;
      this.highestCompleted = loaded.id;
      return loaded.entries;
    } catch (error) {
      if (!(error instanceof DamagedCheckpointError)) throw error;
      if (this.isHonest) expect(this.highestCompleted).toBe(0);
      this.counts.damaged++;
      return 'damaged';
    }
  }

  private async live(run: Run, loaded: Entries): Promise<void> {
    const { random: chosen, counts } = this;
    let entries = loaded;
    for (let i = 0; i < 8; i++) {
      entries = { ...entries, [`operator ${chosen.below(3)}`]: snapshotOf(chosen.below(1000), chosen.pick([0, 3000])) };
      const prepared = run.prepare(entries);
      this.given.set(prepared.id, textOf(entries));
      const outcome = await outcomeOf(prepared.write());
      for (const call of this.storage.held) if (chosen.chance(0.3)) call.goOn();
      if (outcome === 'pending' || 'error' in outcome) counts.failed++;
      else {
        counts.completed++;
        this.highestCompleted = prepared.id;
      }
    }
  }
}

describe.each<[string, StorageFaults, boolean]>([
  ['fails now and then', { outage: 0.1, failedButDone: 0.1, capacityBytes: 20_000 }, true],
  ['hangs now and then', { hang: 0.1, slow: 0.2 }, true],
  ['tears its writes and says so', { tornWrite: 0.2 }, true],
  ['forgets what it removed, and shows it again', { lostRemove: 0.5, staleName: 0.3 }, true],
  ['forgets what it has written', { lostWrite: 0.3, lostRemove: 0.3 }, false],
  ['does all of that', { outage: 0.05, hang: 0.05, slow: 0.1, tornWrite: 0.1, lostWrite: 0.1, lostRemove: 0.2 }, false],
])('over a storage that %s', (_, faults, isHonest) => {
  it('a store never loads what it was not given, and loses nothing that the storage kept', async () => {
    const total: Counts = { completed: 0, failed: 0, damaged: 0, restored: 0 };
    for (let i = 0; i < caseCount(60); i++) {
      const history = new FaultyHistory(seed * 1_000_000 + i, faults, isHonest);
      try {
        await history.run();
      } catch (error) {
        throw new Error(`seed ${seed * 1_000_000 + i}: ${String(error)}`, { cause: error });
      }
      for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += history.counts[key];
    }
    expect(total.completed).toBeGreaterThan(caseCount(200));
    expect(total.restored).toBeGreaterThan(caseCount(60));
  }, 60_000);
});
