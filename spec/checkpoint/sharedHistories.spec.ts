import { expect, test } from '@jest/globals';

import type { CheckpointedObservable, CheckpointFailedError } from '../../src/index.js';
import {
  CheckpointError,
  CheckpointSubject,
  EMPTY,
  groupBy,
  map,
  memoryStorage,
  mergeMap,
  publish,
  refCount,
  scan,
  share,
  shareReplay,
  switchMap,
  take,
  uid,
  windowCount,
} from '../../src/index.js';
import type { Random } from '../../src/testing/random.js';
import { random } from '../../src/testing/random.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

type Stream = CheckpointedObservable<number>;
type Heard = readonly number[];

/** What one subscription has heard of the log, in which each record is the one before and 1. */
const heard = scan<number, Heard>((all, n) => [...all, n], []);

/** Ways of sharing that give up when nobody listens: what goes on for nobody is refused at a restart. */
const SHARINGS: Readonly<Record<string, (source$: Stream) => Stream>> = {
  share: (source$) => source$.pipe(share()),
  shareReplay: (source$) => source$.pipe(shareReplay({ bufferSize: 1, refCount: true })),
  refCount: (source$) => source$.pipe(publish(), refCount()),
};

const PROGRAMS = {
  static: (shared$: Stream) => shared$.pipe(heard, uid('static')),
  cued: (shared$: Stream, cues$: Stream) =>
    cues$.pipe(
      switchMap((cue) => (cue % 3 === 0 ? EMPTY : shared$.pipe(heard))),
      uid('cued'),
    ),
  some: (shared$: Stream, cues$: Stream) =>
    cues$.pipe(
      mergeMap((cue) => shared$.pipe(take(1 + (cue % 4)), heard)),
      uid('some'),
    ),
  grouped: (_: Stream, __: Stream, groups$: CheckpointedObservable<Stream>) =>
    groups$.pipe(
      take(1),
      mergeMap((group) => group.pipe(heard)),
      uid('grouped'),
    ),
  windows: (_: Stream, __: Stream, ___: unknown, windows$: CheckpointedObservable<Stream>) =>
    windows$.pipe(
      mergeMap((window) => window.pipe(heard)),
      uid('windows'),
    ),
  cuedGroup: (_: Stream, cues$: Stream, groups$: CheckpointedObservable<Stream>) =>
    cues$.pipe(
      switchMap((cue) => (cue % 3 === 0 ? EMPTY : groups$.pipe(mergeMap((group) => group.pipe(heard))))),
      uid('cuedGroup'),
    ),
};
type Name = keyof typeof PROGRAMS;
const NAMES = Object.keys(PROGRAMS) as Name[];

class History {
  private readonly log = new Log<number>();
  private readonly cues = Object.fromEntries(NAMES.map((name) => [name, new Log<number>()])) as Record<
    Name,
    Log<number>
  >;
  private readonly storage = memoryStorage();
  private readonly running = new Map<Name, Observed<Heard>>();
  private readonly steps: string[] = [];
  private checkpoints!: CheckpointSubject;
  private programs!: Record<Name, CheckpointedObservable<Heard>>;
  private written = 0;

  constructor(
    private readonly random: Random,
    private readonly sharing: (source$: Stream) => Stream,
    private readonly names: readonly Name[],
  ) {
    this.begin();
  }

  private begin(): void {
    this.checkpoints = new CheckpointSubject({ storage: this.storage });
    this.checkpoints.failures$.subscribe();
    const source$ = this.log.stream$.pipe(uid('log'));
    const shared$ = this.sharing(source$).pipe(uid('shared'));
    const groups$ = shared$.pipe(
      groupBy(() => 'all'),
      uid('groups'),
      map((group): Stream => group),
      share(),
      uid('sharedGroups'),
    );
    const windows$ = shared$.pipe(
      windowCount(3),
      uid('windowed'),
      map((window): Stream => window),
      share(),
      uid('sharedWindows'),
    );
    this.programs = Object.fromEntries(
      NAMES.map((name) => {
        const cues$ = this.cues[name].stream$.pipe(uid(`${name}Cues`));
        return [name, PROGRAMS[name](shared$, cues$, groups$, windows$)];
      }),
    ) as unknown as Record<Name, CheckpointedObservable<Heard>>;
  }

