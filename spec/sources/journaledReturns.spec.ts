import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import { CheckpointSubject, journaled, map, merge, scan, uid } from '../../src/index.js';
import { FaultyStorage } from '../../src/testing/index.js';
import type { Random } from '../../src/testing/random.js';
import { random } from '../../src/testing/random.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

/** More of them with `HISTORIES=1000 npx jest journaledReturns`. */
const HISTORIES = Number(process.env.HISTORIES ?? 20);

/** All that was made of two hot sources, in its order. */
type Heard = readonly number[];
/** What a job may be told to begin with. */
type From = string | number | undefined;

/** A process. */
class Life {
  readonly checkpoints: CheckpointSubject;
  readonly observed: Observed<Heard>;
  private readonly sources = [new Subject<number>(), new Subject<number>()] as const;

  constructor(
    readonly storage: FaultyStorage,
    readonly from?: From,
  ) {
    const [a$, b$] = this.sources;
    this.checkpoints = new CheckpointSubject({ storage, retained: 2 });
    const pipeline$: CheckpointedObservable<Heard> = merge(
      journaled(a$).pipe(uid('a')),
      journaled(b$).pipe(
        uid('b'),
        map((n) => n),
      ),
    ).pipe(
      scan<number, Heard>((all, n) => [...all, n], []),
      uid('heard'),
    );
    this.observed = observe(this.checkpoints.recover(pipeline$, from === undefined ? {} : { from }));
  }

  send(n: number): void {
    this.sources[n % 2]!.next(n);
  }

  /** @returns what the next process finds. */
  kill(): FaultyStorage {
    const storage = this.storage.crash();
    this.observed.subscription.unsubscribe();
    return storage;
  }
}

async function begun(storage: FaultyStorage, from?: From): Promise<Life> {
  const life = new Life(storage, from);
  await settled();
  return life;
}

test('what was journaled since a job has begun with a savepoint survives a crash before its first checkpoint', async () => {
  let life = await begun(new FaultyStorage({ seed: 1 }));
  life.send(1);
  await settled();
  await life.checkpoints.savepoint('kept');
  life.send(2);
  await settled();
  life = await begun(life.kill(), 'kept');
  life.send(3);
  await settled();
  expect(life.observed.values).toEqual([[1, 3]]);
  life = await begun(life.kill(), 'kept');
  life.send(4);
  await settled();
  expect(life.observed.values).toEqual([
    [1, 3],
    [1, 3, 4],
  ]);
});
test('from a checkpoint too, with what was journaled before', async () => {
  let life = await begun(new FaultyStorage({ seed: 1 }));
  life.send(1);
  await settled();
  const { id } = await life.checkpoints.checkpoint();
  life.send(2);
  await settled();
  for (const n of [3, 4, 5]) {
    life = await begun(life.kill(), id);
    life.send(n);
    await settled();
  }
  expect(life.observed.last).toEqual([1, 2, 3, 4, 5]);
});

test('going back on purpose, after other work, leaves that behind', async () => {
  let life = await begun(new FaultyStorage({ seed: 1 }));
  await life.checkpoints.savepoint('kept');
  for (const [from, n] of [
    ['kept', 1],
    [undefined, 2],
    ['kept', 3],
    ['kept', 4],
  ] as const) {
    life = await begun(life.kill(), from);
    life.send(n);
    await settled();
  }
  expect(life.observed.values).toEqual([[3], [3, 4]]);
});

/** What is emitted, over all lives that go on with each other. */
interface Run {
  readonly from: From;
  readonly entries: number[];
  /** The newest checkpoint when it began. */
  readonly since: number;
}

/** The plain model of one history: it knows nothing of segments. */
class Returns {
  private run: Run = { from: undefined, entries: [], since: 0 };
  private readonly checkpoints: { readonly id: number; readonly run: Run }[] = [];
  private readonly savepoints = new Map<
    string,
    { readonly entries: readonly number[]; readonly inDoubt: number | null }
  >();
  private life: Life;
  private next = 0;
  returns = 0;

  constructor(
    private readonly random: Random,
    seed: number,
  ) {
    this.life = new Life(new FaultyStorage({ seed }));
  }

  async act(): Promise<void> {
    const { random, life } = this;
    const act = random.below(10);
    if (act < 4) await this.send();
    else if (act < 6) this.completed((await life.checkpoints.checkpoint()).id);
    else if (act < 7) await this.savepoint();
    else await this.restart();
  }

  private async send(): Promise<void> {
    this.life.send(this.next);
    this.run.entries.push(this.next++);
    await settled();
    expect(this.life.observed.last).toEqual(this.run.entries);
  }

  private completed(id: number): void {
    this.checkpoints.push({ id, run: this.run });
  }

  /** A value comes while it is copied, and is in it or not. */
  private async savepoint(): Promise<void> {
    const entries = [...this.run.entries];
    const name = `kept-${this.savepoints.size}`;
    const taken = this.life.checkpoints.savepoint(name);
    this.life.send(this.next);
    this.run.entries.push(this.next);
    this.savepoints.set(name, { entries, inDoubt: this.next++ });
    this.completed((await taken).checkpointId);
    await settled();
  }

  private async restart(): Promise<void> {
    const from = this.anyGoal();
    const before = this.run;
    this.life = await begun(this.life.kill(), from);
    const newest = this.checkpoints.at(-1);
    if (from === undefined || newest?.run.from === from) this.run = newest?.run ?? before;
    else if (before.from !== from || before.since !== (newest?.id ?? 0)) this.begin(from);
    else this.returns++;
    this.life.send(this.next);
    await settled();
    const heard = this.life.observed.last!;
    const { entries } = this.run;
    if (typeof from === 'string') this.settle(from, entries, heard);
    entries.push(this.next++);
    expect(heard).toEqual(entries);
  }

  /** The first job that begins with a savepoint tells whether what came meanwhile is in it. */
  private settle(name: string, entries: number[], heard: Heard): void {
    const { inDoubt, entries: before } = this.savepoints.get(name)!;
    if (inDoubt === null || entries.length > before.length) return;
    if (heard.includes(inDoubt)) entries.push(inDoubt);
    this.savepoints.set(name, { entries: [...entries], inDoubt: null });
  }

  private begin(from: string | number): void {
    this.returns++;
    const entries =
      typeof from === 'string'
        ? this.savepoints.get(from)!.entries
        : this.checkpoints.find(({ id }) => id === from)!.run.entries;
    this.run = { from, entries: [...entries], since: this.checkpoints.at(-1)?.id ?? 0 };
  }

  private anyGoal(): From {
    const { random, run, checkpoints } = this;
    const [newest] = checkpoints.slice(-1);
    const goals: From[] = [undefined, run.from, ...this.savepoints.keys(), newest?.id];
    return random.pick(goals);
  }
}

test('random histories of savepoints, checkpoints, kills and returns', async () => {
  let returns = 0;
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const history = new Returns(random(seed), seed);
    await settled();
    for (let act = 0; act < 30; act++) await history.act();
    returns += history.returns;
  }
  expect(returns).toBeGreaterThan(2 * HISTORIES);
}, 600_000);
