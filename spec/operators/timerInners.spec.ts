import { describe, expect, test } from '@jest/globals';
import { Subject, VirtualTimeScheduler } from 'rxjs';
import type { Observable, SchedulerLike } from 'rxjs';

import {
  bufferCount,
  catchError,
  CheckpointSubject,
  finalize,
  fromObservable,
  interval,
  map,
  memoryStorage,
  mergeMap,
  scan,
  share,
  switchMap,
  take,
  takeWhile,
  timer,
} from '../../src/index.js';
import type { CheckpointedObservable } from '../../src/index.js';
import { observe, settled } from '../support/Observed.js';

type Project = (x: number, time: SchedulerLike) => CheckpointedObservable<number>;

/** A job whose timers are inners that join while it is open. */
class Lives {
  readonly values$ = new Subject<number>();
  private time = new VirtualTimeScheduler();
  private checkpoints: CheckpointSubject;
  private running!: ReturnType<typeof observe<number>>;
  readonly seen: number[][] = [];

  constructor(
    private readonly create: (values$: CheckpointedObservable<number>, time: SchedulerLike) => Observable<number>,
    private readonly storage = memoryStorage(),
  ) {
    this.checkpoints = new CheckpointSubject({ storage });
  }

  async begin(): Promise<void> {
    const pipeline$ = this.create(fromObservable(this.values$, { hot: true }), this.time);
    this.running = this.beside(pipeline$ as CheckpointedObservable<number>, 'main');
    this.seen.push(this.running.values);
    await settled();
    expect(this.running.error).toBeUndefined();
  }

  beside(pipeline$: CheckpointedObservable<number>, name: string): ReturnType<typeof observe<number>> {
    return observe(this.checkpoints.recover(pipeline$, { name }));
  }

  runTo(frame: number): void {
    this.time.maxFrames = frame;
    this.time.flush();
    this.time.frame = frame;
  }

  checkpoint(): Promise<unknown> {
    return this.checkpoints.checkpoint();
  }

  /** Of those that a checkpoint has. */
  async names(): Promise<string[]> {
    const { operators } = await this.checkpoints.checkpoint();
    return Object.keys(operators).sort();
  }

  /** The next life begins at the same time. */
  async restart(): Promise<void> {
    await this.checkpoint();
    this.running.unsubscribe();
    await settled();
    const { frame } = this.time;
    this.time = new VirtualTimeScheduler();
    this.time.frame = frame;
    this.checkpoints = new CheckpointSubject({ storage: this.storage });
    await this.begin();
  }

  end(): void {
    this.running.unsubscribe();
  }

  get pending(): number {
    return this.time.actions.length;
  }
}

const inners = (project: Project) => (values$: CheckpointedObservable<number>, time: SchedulerLike) =>
  values$.pipe(mergeMap((x) => project(x, time)));

const counted = (numbers$: CheckpointedObservable<number>) =>
  numbers$.pipe(
    map((i, index) => i * 10 + index),
    bufferCount(2),
    take(2),
    map(([first = 0, second = 0]) => first * 1_000 + second),
  );

