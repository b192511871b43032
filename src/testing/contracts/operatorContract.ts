import type { Observable, ObservableNotification, OperatorFunction } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

import type { ErrorType } from '../../checkpoint/protocol/StoredError.js';
import { checkNames, checkOption } from '../../errors/invalidOption.js';
import type { CheckpointedOperator } from '../../operators/base/CheckpointedObservable.js';
import { CheckpointedObservable } from '../../operators/base/CheckpointedObservable.js';
import type { Cut } from '../CutJob.js';
import { inspectValue } from '../inspectValue.js';
import type { Life } from '../liveInVirtualTime.js';
import { liveInVirtualTime } from '../liveInVirtualTime.js';
import type { TimedNotification } from '../timedSource.js';
import { moved, timedMarbles } from '../timedMarbles.js';
import { timedObservable, timedSource } from '../timedSource.js';
import { assertTrue } from './assertions.js';
import type { ContractCase } from './ContractCase.js';
import { isSame } from './isSame.js';

export interface OperatorUnderTest<T, R> {
  /** Makes the operator; called for each run. */
  readonly operator: () => CheckpointedOperator<T, R>;
  /** What it is tried with. A dozen of marbles each, with values that its state depends on, finds most. */
  readonly examples: readonly OperatorExample[];
  /** An operator of RxJS that does the same; for examples that do not say what comes out. */
  readonly counterpart?: () => OperatorFunction<T, R>;
  /** What the letters of the inputs stand for; for themselves by default. */
  readonly inputValues?: Readonly<Record<string, T>>;
  readonly outputValues?: Readonly<Record<string, R>>;
  /** What `#` stands for. */
  readonly error?: unknown;
  /** Of errors that are part of its state, beside the built-in ones. */
  readonly errorTypes?: readonly ErrorType[];
}

/**
 * Marbles as in `TestScheduler.run`: every character is a frame of 1 ms. What comes in comes a moment after its frame
 * has begun, and after whatever comes in the frames before, so that nothing that the operator does by its timers happens
 * at the same time.
 */
export interface OperatorExample {
  readonly input: string;
  readonly output?: string;
}

/**
 * What every operator of checkpointed pipelines promises: the same output outside a job, in a job, and in a job that is
 * restored from any checkpoint, taken between any two turns.
 *
 * @example
 * registerContract({ describe, it }, 'runningMax', operatorContract({
 *   operator: () => runningMax(),
 *   examples: [{ input: 'a-c-b-(d|)', output: 'a-c-c-(d|)' }],
 * }));
 */
export function operatorContract<T, R>(operator: OperatorUnderTest<T, R>): ContractCase[] {
  checkOperator(operator);
  return operator.examples.flatMap((example) => {
    const trial = new Trial(operator, example);
    const name = (text: string): string => `gives the same ${text}, for '${example.input}'`;
    return [
      { name: name('outside a job'), run: async () => trial.outsideJobs() },
      { name: name('in a job'), run: async () => void (await trial.inAJob()) },
      { name: name('restored at every cut'), run: async () => trial.restored() },
      { name: name('restored twice, at all cuts'), run: async () => trial.restoredTwice() },
    ];
  });
}

/** A contract of no cases would be kept by everything. */
function checkOperator<T, R>({ operator, examples, counterpart, ...others }: OperatorUnderTest<T, R>): void {
  checkNames('operatorContract', others, ['inputValues', 'outputValues', 'error', 'errorTypes']);
  checkOption('operator', operator, typeof operator === 'function', 'a function that makes the operator');
  const isMaker = counterpart === undefined || typeof counterpart === 'function';
  checkOption('counterpart', counterpart, isMaker, 'a function that makes an operator of RxJS');
  const areExamples = Array.isArray(examples) && examples.length > 0;
  checkOption('examples', examples, areExamples, "an array of at least one, such as { input: '-a-|', output: '-x-|' }");
  for (const example of examples) {
    checkNames('an example', example, ['input', 'output']);
    checkOption('input', example.input, typeof example.input === 'string', "marbles, such as '-a-|'");
  }
}

/** How long after its last marble an example is still watched. */
const FRAMES_AFTER = 50;

type Output = TimedNotification<unknown>;

class Trial<T, R> {
  private readonly input: readonly TimedNotification<T>[];
  private readonly stated: readonly Output[] | null;
  private readonly lastFrame: number;

  constructor(
    private readonly tried: OperatorUnderTest<T, R>,
    { input, output }: OperatorExample,
  ) {
    const { inputValues, outputValues, error } = tried;
    this.input = moved(timedMarbles<T>(input, inputValues, error));
    this.stated = output === undefined ? null : timedMarbles<unknown>(output, outputValues, error);
    const frames = [...this.input, ...(this.stated ?? [])].map(({ frame }) => Math.ceil(frame));
    this.lastFrame = Math.max(0, ...frames) + FRAMES_AFTER;
  }

