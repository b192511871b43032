import { checkOption } from '../../errors/invalidOption.js';
import type { CheckpointedObservable } from '../../operators/base/CheckpointedObservable.js';
import type { Cut } from '../CutJob.js';
import { inspectValue } from '../inspectValue.js';
import { assertSame, assertTrue } from './assertions.js';
import type { ContractCase } from './ContractCase.js';
import { eventually, quiet } from './realTime.js';
import type { SourceLifeOptions } from './SourceLife.js';
import { SourceLife } from './SourceLife.js';

/** What one case tries a source on. */
export interface SourceUnderTest<T> {
  /** The source, as a run of a job makes it: each of the same records. */
  create(): CheckpointedObservable<T>;
  /** All of them. Five or ten are enough: each case runs it many times. */
  readonly records: readonly T[];
  /** False for one that goes on after the last. */
  readonly completes?: boolean;
  /** False for one that cannot be paused: it is synchronous, or a plain Observable. */
  readonly pauses?: boolean;
  /** Whether everything that it opened was given back: files, connections, timers. */
  readonly isReleased?: () => boolean;
  /** How long to wait for the next record, for the end and for `isReleased`; 2,000 ms by default. */
  readonly timeoutMs?: number;
  /** Called after the case, whatever became of it. */
  dispose?(): void | Promise<void>;
}

/**
 * What every source of checkpointed pipelines promises: its records, its position after each of them, silence once
 * nobody listens or while it is paused. It runs in real time.
 *
 * @param create - makes anew what one case tries the source on.
 * @example
 * registerContract({ describe, it }, 'fromLog', sourceContract(() => ({
 *   create: () => fromLog(['a', 'b', 'c']),
 *   records: ['a', 'b', 'c'],
 * })));
 */
export function sourceContract<T>(create: () => SourceUnderTest<T> | Promise<SourceUnderTest<T>>): ContractCase[] {
  return checks.map(([name, check]) => ({
    name,
    async run() {
      const underTest = await create();
      const { records } = underTest;
      checkOption('records', records, Array.isArray(records), 'an array of all the records of the source');
      try {
        await check(new Trial(underTest));
      } finally {
        await underTest.dispose?.();
      }
    },
  }));
}

const checks: readonly (readonly [name: string, check: (trial: Trial) => Promise<void>])[] = [
  ['gives its records outside a job', (trial) => trial.outsideJobs()],
  ['gives its records in a job', async (trial) => void (await trial.whole())],
  ['lets a checkpoint in between any two records', (trial) => trial.cutEverywhere()],
  ['goes on with exactly the rest, restored at every cut', (trial) => trial.restored()],
  ['goes on with exactly the rest, restored twice', (trial) => trial.restoredTwice()],
  ['is silent once nobody listens, and gives everything back', (trial) => trial.left()],
  ['is silent while it is paused, and loses nothing', (trial) => trial.paused()],
];

class Trial {
  private readonly records: readonly unknown[];
  private readonly completes: boolean;
  private readonly timeoutMs: number;

  constructor(private readonly tried: SourceUnderTest<unknown>) {
    this.records = tried.records;
    this.completes = tried.completes ?? true;
    this.timeoutMs = tried.timeoutMs ?? 2_000;
  }

  async outsideJobs(): Promise<void> {
    const seen: Seen = { records: [], end: null, error: undefined };
    const subscription = this.tried.create().subscribe({
      next: (record) => seen.records.push(record),
      error: (error: unknown) => Object.assign(seen, { end: 'failed', error }),
      complete: () => (seen.end = 'completed'),
    });
    await this.settled(seen, this.records.length);
    subscription.unsubscribe();
    this.assertEnded('Outside a job', seen, this.records);
    await this.assertReleased('Outside a job');
  }

  /** A life without a crash. */
  async whole(): Promise<SourceLife> {
    return this.lifeUntilEnd('In a job', null, this.records);
  }

  async cutEverywhere(): Promise<void> {
    const life = await this.whole();
    if (life.barriers.isAsynchronous) return this.assertBarriers(life);
    const { cuts } = life;
    const counts = new Set(cuts.map(({ outputs }) => outputs));
    for (let count = 0; count < this.records.length; count++) {
      const where = count === 0 ? 'before the first record' : `between records ${count} and ${count + 1}`;
      assertTrue(counts.has(count), () => `No checkpoint could be taken ${where}: each has to be a turn of its own.`);
    }
  }

  /** One that is asked takes its barriers where it likes, so there need not be one between any two records. */
  private assertBarriers({ barriers, cuts }: SourceLife): void {
    assertTrue(
      barriers.taken > 0,
      () => 'It was asked for barriers from the first record on, and answered none with sink.barrier(id, position).',
    );
    assertTrue(
      this.records.length < 2 || cuts.some(({ outputs }) => outputs > 0 && outputs < this.records.length),
      () =>
        'It took no barrier between two of its records, so its positions cannot be tried. Let a few ms pass between them.',
    );
  }

  async restored(): Promise<void> {
    const { cuts } = await this.whole();
    for (const cut of cuts) await this.goOn(cut, whereOf(cut), this.records.slice(cut.outputs));
  }

  async restoredTwice(): Promise<void> {
    const { cuts } = await this.whole();
    for (const cut of oneForEachCount(cuts)) {
      const rest = this.records.slice(cut.outputs);
      const life = await this.goOn(cut, whereOf(cut), rest);
      for (const second of oneForEachCount(life.cuts)) {
        await this.goOn(second, `${whereOf(cut)}, and ${second.outputs} later`, rest.slice(second.outputs));
      }
    }
  }

