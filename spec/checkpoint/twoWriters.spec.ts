import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';

import type { CheckpointFailedError } from '../../src/errors/CheckpointFailedError.js';
import type { Checkpoint } from '../../src/index.js';
import {
  CheckpointSubject,
  ClaimLostError,
  DamagedCheckpointError,
  scan,
  StorageLockedError,
  uid,
} from '../../src/index.js';
import type { SyncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { syncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import type { Random } from '../../src/testing/random.js';
import { random as randomFrom } from '../../src/testing/random.js';
import { foldedIn, offsetIn } from '../support/CheckpointStates.js';
import { Log } from '../support/Log.js';
import { observe, settled } from '../support/Observed.js';
import { caseCount, seed } from '../support/seed.js';

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  jest.restoreAllMocks();
});

const STEPS = 250;

/** What must hold however many write, and whoever of them thinks that the claim is theirs. */
class Witness {
  /** By id: how many records each completed checkpoint has, and its bytes. */
  readonly completed = new Map<number, { readonly records: number; readonly bytes: Uint8Array }>();
  readonly reasons = new Set<string>();
  readonly violations: unknown[] = [];
  restores = 0;
  private mostRecords = 0;

  constructor(
    private readonly storage: FaultyStorage,
    private readonly fenced: boolean,
  ) {}

  completes(checkpoint: Checkpoint): void {
    this.check(() => {
      const { id } = checkpoint;
      const records = offsetIn(checkpoint, 'log')!;
      expect(foldedIn(checkpoint, 'sum') ?? 0).toBe(Math.abs(records * (records - 1)) / 2);
      expect(this.completed.has(id)).toBe(false);
      this.completed.set(id, { records, bytes: this.storage.blobs.get(nameOf(id))!.slice() });
      this.mostRecords = Math.max(this.mostRecords, records);
      const byId = [...this.completed].sort(([a], [b]) => a - b).map(([, older]) => older.records);
      expect(byId).toEqual([...byId].sort((a, b) => a - b)); // a later one goes on from those before
    });
  }

  fails({ reason }: CheckpointFailedError): void {
    this.reasons.add(reason);
    this.check(() =>
      // Who is robbed while it starts, and cannot know, may not find what the new owner has removed.
      expect([
        ...['claim-lost', 'too-many-pending', 'subsumed', 'not-running', 'cancelled'],
        ...(this.fenced ? [] : ['damaged-checkpoint']),
      ]).toContain(reason),
    );
  }

  /** A restore begins; the records that it begins with are known in a moment. */
  begins(records: () => number): void {
    const { mostRecords } = this;
    this.restores++;
    queueMicrotask(() => this.check(() => expect(records()).toBeGreaterThanOrEqual(mostRecords)));
  }

  /** No completed checkpoint was written over. */
  looks(): void {
    for (const [id, { bytes }] of this.completed) {
      const there = this.storage.blobs.get(nameOf(id));
      if (there !== undefined && Buffer.compare(there, bytes) !== 0)
        this.violations.push(`checkpoint ${id} has changed since it completed`);
    }
  }

  check(check: () => void): void {
    try {
      check();
    } catch (violation) {
      this.violations.push(violation);
    }
  }
}

function nameOf(id: number): string {
  return `checkpoint-${String(id).padStart(12, '0')}`;
}

interface Counted {
  count: number;
}

/** Counts the records, and tells with how many it began. */
function probe(witness: Witness) {
  const operator: SyncOperator<number, number, Counted, null> = {
    operator: 'probe',
    next(value) {
      this.s.count++;
      this.out.next(value);
    },
    capture: ({ count }) => ({ count }),
    restore: ({ count }: Counted, _, initial) => Object.assign(initial, { count }),
  };
  return syncOperator<number, number, Counted, null>(operator, null, () => {
    const state = { count: 0 };
    witness.begins(() => state.count);
    return state;
  });
}

class Writer {
  private readonly checkpoints: CheckpointSubject;
  private readonly pipeline;