  private start(name: Name): void {
    if (this.isRunning(name)) return;
    this.steps.push(`start ${name}`);
    this.running.set(name, observe(this.checkpoints.recover(this.programs[name], { name })));
  }

  private isRunning(name: Name): boolean {
    const observed = this.running.get(name);
    return observed !== undefined && observed.error === undefined;
  }

  private leave(name: Name): void {
    if (!this.isRunning(name)) return;
    this.steps.push(`leave ${name}`);
    this.running.get(name)!.unsubscribe();
    this.running.delete(name);
  }

  private write(): void {
    this.steps.push(`write ${this.written + 1}`);
    this.log.write(++this.written);
  }

  async kill(): Promise<void> {
    this.steps.push('kill');
    for (const observed of this.running.values()) observed.unsubscribe();
    this.running.clear();
    await settled();
    this.begin();
  }

  async step(): Promise<void> {
    const { random } = this;
    const name = random.pick(this.names);
    const choice = random.below(20);
    if (choice < 6) this.write();
    else if (choice < 9) this.cue(name);
    else if (choice < 13) await this.checkpoint();
    else if (choice < 16) this.start(name);
    else if (choice < 17) this.leave(name);
    else if (choice < 19) await this.kill();
    else for (const each of this.names) this.start(each);
    if (random.chance(0.7)) await settled();
    this.check();
  }

  private cue(name: Name): void {
    const cue = this.random.below(12);
    this.steps.push(`cue ${name} ${cue}`);
    this.cues[name].write(cue);
  }

  private async checkpoint(): Promise<void> {
    this.steps.push('checkpoint');
    await this.checkpoints.checkpoint().then(
      ({ id }) => this.steps.push(`is ${id}`),
      (error: CheckpointFailedError) => {
        if (!['region-broken', 'not-running', 'aborted', 'cancelled', 'finished'].includes(error.failure.reason))
          throw error;
        this.steps.push(error.failure.reason);
      },
    );
  }

  private check(): void {
    for (const [name, { values, error }] of this.running) {
      for (const list of values) {
        const isWhole = list.every((n, i) => i === 0 || n === list[i - 1]! + 1);
        if (!isWhole) throw new Error(`${name} heard ${list.join()} after: ${this.steps.join(', ')}`);
      }
      if (error === undefined) continue;
      this.steps.push(`${name} was refused: ${(error as CheckpointError).code}`);
      this.running.delete(name);
      const isRefusal =
        error instanceof CheckpointError &&
        ['duplicate-uid', 'region-restart', 'orphaned-snapshot'].includes(error.code);
      if (!isRefusal) throw new Error(`${name} failed after: ${this.steps.join(', ')}`, { cause: error });
    }
  }

  /** All are recovered in one go, and hear what comes. */
  async end(): Promise<void> {
    await this.kill();
    // One that is new may be told to wait for those that have been there.
    for (let round = 0; round < 2; round++) {
      for (const name of this.names) this.start(name);
      await settled();
      this.check();
    }
    for (const name of this.names) this.cues[name].write(1);
    this.write();
    this.write();
    await settled();
    this.check();
    const { written } = this;
    // The others may have come too late for what is handed out once.
    const sure = this.names.filter((name) => name === 'static' || name === 'cued');
    const last = sure.map((name) => this.running.get(name)?.last?.at(-1));
    try {
      expect(last).toEqual(sure.map(() => written));
      await this.checkpoints.checkpoint();
    } catch (error) {
      throw new Error(`at the end of: ${this.steps.join(', ')}`, { cause: error });
    }
    await this.kill();
  }
}

const HISTORIES = Number(process.env.HISTORIES ?? 150);

test.each(Object.entries(SHARINGS))(
  '%s: nobody who shares it misses a record or hears one twice',
  async (_, sharing) => {
    for (let seed = 0; seed < HISTORIES; seed++) {
      const choices = random(seed);
      const names = NAMES.filter(() => choices.chance(0.5));
      if (names.length < 2) continue;
      const history = new History(choices, sharing, names);
      try {
        for (let step = 0; step < 40; step++) await history.step();
        await history.end();
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: (error as Error).cause ?? error });
      }
    }
  },
  600_000,
);
