import { describe, expect, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import {
  CheckpointSubject,
  combineLatest,
  concat,
  concatMap,
  exhaustMap,
  journaled,
  map,
  merge,
  mergeMap,
  retry,
  scan,
  share,
  startWith,
  switchMap,
  take,
  takeUntil,
  withLatestFrom,
  zip,
} from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/FaultyStorage.js';
import type { Random } from '../../src/testing/random.js';
import { random } from '../../src/testing/random.js';
import type { StorageCall } from '../../src/testing/StorageFaults.js';
import { inFakeTime } from '../support/inFakeTime.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';
import { caseCount, seed } from '../support/seed.js';

inFakeTime();

type Text$ = CheckpointedObservable<string>;
/** Gives the journaled source of that number; each call makes another journal. */
type Source = (n: number) => Text$;
type Build = (source: Source) => Text$;

/** Programs whose output depends on nothing but the values of journals, and their order among them. */
const programs: Record<string, Build> = {
  'merge of two': (source) => merge(source(0), source(1)),
  'merge of three, one of them twice': (source) => merge(source(0), source(1), source(2), source(0)),
  'a journaled inner in a switchMap': (source) =>
    source(0).pipe(switchMap((outer) => source(1).pipe(map((inner) => outer + inner)))),
  'three deep': (source) =>
    source(0).pipe(
      switchMap((a) =>
        source(1).pipe(
          startWith(''),
          switchMap((b) => source(2).pipe(map((c) => a + b + c))),
        ),
      ),
    ),
  'inner ones that live together': (source) =>
    source(0).pipe(
      mergeMap((outer) =>
        merge(source(1), source(2)).pipe(
          take(3),
          map((inner) => outer + inner),
        ),
      ),
    ),
  'inner ones one after the other': (source) =>
    source(0).pipe(
      concatMap((outer) =>
        source(1).pipe(
          take(2),
          map((inner) => outer + inner),
        ),
      ),
    ),
  combineLatest: (source) => combineLatest([source(0), source(1)]).pipe(map((both) => both.join(''))),
  withLatestFrom: (source) => source(0).pipe(withLatestFrom(source(1), source(2)), map(String)),
  'one that ends another': (source) =>
    concat(source(0).pipe(takeUntil(source(1))), source(0).pipe(takeUntil(source(2))), source(1)),
  'attempts beside another one': (source) =>
    merge(
      source(0).pipe(
        map((text) => {
          if (text.includes('3')) throw new Error('no 3');
          return text;
        }),
        retry(),
      ),
      source(1),
    ),
  'a shared one beside another one': (source) => {
    const shared$ = source(0).pipe(share());
    return merge(shared$, source(1), shared$.pipe(withLatestFrom(source(2)), map(String)));
  },
};

/** A random program of that many parts at most. */
function randomProgram(choices: Random, size: number): Build {
  if (size <= 1) {
    const n = choices.below(3);
    return (source) => source(n);
  }
  const below = (): Build => randomProgram(choices, 1 + choices.below(size - 1));
  const [first, second, count] = [below(), below(), 1 + choices.below(3)];
  const inner =
    (source: Source) =>
    (outer: string): Text$ =>
      second(source).pipe(
        take(count),
        map((text) => `${outer}(${text})`),
      );
  const endless =
    (source: Source) =>
    (outer: string): Text$ =>
      second(source).pipe(map((text) => `${outer}[${text}]`));
  return choices.pick<Build>([
    (source) => merge(first(source), second(source)),
    (source) => first(source).pipe(switchMap(endless(source))),
    (source) => first(source).pipe(switchMap(inner(source))),
    (source) => first(source).pipe(mergeMap(inner(source))),
    (source) => first(source).pipe(mergeMap(inner(source), 1)),
    (source) => first(source).pipe(concatMap(inner(source))),
    (source) => first(source).pipe(exhaustMap(inner(source))),
    (source) => combineLatest([first(source), second(source)]).pipe(map(String)),
    (source) => zip(first(source), second(source)).pipe(map(String)),
    (source) => first(source).pipe(withLatestFrom(second(source)), map(String)),
    (source) => concat(first(source).pipe(take(count)), second(source)),
    (source) => first(source).pipe(takeUntil(second(source))),
    (source) => {
      const shared$ = first(source).pipe(share());
      return merge(shared$, shared$.pipe(withLatestFrom(second(source)), map(String)));
    },
  ]);
}

/** A job that is killed and started again, over one disk. All that it ever showed has to come again as it was. */
class Lives {
  calls = 0;
  deaths = 0;
  /** The longest of all that were seen. */
  longest: readonly string[] = [];
  private storage: FaultyStorage;
  private sources: readonly Subject<string>[] = [];
  private checkpoints!: CheckpointSubject;
  private pipeline!: Observed<readonly string[]>;
  private sent = 0;

  constructor(
    private readonly build: Build,
    private readonly killsAt: (call: StorageCall) => boolean,
    private readonly isWanted: (count: number) => boolean = () => false,
  ) {
    this.storage = new FaultyStorage({ seed: 5, onCall: (call) => this.called(call) });
    this.start();
  }

  private called(call: StorageCall): void {
    this.calls++;
    // That no checkpoint is intact is another story.
    if (call.phase === 'torn' && call.name!.startsWith('checkpoint-')) return;
    if (this.killsAt(call)) this.storage.crash();
  }

  private start(): void {
    const { storage } = this;
    this.sources = [0, 1, 2].map(() => new Subject());
    this.checkpoints = new CheckpointSubject({ storage, retained: 2 });
    observe(this.checkpoints.failures$);
    // The job goes on while the pipeline is away.
    observe(this.checkpoints.recover(journaled(this.sources[0]!), { name: 'keeper' }));
    this.subscribe();
  }

  private subscribe(): void {
    const { storage } = this;
    const pipeline$ = this.build((n) => journaled(this.sources[n]!)).pipe(
      scan((all: readonly string[], text: string) => [...all, text], []),
    );
    this.pipeline = observe(this.checkpoints.recover(pipeline$, { name: 'main' }), (values) => {
      if (!storage.hasCrashed) this.see(values);
    });
  }

  private see(values: readonly string[]): void {
    const { longest } = this;
    const common = Math.min(values.length, longest.length);
    expect(values.slice(0, common)).toEqual(longest.slice(0, common));
    if (values.length > longest.length) this.longest = values;
    // A barrier that comes between two entries, also of a replay.
    if (this.isWanted(values.length)) this.checkpoints.next();
  }

  private revive(): void {
    if (!this.storage.hasCrashed) return;
    this.deaths++;
    this.storage = this.storage.crash();
    this.start();
  }

  emit(n: number): void {
    this.sources[n]!.next(String.fromCharCode(97 + n) + this.sent++);
  }

  complete(n: number): void {
    this.sources[n]!.complete();
  }

  checkpoint(): void {
    this.checkpoints.next();
  }

  restart(): void {
    this.storage.crash();
    this.revive();
  }

  /** Alone: what it had still to emit is read again. */
  leaveAndComeBack(): void {
    this.pipeline.unsubscribe();
    this.subscribe();
  }

  async wait(microtasks: number): Promise<void> {
    for (let i = 0; i < microtasks; i++) await Promise.resolve();
    this.revive();
  }

  async settle(): Promise<void> {
    await settled();
    this.revive();
  }

  /** Nothing goes wrong any more. */
  async finish(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.settle();
    expect(this.pipeline.error).toBeUndefined();
    const before = this.longest;
    for (let life = 0; life < 2; life++) {
      this.restart();
      await this.settle();
      // Nothing comes again of what a checkpoint covers.
      if (this.pipeline.values.length > 0) expect(this.pipeline.last).toEqual(before);
    }
    expect(this.longest).toEqual(before);
    // The state, wherever a checkpoint was: what comes now is added to it.
    for (const n of [0, 1, 2]) {
      this.emit(n);
      await this.settle();
    }
    expect(this.longest.slice(0, before.length)).toEqual(before);
  }
}

async function script(lives: Lives, withCheckpoints: boolean): Promise<void> {
  const checkpoint = (): void => {
    if (withCheckpoints) lives.checkpoint();
  };
  await lives.settle();
  for (const n of [0, 1, 1, 2]) lives.emit(n);
  await lives.wait(4);
  lives.emit(0);
  lives.emit(2);
  checkpoint();
  await lives.settle();
  for (const n of [1, 2, 0]) {
    lives.emit(n);
    await lives.wait(n * 5);
  }
  lives.emit(1);
  checkpoint();
  await lives.settle();
  for (const n of [2, 1, 0, 1]) {
    lives.emit(n);
    await lives.settle();
  }
}

describe.each(Object.entries(programs))('%s', (_name, build) => {
  test.each([true, false])('killed at each moment of each call of the storage, with checkpoints: %s', async (has) => {
    const isWanted = (count: number): boolean => has && count % 7 === 3;
    const calm = new Lives(build, () => false, isWanted);
    await script(calm, has);
    const { calls } = calm;
    await calm.finish();
    expect(calm.longest.length).toBeGreaterThan(0);
    expect(calls).toBeGreaterThan(20);
    for (let at = 1; at <= calls; at++) {
      let count = 0;
      let killed: StorageCall | undefined;
      const lives = new Lives(build, (call) => ++count === at && ((killed = call), true), isWanted);
      try {
        await script(lives, has);
        await lives.finish();
      } catch (error) {
        throw new Error(`killed at ${at}: ${JSON.stringify(killed)}`, { cause: error });
      }
    }
  });
});

test('random programs, arrivals, completions, checkpoints and kills', async () => {
  let [deaths, values] = [0, 0];
  for (let round = 0; round < caseCount(150); round++) {
    const choices = random(seed + round);
    const build = randomProgram(choices, 2 + choices.below(4));
    let isWild = true;
    const risk = choices.pick([0, 0.01, 0.04]);
    const eagerness = choices.pick([0, 0.05, 0.3]);
    const lives = new Lives(
      build,
      () => isWild && choices.chance(risk),
      () => isWild && choices.chance(eagerness),
    );
    try {
      await lives.settle();
      for (let step = 0; step < 40; step++) {
        const choice = choices.below(20);
        if (choice < 12) lives.emit(choices.below(3));
        else if (choice < 15) lives.checkpoint();
        else if (choice < 16) lives.restart();
        else if (choice < 17) lives.leaveAndComeBack();
        else if (choice < 18 && choices.chance(0.3)) lives.complete(choices.below(3));
        if (choices.chance(0.3)) await lives.settle();
        else await lives.wait(choices.below(8));
      }
      isWild = false;
      await lives.finish();
    } catch (error) {
      throw new Error(`seed ${seed + round}: ${build.toString()}`, { cause: error });
    }
    deaths += lives.deaths;
    values += lives.longest.length;
  }
  expect(deaths).toBeGreaterThan(caseCount(150));
  expect(values).toBeGreaterThan(caseCount(150));
});
