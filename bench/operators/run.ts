import { setTimeout as sleep } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import * as rxjs from 'rxjs';
import * as ours from 'rxjs-checkpoint';

import { CpuClock } from '../compare.js';
import type { Side } from '../compare.js';
import type { Library, Use } from './uses.js';
import { timedUses, uses } from './uses.js';

const { CheckpointSubject, fromArray, fromObservable, memoryStorage } = ours;
/** A full collection would throw away optimised code, and these runs are short. */
export const collectYoung = (): void => globalThis.gc?.({ type: 'minor' });

/** Theirs is to take so long, in microseconds of CPU time. */
const LEAST_TIME = 20_000;
const LONGEST_MS = 5_000;
const MOST_VALUES = 1_000_000;
/** More of them, and RxJS's operators unsubscribe from their chained VirtualActions deeper than the stack is. */
const MOST_TIMED = 9_000;
/** So many more come in what is timed, before the clock starts: what a job's start has driven out of the processor's caches is back. */
const TIMED_BEFORE = 1_000;

/** What is measured there is the values of a key, so each has to get many: the making of keys has a use of its own. */
const leastValues: Readonly<Record<string, readonly [number, number]>> = {
  'groupBy(1000 keys) + scan + mergeMap': [MOST_VALUES, MOST_VALUES],
  'groupBy(1000 names) + scan + mergeMap': [MOST_VALUES, MOST_VALUES],
};

/**
 * One way of running a use over so many values; gives how many came out. The clock runs from when all is connected and
 * the first value is about to flow to when the last one has: a job's start, the garbage of that, and its last checkpoint
 * are none of it.
 */
type Way = (use: Use, values: number, clock: CpuClock) => Promise<number>;

/** A use, its ways of being run, and over how many values. */
export class Contest {
  private constructor(
    readonly name: string,
    private readonly use: Use,
    private readonly ways: typeof untimed,
    private readonly values: number,
    /** How often it is run in a row for one measurement: a timed one is too short alone. */
    private readonly runs: number,
  ) {}

  static async of(name: string): Promise<Contest> {
    const use = (uses[name] ?? timedUses[name])!;
    const ways = name in uses ? untimed : timed;
    const [least, most] = leastValues[name] ?? (ways === timed ? [1_000, MOST_TIMED] : [20_000, MOST_VALUES]);
    const { values, microseconds } = await enough(ways.theirs, use, least, most);
    return new Contest(name, use, ways, values, Math.max(1, Math.round(LEAST_TIME / microseconds)));
  }

  get theirs(): Side {
    return this.side('theirs');
  }

  get outside(): Side {
    return this.side('outside');
  }

  get inJob(): Side {
    return this.side('inJob');
  }

  /** Sees that all sides emit as many values, of as many as are measured: a long array is emitted in slices in a job. */
  async checkEqual(): Promise<void> {
    const counts: Partial<Record<keyof typeof untimed, number>> = {};
    const clock = new CpuClock();
    const { use, ways, values } = this;
    counts.theirs = await ways.theirs(use, values, clock);
    counts.outside = await ways.outside(use, values, clock);
    counts.inJob = await ways.inJob(use, values, clock);
    if (new Set(Object.values(counts)).size > 1) throw new Error(`different work: ${JSON.stringify(counts)}`);
  }

  private side(way: keyof typeof untimed): Side {
    const { use, values, runs } = this;
    const run = async (clock: CpuClock): Promise<number> => {
      let spent = 0;
      for (let i = 0; i < runs; i++) {
        if (i > 0) collectYoung();
        const own = new CpuClock();
        await this.ways[way](use, values, own);
        spent += own.stop();
      }
      clock.show(spent);
      return values * runs;
    };
    return { name: way, run };
  }
}

/** What of ours a use wants that is not there yet. */
export async function missingFrom(use: Use): Promise<string[]> {
  const missing = new Set<string>();
  const rx = new Proxy(ours, {
    get(library, name: string) {
      if (!(name in library)) missing.add(name);
      return Reflect.get(library, name) as unknown;
    },
  });
  const scheduler = new rxjs.VirtualTimeScheduler();
  try {
    const values$ = use(rx as unknown as Library, ours.from([1, 2, 3]), scheduler);
    values$.subscribe({ error: () => undefined }).unsubscribe();
  } catch {
    // What is missing is no function: that is what is being found out.
  }
  return [...missing];
}

const stock = rxjs;
const checkpointed = ours as unknown as Library;

const untimed = {
  theirs: direct((use, values, time) => use(stock, rxjs.from(upTo(values)), time), 'opening'),
  outside: direct((use, values, time) => use(checkpointed, ours.from(upTo(values)), time), 'opening'),
  inJob: recovered((use, values, time) => use(checkpointed, fromArray(upTo(values)), time), 'opening'),
};