  constructor(
    storage: FaultyStorage,
    log: Log<number>,
    witness: Witness,
    { takeOver, maxConcurrent }: { takeOver: boolean; maxConcurrent: number },
  ) {
    this.checkpoints = new CheckpointSubject({
      storage,
      takeOver,
      retained: 2,
      maxConcurrent,
      scheduler: new VirtualTimeScheduler(),
    });
    this.checkpoints.subscribe((checkpoint) => witness.completes(checkpoint));
    this.checkpoints.failures$.subscribe((failure) => witness.fails(failure));
    const sums$ = log.stream$.pipe(
      uid('log'),
      probe(witness),
      uid('probe'),
      scan((sum, n) => sum + n, 0),
      uid('sum'),
    );
    this.pipeline = observe(this.checkpoints.recover(sums$));
  }

  get error(): unknown {
    return this.pipeline.error;
  }

  trigger(): void {
    this.checkpoints.next();
  }

  stop(): void {
    this.pipeline.unsubscribe();
  }
}

/** Writers come, take the storage from each other, and go; calls take place in any order. */
async function history(random: Random, fenced: boolean) {
  const storage = new FaultyStorage({ seed: random.below(2 ** 32), fenced, faults: { slow: 1 } });
  const witness = new Witness(storage, fenced);
  const log = new Log<number>();
  const maxConcurrent = random.pick([1, 1, 3]);
  const writers: Writer[] = [];
  let processes = 0;
  const join = (takeOver: boolean): void => {
    // A job waits for one of its own process that leaves the same storage: these are processes of their own.
    const own = Object.assign(storage.reopen(), { description: `the disk of process ${++processes}` });
    writers.push(new Writer(own, log, witness, { takeOver, maxConcurrent }));
  };
  for (let step = 0; step < STEPS && witness.violations.length === 0; step++) {
    if (writers.length === 0 || random.chance(0.04)) join(random.chance(0.7));
    else if (random.chance(0.02)) writers.splice(random.below(writers.length), 1)[0]!.stop();
    if (random.chance(0.3)) log.write(log.records.length);
    if (writers.length > 0 && random.chance(0.3)) random.pick(writers).trigger();
    const { held } = storage;
    // The younger ones first, mostly: what a sleeper had begun waits long.
    if (held.length > 0 && random.chance(0.9))
      held[random.chance(0.7) ? held.length - 1 : random.below(held.length)]!.goOn();
    await settled();
    witness.looks();
  }
  storage.faults = {};
  for (const call of storage.held) call.goOn();
  while (storage.held.length > 0) await settled();
  await settled();
  for (const writer of writers) writer.stop();
  await settled();
  // Whoever comes last finds all that was ever completed.
  join(true);
  await settled();
  witness.looks();
  expect(witness.violations).toEqual([]);
  return { witness, errors: writers.map(({ error }) => error).filter((error) => error !== undefined) };
}

describe('several writers that take the storage from each other at any moment', () => {
  it.each([
    ['a storage that fences by itself', true],
    ['a storage that can only be asked', false],
  ])(
    'complete no id twice, overwrite nothing, and begin with the newest that was completed: on %s',
    async (_, fenced) => {
      let [completed, restores, lost, refused] = [0, 0, 0, 0];
      const reasons = new Set<string>();
      for (let i = 0; i < caseCount(120); i++) {
        const { witness, errors } = await history(randomFrom(seed * 100_000 + i), fenced).catch((error: unknown) => {
          throw new Error(`history ${i}`, { cause: error });
        });
        completed += witness.completed.size;
        restores += witness.restores;
        for (const reason of witness.reasons) reasons.add(reason);
        for (const error of errors) {
          if (error instanceof ClaimLostError) lost++;
          else if (error instanceof StorageLockedError) refused++;
          else if (!fenced && error instanceof DamagedCheckpointError) continue;
          else throw error;
        }
      }
      expect(completed).toBeGreaterThan(caseCount(120));
      expect(restores).toBeGreaterThan(caseCount(120));
      expect(lost).toBeGreaterThan(caseCount(50));
      expect(refused).toBeGreaterThan(caseCount(10));
      expect([...reasons]).toContain('claim-lost');
    },
    60_000,
  );
});
