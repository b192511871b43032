import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { checkpointIdOf, checkpointName } from '../../../src/checkpoint/store/checkpointName.js';
import { PackReader } from '../../../src/checkpoint/store/PackReader.js';
import { DamagedCheckpointError } from '../../../src/errors/DamagedCheckpointError.js';
import { caseCount, seed } from '../../support/seed.js';
import type { Entries } from './checkpointing.js';
import { Run, snapshotOf } from './checkpointing.js';
import { graphOf } from './graphOf.js';
import type { WriteFate } from './ScriptedStorage.js';
import { ScriptedStorage } from './ScriptedStorage.js';

type Action =
  | { type: 'change'; operator: number; snapshot: number }
  | { type: 'forget'; operator: number }
  | { type: 'take'; fate: WriteFate }
  | { type: 'settle'; held: number; lands: boolean }
  | { type: 'reload' }
  | { type: 'rerun' }
  | { type: 'restart' }
  | { type: 'damage'; at: number };

/** Snapshots come back as the same objects, as the state of an operator does that toggles. */
const pool = Array.from({ length: 12 }, (_, i) => snapshotOf(i, [0, 300, 3_000, 40_000][i % 4]));

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('change' as const), operator: fc.nat(4), snapshot: fc.nat(11) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('forget' as const), operator: fc.nat(4) }) },
  { weight: 6, arbitrary: fc.constant({ type: 'take' as const, fate: 'succeed' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('take' as const),
      fate: fc.constantFrom<WriteFate>('fail', 'fail but land', 'hold'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('settle' as const), held: fc.nat(), lands: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ type: 'reload' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'rerun' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'restart' as const }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('damage' as const), at: fc.nat() }) },
);

/** Entry by entry: what two of them share is stored once, and comes back as two. */
function textOf(entries: Entries): string {
  return Object.keys(entries)
    .sort()
    .map((name) => `${name}: ${graphOf(entries[name])}`)
    .join('\n');
}

/** Lets a history happen, and compares after each step what is stored with what was given to store. */
class History {
  private storage = new ScriptedStorage();
  private run: Run;
  private entries: Entries = {};
  /** What each id was given, whatever became of it. */
  private readonly given = new Map<number, string>();
  private completed = new Set<number>();
  private held = new Map<number, Promise<void>>();
  private highestGivenHere = 0;

  constructor(private readonly retained: number) {
    this.run = new Run(this.storage, { retained });
  }

  /** @returns false when nothing intact is left. */
  async start(): Promise<boolean> {
    const newestCompleted = Math.max(0, ...this.completed);
    let loaded;
    try {
      loaded = await this.run.load();
    } catch (error) {
      expect(error).toBeInstanceOf(DamagedCheckpointError);
      expect(this.completed.size).toBe(0);
      return false;
    }
    expect(loaded?.id ?? 0).toBeGreaterThanOrEqual(newestCompleted);
    if (loaded !== undefined) expect(textOf(loaded.entries)).toBe(this.given.get(loaded.id));
    expect(this.run.store.highestId()).toBe(
      Math.max(0, ...this.storage.names().map((name) => checkpointIdOf(name)!), this.highestGivenHere),
    );
    this.entries = { ...loaded?.entries };
    // What landed although its write failed counts from now on as well.
    this.completed = new Set();
    for (const name of this.storage.names())
      if (await this.isIntact(checkpointIdOf(name)!)) this.completed.add(checkpointIdOf(name)!);
    return true;
  }

  async step(next: Action): Promise<boolean> {
    switch (next.type) {
      case 'change':
        this.entries = { ...this.entries, [`operator ${next.operator}`]: pool[next.snapshot]! };
        return true;
      case 'forget':
        delete this.entries[`operator ${next.operator}`];
        return true;
      case 'take':
        await this.take(next.fate);
        return true;
      case 'settle':
        await this.settle(next.held, next.lands);
        return true;
      case 'reload':
        return this.start();
      case 'rerun':
        // As `retry` does: another run of the job in the same process.
        this.run = new Run(this.storage, { retained: this.retained });
        return this.start();
      case 'restart':
        return this.restart();
      case 'damage':
        return this.damage(next.at);
    }
  }

