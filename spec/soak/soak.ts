import { Subject, VirtualTimeScheduler } from 'rxjs';

import { journaled, map, scan, uid } from '../../src/index.js';
import { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import type { Random } from '../../src/testing/random.js';
import { random as randomFrom } from '../../src/testing/random.js';
import { Log } from '../support/Log.js';
import { settled } from '../support/Observed.js';
import { checkStorage } from './checkStorage.js';

export interface SoakOptions {
  readonly seed: number;
  readonly checkpoints: number;
  /** Told after each tenth. */
  onFigures?(figures: SoakFigures): void;
}

/** What a long run came to. */
export interface SoakFigures {
  readonly completed: number;
  readonly crashes: number;
  readonly restores: number;
  readonly names: number;
  readonly storedBytes: number;
  readonly writtenBytes: number;
  readonly heapBytes: number;
}

export const RETAINED = 3;
/** Names that are none of ours, or not ours to remove. */
const OTHERS = ['savepoint-before-the-upgrade', 'checkpoint-old', 'checkpoint-1', 'journal-x', 'notes.txt'];
/** Torn, of a source that nobody knows. */
const ORPHAN = `journal-0123456789abcdef-${'0'.repeat(16)}-${'0'.repeat(11)}1`;

/** A storage and its jobs, one after the other, each killed at some call. */
class World {
  completed = 0;
  crashes = 0;
  restores = 0;
  writtenBytes = 0;
  newestId = 0;
  readonly log = new Log<number>();
  storage: FaultyStorage;

  constructor(readonly random: Random) {
    this.storage = new FaultyStorage({
      seed: random.below(2 ** 32),
      faults: { failedButDone: 0.01, tornWrite: 0.01, staleName: 0.02 },
    });
    for (const name of OTHERS) this.storage.blobs.set(name, Uint8Array.of(1, 2, 3));
    this.storage.blobs.set(ORPHAN, Uint8Array.of(1));
  }

  figures(): SoakFigures {
    const { completed, crashes, restores, writtenBytes } = this;
    (globalThis as { gc?: () => void }).gc?.();
    let storedBytes = 0;
    for (const bytes of this.storage.blobs.values()) storedBytes += bytes.length;
    const heapBytes = process.memoryUsage().heapUsed;
    return { completed, crashes, restores, writtenBytes, names: this.storage.blobs.size, storedBytes, heapBytes };
  }
}

/** Takes so many checkpoints of jobs at random load that crash now and then. @throws when the storage holds what it should not */
export async function soak({ seed, checkpoints, onFigures }: SoakOptions): Promise<SoakFigures> {
  const world = new World(randomFrom(seed));
  for (let tenth = 1; tenth <= 10; tenth++) {
    while (world.completed * 10 < checkpoints * tenth) await live(world, checkpoints);
    onFigures?.(world.figures());
  }
  world.storage.faults = {};
  await live(world, world.completed + 4 * RETAINED, false);
  checkStorage(world.storage.blobs, { retained: RETAINED, others: OTHERS, isQuiet: true });
  return world.figures();
}

/** From a start until it is killed, or has taken so many checkpoints. */
async function live(world: World, until: number, dies = true): Promise<void> {
  const { random } = world;
  const storage = world.storage.reopen();
  const dying = dies ? 20 + random.below(400) : Infinity;
  let calls = 0;
  storage.onCall = () => {
    if (++calls === dying) world.storage = storage.crash();
  };
  const scheduler = new VirtualTimeScheduler();
  const checkpoints = new CheckpointSubject({
    ...{ storage, retained: RETAINED, scheduler },
    maxConcurrent: random.pick([1, 1, 3]),
  });
  checkpoints.subscribe(({ id, writtenBytes }) => {
    if (id <= world.newestId) throw new Error(`checkpoint ${id} after checkpoint ${world.newestId}`);
    world.newestId = id;
    world.completed++;
    world.writtenBytes += writtenBytes;
  });
  checkpoints.failures$.subscribe();
  const events = new Subject<number>();
  const subscriptions = pipelines(world, events).map(({ name, pipeline$ }) => {
    return checkpoints.recover(pipeline$, { name }).subscribe({ error: () => {} });
  });
  await settled();
  world.restores++;
  while (!storage.hasCrashed && world.completed < until) {
    for (let n = random.below(5); n > 0; n--) world.log.write(random.below(100));
    if (random.chance(0.3)) events.next(random.below(100));
    checkpoints.next();
    await settled();
    if (random.chance(0.02)) checkStorage(world.storage.blobs, { retained: RETAINED, others: OTHERS, isQuiet: false });
    if (world.log.records.length > 100_000) throw new Error('too long a log for one run');
  }
  if (storage.hasCrashed) world.crashes++;
  for (const subscription of subscriptions) subscription.unsubscribe();
  await settled();
}

/** States that change with each record, seldom, and never; of any size; and a source with a journal. */
function pipelines({ log, random }: World, events: Subject<number>) {
  const readings$ = log.stream$.pipe(
    uid('log'),
    scan((sum, n) => sum + n, 0),
    uid('sum'),
    scan((seldom, n) => (n % 37 === 0 ? 'x'.repeat(n % 20_000) : seldom), ''),
    uid('seldom'),
    scan((table: readonly string[], text) => (table.length < 50 ? [...table, text.slice(0, 400)] : table), []),
    uid('table'),
    map(({ length }) => length),
  );
  const main = { name: 'main', pipeline$: readings$ };
  if (random.chance(0.3)) return [main]; // the other's part is carried over
  const events$ = journaled(events).pipe(
    uid('events'),
    scan((count) => count + 1, 0),
    uid('count'),
  );
  return [main, { name: 'events', pipeline$: events$ }];
}