const timed: typeof untimed = {
  theirs: direct((use, values, time) => use(stock, paced(values, time), time), 'time'),
  outside: direct((use, values, time) => use(checkpointed, fromObservable(paced(values, time)), time), 'time'),
  inJob: recovered((use, values, time) => use(checkpointed, fromObservable(paced(values, time)), time), 'time'),
};

/** @param from - what makes the first value flow: that it is subscribed, or that time goes on. */
function direct(create: UseOver, from: 'opening' | 'time'): Way {
  return async (use, values, clock) => {
    const sink = new Sink(clock);
    const values$ = create(use, values, sink.scheduler);
    if (from === 'opening') clock.start();
    values$.subscribe(sink);
    if (from === 'time') await startTime(sink, clock);
    return sink.counted();
  };
}

/** @param from - as above; what is not timed flows when the job opens. */
function recovered(create: UseOver, from: 'opening' | 'time'): Way {
  return async (use, values, clock) => {
    const sink = new Sink(clock);
    const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
    const pipeline = create(use, values, sink.scheduler) as ours.CheckpointedObservable<unknown>;
    const isOver = rxjs.firstValueFrom(checkpoints);
    // Right after it is called all opens, in the same turn of the event loop.
    const onRestore = (): void => {
      if (from === 'opening') clock.start();
      else void startTime(sink, clock);
    };
    checkpoints.recover(pipeline, { onRestore }).subscribe(sink);
    const count = await sink.counted();
    // Its last checkpoint is not to be paid for by whoever comes next.
    await isOver;
    return count;
  };
}

/** Once all is open, and the garbage of the start is gone. */
async function startTime(sink: Sink, clock: CpuClock): Promise<void> {
  await sleep(0);
  collectYoung();
  // What a job's start has left is copied twice before it is old: not within the clock.
  collectYoung();
  // What the collector does in other threads ends meanwhile.
  await sleep(1);
  sink.flush(TIMED_BEFORE);
  clock.start();
  sink.flush(Infinity);
}

type UseOver = (use: Use, values: number, scheduler: rxjs.VirtualTimeScheduler) => Observable<unknown>;

/** Counts what comes, in the time of a scheduler of its own. */
class Sink {
  readonly scheduler = new rxjs.VirtualTimeScheduler();
  count = 0;
  isDone = false;
  failure: [unknown] | null = null;

  constructor(private readonly clock: CpuClock) {}

  flush(until: number): void {
    try {
      this.scheduler.maxFrames = until;
      this.scheduler.flush();
    } catch (error) {
      this.failure = [error];
    }
  }

  /** How many there were, once all have come. */
  async counted(): Promise<number> {
    for (const giveUp = Date.now() + LONGEST_MS; ;) {
      if (this.failure !== null) throw this.failure[0];
      if (this.isDone) return this.count;
      if (Date.now() > giveUp) throw new Error('it never completes');
      // A job begins and goes on in turns of the event loop. Waiting takes next to no CPU time.
      await sleep(1);
    }
  }

  readonly next = (): void => {
    this.count++;
  };

  readonly error = (error: unknown): void => {
    this.failure = [error];
  };

  readonly complete = (): void => {
    this.clock.stop();
    this.isDone = true;
  };
}

let longest: readonly number[] = [];
let current: readonly number[] = [];

function upTo(length: number): readonly number[] {
  if (longest.length < length) longest = Array.from({ length }, (_, i) => i);
  if (current.length !== length) current = longest.slice(0, length);
  return current;
}

function paced(length: number, scheduler: rxjs.SchedulerLike): Observable<number> {
  const last = length + TIMED_BEFORE - 1;
  return new rxjs.Observable((subscriber) => {
    const emit = (i = 0): void => {
      subscriber.next(i);
      if (i === last) subscriber.complete();
      // Not `this.schedule`, with which a VirtualAction holds on to all that come after it.
      else subscriber.add(scheduler.schedule(emit, 1, i + 1));
    };
    return scheduler.schedule(emit, 1, 0);
  });
}

/** How many values take the least time, and what they take. */
async function enough(
  run: Way,
  use: Use,
  least: number,
  most: number,
): Promise<{ readonly values: number; readonly microseconds: number }> {
  const clock = new CpuClock();
  for (let values = least; ; values *= 4) {
    // What has not run often is slow: too few values would be too few.
    for (let i = 0; i < 4; i++) await run(use, values, clock);
    const microseconds = Math.max(clock.stop(), 1);
    const wanted = Math.round((values * LEAST_TIME) / microseconds);
    if (wanted >= values * 4 && values * 4 <= most) continue;
    const taken = Math.max(values, Math.min(wanted, most));
    return { values: taken, microseconds: (microseconds * taken) / values };
  }
}