  private async take(fate: WriteFate): Promise<void> {
    this.storage.writeFate = fate;
    const prepared = this.run.prepare(this.entries);
    this.highestGivenHere = prepared.id;
    this.given.set(prepared.id, textOf(this.entries));
    const written = prepared.write();
    if (fate === 'hold') {
      this.held.set(prepared.id, written);
      return;
    }
    await written.then(
      () => this.completed.add(prepared.id),
      () => undefined,
    );
    await this.run.store.idle();
    await this.checkRetained();
  }

  private async settle(which: number, lands: boolean): Promise<void> {
    const ids = [...this.held.keys()];
    if (ids.length === 0) return;
    const id = ids[which % ids.length]!;
    const written = this.held.get(id)!;
    this.held.delete(id);
    if (lands) this.storage.land(checkpointName(id));
    else this.storage.fail(checkpointName(id));
    await written.then(
      () => this.completed.add(id),
      () => undefined,
    );
    await this.run.store.idle();
    await this.checkRetained();
  }

  /** The process dies, and writes that had not landed never will. */
  private restart(): Promise<boolean> {
    this.held.clear();
    this.highestGivenHere = 0;
    this.storage = this.storage.reopened();
    this.run = new Run(this.storage, { retained: this.retained });
    return this.start();
  }

  private async damage(at: number): Promise<boolean> {
    const newest = this.storage.names().at(-1);
    if (newest === undefined) return true;
    const bytes = this.storage.blobs.get(newest)!;
    bytes[at % bytes.length]! ^= 1 << (at % 8);
    const intact = new Set<number>();
    for (const id of this.completed) if (await this.isIntact(id)) intact.add(id);
    this.completed = intact;
    return this.restart();
  }

  /** What is retained can be read, whole, and is what it was. */
  private async checkRetained(): Promise<void> {
    const retained = [...this.completed].sort((a, b) => b - a).slice(0, this.retained);
    for (const id of retained) expect([id, await this.isIntact(id)]).toEqual([id, true]);
    this.completed = new Set(retained);
  }

  private async isIntact(id: number): Promise<boolean> {
    return typeof (await new PackReader(this.storage).readCheckpoint(id)) !== 'string';
  }
}

describe('whatever happens to a store', () => {
  it('what is retained stays whole, a restart finds the newest that completed, and it is what it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(action, { minLength: 20, maxLength: 80 }),
        async (retained, actions) => {
          const history = new History(retained);
          await history.start();
          for (const next of actions) if (!(await history.step(next))) return;
        },
      ),
      { seed, numRuns: caseCount(300) },
    );
  }, 120_000);

  it.each([1, 3])(
    'its space stays bounded over many checkpoints, with %d retained',
    async (retained) => {
      const storage = new ScriptedStorage();
      let run = new Run(storage, { retained });
      let entries: Entries = (await run.load())?.entries ?? {};
      let writtenBytes = 0;
      const operators = 200;
      for (let i = 0; i < 1_500; i++) {
        // Some operators change all the time, others hardly ever.
        entries = {
          ...entries,
          [`often ${i % 3}`]: snapshotOf(i, 2_000),
          [`rarely ${(i * i) % operators}`]: snapshotOf(i, 1_000),
        };
        const taken = await run.take(entries);
        writtenBytes += taken.writtenBytes;
        expect(storage.names().length).toBeLessThanOrEqual(33 + 2 * retained);
        expect(storage.sizeBytes()).toBeLessThan((2 + retained) * taken.sizeBytes + 130_000);
        if (i % 400 === 399) {
          run = new Run(storage.reopened(), { retained });
          const before = textOf(entries);
          entries = (await run.load())!.entries;
          expect(textOf(entries)).toBe(before);
        }
      }
      const changedBytes = 1_500 * 3_200;
      const manifestBytes = 1_500 * operators * 50;
      expect(writtenBytes).toBeLessThan(2.5 * (changedBytes + manifestBytes));
    },
    60_000,
  );
});