describe('a timer as an inner in an open job', () => {
  test.each<[string, Project]>([
    ['alone', (x, time) => timer(x, 10, time)],
    ['with an operator behind it', (x, time) => timer(x, 10, time).pipe(map((i) => i))],
  ])('%s, goes on at a restore with its next number and at its time, also at the one after', async (_, project) => {
    const lives = new Lives(inners(project));
    await lives.begin();
    lives.values$.next(5);
    lives.runTo(27);
    await lives.restart();
    lives.runTo(33);
    await lives.restart();
    lives.runTo(34);
    expect(lives.seen).toEqual([[0, 1, 2], [], []]);
    lives.runTo(45);
    lives.end();
    expect(lives.seen).toEqual([[0, 1, 2], [], [3, 4]]);
  });

  test('is restored in the order in which those of one time were started', async () => {
    const create = inners((x, time) => timer(20 - x, time).pipe(map(() => x)));
    const alone = (values$: CheckpointedObservable<number>, time: SchedulerLike) =>
      values$.pipe(
        mergeMap((x) => (x === 1 ? timer(19, 1_000, time) : timer(20 - x, time))),
        map((_, index) => index),
      );
    for (const pipeline of [create, alone]) {
      const lives = new Lives(pipeline);
      await lives.begin();
      for (const x of [0, 1, 2]) {
        lives.values$.next(x);
        lives.runTo(x + 1);
      }
      await lives.restart();
      lives.runTo(20);
      lives.end();
      expect(lives.seen[1]).toEqual([0, 1, 2]);
    }
  });

  test('that has fired or was left leaves nothing behind, and is in no checkpoint', async () => {
    const lives = new Lives((values$, time) => values$.pipe(switchMap(() => timer(5, time))));
    await lives.begin();
    for (let i = 0; i < 3; i++) lives.values$.next(i);
    expect(lives.pending).toBe(1);
    lives.runTo(5);
    expect(lives.pending).toBe(0);
    await lives.restart();
    lives.runTo(100);
    lives.end();
    expect(lives.seen).toEqual([[0], []]);
  });

  test('takes part in each checkpoint that it lives to see', async () => {
    const lives = new Lives(inners((_, time) => interval(10, time)));
    await lives.begin();
    lives.values$.next(0);
    await lives.checkpoint();
    lives.runTo(10);
    await lives.checkpoint();
    lives.values$.next(1);
    lives.runTo(25);
    await lives.restart();
    lives.runTo(30);
    lives.end();
    expect(lives.seen).toEqual([
      [0, 1, 0],
      [2, 1],
    ]);
    expect(lives.pending).toBe(0);
  });

  test.each<[string, Project]>([
    ['that have joined with it', (x, time) => counted(timer(x, 10, time))],
    ['of which one freezes its seed', (x, time) => counted(timer(x, 10, time).pipe(scan((_, i) => i, 0)))],
  ])('takes the operators behind it along, %s, under the same names in each life', async (_, project) => {
    const lives = new Lives(inners(project));
    await lives.begin();
    lives.values$.next(5);
    const names = await lives.names();
    expect(names.map((name) => /:(\w+)(?:#.*)?$/.exec(name)![1])).toEqual(
      expect.arrayContaining(['map', 'bufferCount', 'take', 'timer']),
    );
    for (let frame = 6; frame < 35; frame += 3) {
      lives.runTo(frame);
      await lives.restart();
      expect(await lives.names()).toEqual(names);
    }
    lives.runTo(50);
    expect(await lives.names()).toHaveLength(2);
    lives.end();
    expect(lives.seen.flat()).toEqual([11, 22_033]);
    expect(lives.pending).toBe(0);
  });

  test('takes them along if somebody asks who takes part while it starts', async () => {
    let leave = (): void => {};
    const lives = new Lives((values$, time) =>
      values$.pipe(
        map((): number => {
          throw new Error('not a number');
        }),
        finalize(() => leave()),
        catchError(() =>
          timer(10, 10, time).pipe(
            map((i, index) => i * 10 + index),
            take(3),
          ),
        ),
      ),
    );
    await lives.begin();
    const kept$ = fromObservable(new Subject<number>()).pipe(share({ resetOnRefCountZero: false }));
    const other = lives.beside(kept$, 'other');
    leave = () => other.unsubscribe();
    await settled();
    lives.values$.next(0);
    lives.runTo(10);
    leave = () => {};
    await lives.restart();
    lives.runTo(50);
    lives.end();
    expect(lives.seen).toEqual([[0], [11, 22]]);
  });

  test('is left by an operator behind it, and nothing of it stays', async () => {
    const lives = new Lives(
      inners((x, time) =>
        interval(10, time).pipe(
          takeWhile((i, index) => i + index < 2),
          map((i) => x + i),
        ),
      ),
    );
    await lives.begin();
    const before = await lives.names();
    lives.values$.next(5);
    expect(await lives.names()).toHaveLength(before.length + 2);
    lives.runTo(20);
    expect(lives.pending).toBe(0);
    expect(await lives.names()).toEqual(before);
    lives.end();
    expect(lives.seen).toEqual([[5]]);
  });

  test('ends with a consumer that leaves at its first number', async () => {
    const lives = new Lives((values$, time) =>
      values$.pipe(
        mergeMap(() => interval(10, time)),
        take(1),
      ),
    );
    await lives.begin();
    lives.values$.next(0);
    lives.runTo(50);
    expect(lives.seen).toEqual([[0]]);
    expect(lives.pending).toBe(0);
  });

  test('takes a scheduler of the user that knows work and delay only', async () => {
    const due: (() => void)[] = [];
    const scheduler: SchedulerLike = {
      now: () => 0,
      schedule(work) {
        let isDone = false;
        const action = { schedule: () => scheduler.schedule(work as () => void), unsubscribe: () => (isDone = true) };
        due.push(() => isDone || (work as (this: unknown) => void).call(action));
        return action as never;
      },
    };
    const lives = new Lives(inners(() => timer(1, 1, scheduler)));
    await lives.begin();
    lives.values$.next(0);
    for (let i = 0; i < 3; i++) due.shift()!();
    lives.end();
    due.shift()!();
    expect(lives.seen).toEqual([[0, 1, 2]]);
    expect(due).toEqual([]);
  });
});