  async left(): Promise<void> {
    for (let count = 1; count <= this.records.length; count++) {
      const life = new SourceLife({
        ...this.start(null),
        onRecord: (current) => {
          if (current.records.length === count) current.unsubscribe();
        },
      });
      const where = `Unsubscribed at record ${count}`;
      await life.start();
      await this.arrival(life, count, where);
      await quiet();
      assertSame(`${where}, its records`, life.records, this.records.slice(0, count));
      assertTrue(life.end === null, () => `${where} it has ${life.end ?? ''} all the same.`);
      await this.assertSilent(life, where);
      assertSame(`${where}, what still takes part in checkpoints`, life.participants, []);
      await this.assertReleased(where);
    }
  }

  /** What was on its way may have come. */
  private async assertSilent({ strays }: SourceLife, where: string): Promise<void> {
    const known = strays.length;
    if (known === 0) return;
    await quiet();
    assertTrue(
      strays.length === known,
      () => `${where} it goes on to send, though close() was called: ${strays.at(-1)}.`,
    );
  }

  async paused(): Promise<void> {
    if (this.tried.pauses === false) return;
    for (let count = 1; count < this.records.length; count++) {
      const life = new SourceLife({
        ...this.start(null),
        onRecord: (current) => {
          if (current.records.length === count) current.pause();
        },
      });
      const where = `Paused at record ${count}`;
      await life.start();
      await this.arrival(life, count, where);
      await quiet();
      // One may have been on its way.
      assertTrue(life.records.length <= count + 1, () => `${where} it goes on: ${inspectValue(life.records)}.`);
      life.resume();
      await this.settled(life, this.records.length);
      life.unsubscribe();
      this.assertEnded(`${where} and resumed`, life, this.records);
    }
  }

  private start(from: Cut | null): SourceLifeOptions {
    return { source: this.tried.create(), from };
  }

  private goOn(cut: Cut, where: string, rest: readonly unknown[]): Promise<SourceLife> {
    const position = (): string => ` The checkpoint: ${inspectValue(cut.snapshots)}.`;
    return this.lifeUntilEnd(`Restored ${where}`, cut, rest, position);
  }

  private async lifeUntilEnd(
    where: string,
    from: Cut | null,
    expected: readonly unknown[],
    more?: () => string,
  ): Promise<SourceLife> {
    const life = new SourceLife(this.start(from));
    await life.start();
    await this.settled(life, expected.length);
    if (!this.completes && life.barriers.isAsynchronous)
      await eventually(() => life.barriers.taken > 0, this.timeoutMs);
    life.unsubscribe();
    assertTrue(life.problems.length === 0, () => `${where}: ${[...new Set(life.problems)].join('\n')}`);
    this.assertEnded(where, life, expected, more);
    const answers = life.strays.filter((what) => what === 'a barrier that nobody waits for');
    assertTrue(answers.length === 0, () => `${where} it gave ${answers.length} barriers that nobody waited for.`);
    await this.assertReleased(where);
    return life;
  }

  /** Waits for the end, or for the last record and for none after it. */
  private async settled(seen: Seen, count: number): Promise<void> {
    let known = -1;
    const hasEnded = (): boolean => seen.end !== null || (!this.completes && seen.records.length >= count);
    // As long as there is another record within the time, it is not too late.
    while (!hasEnded() && seen.records.length > known) {
      known = seen.records.length;
      await eventually(() => hasEnded() || seen.records.length > known, this.timeoutMs);
    }
    if (!this.completes) await quiet();
  }

  private async arrival(life: SourceLife, count: number, where: string): Promise<void> {
    const isThere = (): boolean => life.records.length >= count || life.end !== null;
    const inTime = await eventually(isThere, this.timeoutMs * count);
    assertTrue(inTime && life.records.length >= count, () => `${where}: it never came to it. ${this.shown(life)}`);
  }

  private assertEnded(where: string, seen: Seen, expected: readonly unknown[], more?: () => string): void {
    const message = (): string => `${where}: ${this.shown(seen)}${more?.() ?? ''}`;
    if (seen.end === 'failed') throw new Error(message(), { cause: seen.error });
    assertSame(message(), seen.records, expected);
    const isEnded = this.completes ? seen.end === 'completed' : seen.end === null;
    assertTrue(isEnded, () => `${message()} It should${this.completes ? '' : ' not'} have completed.`);
  }

  private shown({ records, end, error }: Seen): string {
    const ending = end === null ? '' : end === 'completed' ? ', and completed' : `, and failed: ${inspectValue(error)}`;
    return `it gave ${records.length} records${ending}.`;
  }

  private async assertReleased(where: string): Promise<void> {
    const { isReleased } = this.tried;
    if (isReleased === undefined) return;
    assertTrue(await eventually(isReleased, this.timeoutMs), () => `${where}, not everything was given back.`);
  }
}

interface Seen {
  readonly records: unknown[];
  end: 'completed' | 'failed' | null;
  error: unknown;
}

function oneForEachCount(cuts: readonly Cut[]): Cut[] {
  return [...new Map(cuts.map((cut) => [cut.outputs, cut])).values()];
}

function whereOf({ outputs }: Cut): string {
  return outputs === 0 ? 'before the first record' : `after ${outputs} records`;
}