  private expected(): readonly Output[] {
    if (this.stated !== null) return this.stated;
    const { counterpart } = this.tried;
    if (counterpart !== undefined) return this.observed(timedObservable(this.input, () => 0).pipe(counterpart()));
    throw new Error('Nothing says what should come out: give the example an output, or the operator a counterpart.');
  }

  outsideJobs(): void {
    const expected = this.expected();
    const { operator } = this.tried;
    const ofPlain = this.observed(timedObservable(this.input, () => 0).pipe(operator()));
    assertOutput('On a plain Observable', ofPlain, expected);
    assertOutput('On a checkpointed source', this.observed(timedSource(this.input).pipe(operator())), expected);
  }

  private observed(pipeline: Observable<unknown>): Output[] {
    const scheduler = new TestScheduler(() => true);
    const outputs: Output[] = [];
    const add = (notification: ObservableNotification<unknown>): void =>
      void outputs.push(recorded(scheduler.frame, notification));
    scheduler.run(() => {
      scheduler.maxFrames = this.lastFrame;
      pipeline.subscribe({
        next: (value) => add({ kind: 'N', value }),
        error: (error: unknown) => add({ kind: 'E', error }),
        complete: () => add({ kind: 'C' }),
      });
    });
    return outputs;
  }

  async inAJob(): Promise<Life<Output>> {
    const life = await this.live(null);
    assertOutput('In a job', life.outputs, this.expected());
    assertTrue(
      life.leftBehind.length === 0,
      () => `When the pipeline had ended, ${life.leftBehind.join(', ')} still took part in checkpoints.`,
    );
    return life;
  }

  async restored(): Promise<void> {
    const whole = await this.inAJob();
    for (const [i, cut] of whole.cuts.entries()) {
      const where = `Restored from checkpoint ${i + 1} of ${whole.cuts.length}, ${whenOf(cut)}`;
      await this.goOn(cut, where, whole.outputs.slice(cut.outputs));
    }
  }

  async restoredTwice(): Promise<void> {
    const whole = await this.inAJob();
    for (const cut of whole.cuts) {
      const rest = whole.outputs.slice(cut.outputs);
      const life = await this.goOn(cut, `Restored from the checkpoint ${whenOf(cut)}`, rest);
      for (const second of life.cuts) {
        const where = `Restored from the checkpoint ${whenOf(cut)} and from the next run's ${whenOf(second)}`;
        await this.goOn(second, where, rest.slice(second.outputs));
      }
    }
  }

  private async goOn(cut: Cut, where: string, expected: readonly Output[]): Promise<Life<Output>> {
    const life = await this.live(cut, where);
    const states = (): string => `\nThe checkpoint: ${inspectValue(cut.snapshots)}`;
    assertOutput(where, life.outputs, expected, states);
    return life;
  }

  private async live(from: Cut | null, where: string = 'In a job'): Promise<Life<Output>> {
    const { errorTypes } = this.tried;
    const life = liveInVirtualTime({
      pipeline: () => this.pipeline(),
      record: recorded,
      from,
      lastFrame: this.lastFrame,
      ...(errorTypes !== undefined && { errorTypes }),
    });
    await life.snapshotsCame();
    assertTrue(life.problems.length === 0, () => `${where}: ${[...new Set(life.problems)].join('\n')}`);
    return life;
  }

  private pipeline(): CheckpointedObservable<unknown> {
    const pipeline: unknown = timedSource(this.input).pipe(this.tried.operator());
    if (pipeline instanceof CheckpointedObservable) return pipeline;
    throw new Error('The operator makes a plain Observable of a checkpointed one, so its state would be lost.');
  }
}

function recorded(frame: number, notification: ObservableNotification<unknown>): Output {
  return { frame: Math.floor(frame), notification };
}

function assertOutput(
  where: string,
  actual: readonly Output[],
  expected: readonly Output[],
  more: () => string = () => '',
): void {
  const same = actual.length === expected.length && actual.every((output, i) => isSameOutput(output, expected[i]!));
  assertTrue(same, () => `${where} it gives:\n  ${shown(actual)}\ninstead of:\n  ${shown(expected)}${more()}`);
}

/** RxJS's own notifications have more fields than ours. */
function isSameOutput(a: Output, b: Output): boolean {
  return a.frame === b.frame && a.notification.kind === b.notification.kind && isSame(contentOf(a), contentOf(b));
}

function contentOf({ notification }: Output): unknown {
  return notification.kind === 'N' ? notification.value : notification.kind === 'E' ? notification.error : undefined;
}

function shown(outputs: readonly Output[]): string {
  const texts = outputs.map((output) => {
    const { frame, notification } = output;
    if (notification.kind === 'C') return `${frame} ms: complete`;
    return `${frame} ms: ${notification.kind === 'E' ? 'error ' : ''}${inspectValue(contentOf(output))}`;
  });
  return texts.length === 0 ? 'nothing' : texts.join(' · ');
}

function whenOf({ frame, outputs }: Cut): string {
  return `at ${Math.floor(frame)} ms (after ${outputs} notifications)`;
}
