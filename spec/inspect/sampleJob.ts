import { writeFile } from 'node:fs/promises';

import type { SchedulerLike } from 'rxjs';
import { asyncScheduler, Subject, Subscription } from 'rxjs';
import type { CheckpointStorage } from 'rxjs-checkpoint';
import { CheckpointSubject, from, groupBy, journaled, map, mergeMap, scan, share, uid } from 'rxjs-checkpoint';
import { fromFile, lines } from 'rxjs-checkpoint/node';

interface Flight {
  readonly from: string;
  readonly delay: number;
}

/** A quarter of an hour for each checkpoint, so that times are the same in every run. */
const START = Date.UTC(2026, 10, 21, 10, 0, 0);
const QUARTER = 900_000;

/**
 * Four checkpoints of a job with a file, groups, a shared stream, a journal and a pipeline that completes. The same bytes
 * every time.
 *
 * @param file - where to write the flights that it reads.
 * @returns stops it.
 */
export async function runSample(storage: CheckpointStorage, file: string): Promise<() => void> {
  await writeFile(file, ['SFO,5', 'LAX,10', 'SFO,0', 'JFK,25', 'LAX,7', 'SFO,3'].join('\n'));
  let now = START;
  const scheduler: SchedulerLike = { now: () => now, schedule: asyncScheduler.schedule.bind(asyncScheduler) };
  const checkpoints = new CheckpointSubject({ storage, scheduler });
  const reading = new Stepper();
  const clicks$ = new Subject<{ x: number; at: Date }>();
  const flights$ = fromFile(file, lines(), { scheduler: reading }).pipe(
    uid('flights'),
    map(parse),
    share(),
    uid('shared'),
  );
  const pipelines = {
    delays: flights$.pipe(
      scan((sum, { delay }) => sum + delay, 0),
      uid('total-delay'),
    ),
    airports: flights$.pipe(
      groupBy(({ from: airport }) => airport),
      uid('airports'),
      mergeMap((group) =>
        group.pipe(
          scan((count) => count + 1, 0),
          uid('count'),
        ),
      ),
      uid('per-airport'),
    ),
    clicks: journaled(clicks$).pipe(
      uid('clicks'),
      scan((seen, { x, at }) => new Map(seen).set(x, at), new Map<number, Date>()),
      uid('last-clicks'),
    ),
    once: from([1, 2, 3]).pipe(
      uid('numbers'),
      scan((sum, n) => sum + n, 0),
      uid('sum'),
    ),
  };
  let seen = 0;
  const running = new Subscription();
  const first = new Promise<void>((resolve) => running.add(checkpoints.subscribe(() => resolve())));
  for (const [name, pipeline$] of Object.entries(pipelines))
    running.add(checkpoints.recover<unknown>(pipeline$, { name }).subscribe(() => seen++));
  await first; // pipeline `once` has completed
  for (const records of [2, 1, 2]) {
    for (let i = 0; i < records; i++) await reading.step();
    if (records === 2) {
      const before = seen;
      clicks$.next({ x: records * seen, at: new Date(now) });
      while (seen === before) await tick();
    }
    now += QUARTER;
    await checkpoints.checkpoint();
  }
  return () => running.unsubscribe();
}

function parse(line: string): Flight {
  const [airport, delay] = line.split(',');
  return { from: airport!, delay: Number(delay) };
}

/** Lets a source emit one record at a time. */
class Stepper implements SchedulerLike {
  private readonly waiting: (() => void)[] = [];
  private ms = 0;

  /** Every slice is over after one record. */
  now(): number {
    return (this.ms += 1_000);
  }

  schedule: SchedulerLike['schedule'] = (work, _delay, state) => {
    const subscription = new Subscription();
    this.waiting.push(() => {
      if (!subscription.closed) (work as (state: unknown) => void)(state);
    });
    return subscription;
  };

  async step(): Promise<void> {
    while (this.waiting.length === 0) await tick();
    this.waiting.shift()!();
    await tick();
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
