import type { Observable, Subject, Subscription } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';

import { foreignPlace } from '../checkpoint/protocol/foreignOperators.js';
import type { ErrorType } from '../checkpoint/protocol/StoredError.js';
import { builtInErrorTypes } from '../checkpoint/protocol/StoredError.js';
import { rxjsErrorTypes } from '../checkpoint/rxjsErrorTypes.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { beginNextProcess } from '../operators/base/sharedStreams.js';
import type { AssertDeepEqual } from './assertEqual.js';
import type { CheckpointExpectation } from './CheckpointExpectation.js';
import { CheckpointComparison } from './CheckpointExpectation.js';
import { ColdTape } from './ColdTape.js';
import type { Expectation } from './Expectation.js';
import { HotTape } from './HotTape.js';
import type { MarbleMessage } from './marbles.js';
import { parseMarbles, refuseBarriers, untilEnd, withoutBarriers } from './marbles.js';
import type { MarbleSource } from './MarbleSource.js';
import { marbleSource } from './MarbleSource.js';
import type { ObservableExpectation } from './ObservableExpectation.js';
import { ObservableComparison } from './ObservableExpectation.js';
import { Recording } from './Recording.js';
import type { SubscriptionsExpectation } from './SubscriptionsExpectation.js';
import { SubscriptionsComparison } from './SubscriptionsExpectation.js';
import type { StockSource, SubscriptionLog } from './Tape.js';
import { TestLives } from './TestLives.js';

export interface CheckpointTestSchedulerOptions {
  /** Makes an operator with state and without a uid an error. Default: false. */
  readonly requireUids?: boolean;
  /** Error classes of the user's that `catchError` or `retry` may have to keep, besides the built-in and RxJS's own. */
  readonly errorTypes?: readonly ErrorType[];
}

export interface ExpectObservableOptions {
  /** When it is subscribed (`^`) and unsubscribed (`!`), in marbles. Default: from the start to the end. */
  readonly subscription?: string | null;
  /** The pipeline's name in the job. Default: `'main'`, then `'main-2'` and so on. */
  readonly name?: string;
  /**
   * The number of a checkpoint of this test. Once the job has run to its end, it is killed, and a new life of it begins
   * with the checkpoint, in the frame in which that was taken. Several pipelines with the same number, one after the
   * other and with different names, share a life. The name's default is that of the same pipeline before, or `'main'`.
   * Of `subscription` only the `!` counts.
   */
  readonly restoredFrom?: number;
}

/** RxJS's helpers, with sources that take part in checkpoints. */
export interface CheckpointRunHelpers extends Omit<
  RunHelpers,
  'hot' | 'cold' | 'expectObservable' | 'expectSubscriptions'
> {
  /** A source that runs on its own; `%` is where its barrier comes. */
  readonly hot: CreateMarbleSource;
  /** A source that begins with each subscription; `%` is where its barrier comes. */
  readonly cold: CreateMarbleSource;
  /** A pipeline runs in the test's job, with the others; anything else is subscribed as in RxJS. */
  readonly expectObservable: CheckpointTestScheduler['expectObservable'];
  readonly expectSubscriptions: CheckpointTestScheduler['expectSubscriptions'];
  /** What checkpoint `id` of the test holds, from 1. */
  readonly expectCheckpoint: CheckpointTestScheduler['expectCheckpoint'];
}

export type CreateMarbleSource = <T = string>(
  marbles: string,
  values?: Readonly<Record<string, T>>,
  error?: unknown,
) => MarbleSource<T>;

/**
 * RxJS's TestScheduler with barriers: marble tests of pipelines, their checkpoints and their restores, in virtual time.
 *
 * A barrier is `%` in the marbles. It takes a frame as any letter does, and in a group the group's. In a `hot` or `cold`
 * source it says when that input takes its barrier: the first one that is reached begins a checkpoint. Inputs that have
 * one later are waited for, and who has delivered is held until then; inputs without one deliver at once. Among what a
 * pipeline is expected to emit it is where the barrier passes out at its end; marbles without any leave barriers out.
 *
 * ```text
 * a$      -1-%-2---------|
 * b$      ---------%----3|   a$ is held until b$ has its barrier
 *         merge(a$, b$)
 * result  -1-------(%2)-3|   2 belongs to the next epoch
 * ```
 *
 * Plain Observables, time, values, errors and subscriptions are as in RxJS.
 *
 * @example
 * const scheduler = new CheckpointTestScheduler((actual, expected) => expect(actual).toEqual(expected));
 * scheduler.run(({ hot, expectObservable, expectCheckpoint }) => {
 *   const sums$ = hot('-1-%-2-|', { 1: 1, 2: 2 }).pipe(scan((sum, x) => sum + x, 0), uid('sum'));
 *   expectObservable(sums$).toBe('-1-%-3-|', { 1: 1, 3: 3 });
 *   expectCheckpoint(1).toBe({ sum: { hasValue: true, value: 1, index: 1 } });
 *   expectObservable(sums$, { restoredFrom: 1 }).toBe('-----3-|', { 3: 3 });
 * });
 */
export class CheckpointTestScheduler extends TestScheduler {
  private expectations: Expectation[] = [];
  private isRunMode = false;
  private lives: TestLives;

  /**
   * @param assertDeepEqual - the test framework's assertion: throws, or returns false, when the two are not equal.
   */
  constructor(
    assertDeepEqual: AssertDeepEqual,
    private readonly options: CheckpointTestSchedulerOptions = {},
  ) {
    super(assertDeepEqual);
    this.lives = this.createLives();
  }

  private createLives(): TestLives {
    const { requireUids = false, errorTypes = [] } = this.options;
    const all = [...errorTypes, ...builtInErrorTypes, ...rxjsErrorTypes];
    return new TestLives({ scheduler: this, requireUids, errorTypes: all });
  }

  /** Runs a test. What it expects is compared when the callback has returned and time has run to its end. */
  override run<T>(callback: (helpers: CheckpointRunHelpers) => T): T;
  /** For functions that were written for RxJS's helpers: `hot` and `cold` give them checkpointed sources as well. */
  override run<T>(callback: (helpers: RunHelpers) => T): T;
  override run<T>(callback: (helpers: CheckpointRunHelpers & RunHelpers) => T): T {
    beginNextProcess();
    this.lives = this.createLives();
    this.expectations = [];
    this.isRunMode = true;
    const hot: CreateMarbleSource = (...args) => this.createHot(...args);
    const cold: CreateMarbleSource = (...args) => this.createCold(...args);
    const expectCheckpoint: CheckpointRunHelpers['expectCheckpoint'] = (id) => this.expectCheckpoint(id);
    try {
      // RxJS's other helpers call the methods of this class.
      return super.run((helpers) => callback(Object.assign(helpers, { hot, cold, expectCheckpoint }) as never));
    } finally {
      this.isRunMode = false;
    }
  }

  private createHot<T>(marbles: string, values?: Readonly<Record<string, T>>, error?: unknown): MarbleSource<T> {
    const stock = (source: string): StockSource<T> & Subject<T> => this.createHotObservable<T>(source);
    if (marbles.includes('!')) void stock(marbles); // Refuses it.
    const messages = this.parse<T>(marbles, values, error);
    const tape = new HotTape<T>(untilEnd(messages), () => stock(''), this);
    this.lives.addHot(tape);
    return this.createSource('hot', tape, messages);
  }

  private createCold<T>(marbles: string, values?: Readonly<Record<string, T>>, error?: unknown): MarbleSource<T> {
    if (/[!^]/.test(marbles)) void this.createColdObservable(marbles); // Refuses it.
    const messages = this.parse<T>(marbles, values, error);
    const stock = Object.assign(this.createColdObservable<T>(''), { messages: withoutBarriers(messages) });
    return this.createSource('cold', new ColdTape<T>(untilEnd(messages), stock, this), messages);
  }

  private parse<T>(marbles: string, values: unknown, error: unknown): MarbleMessage<T>[] {
    return parseMarbles<T>(marbles, { values, error, isRunMode: this.isRunMode });
  }

  private createSource<T>(
    operator: 'hot' | 'cold',
    tape: HotTape<T> | ColdTape<T>,
    messages: readonly MarbleMessage<T>[],
  ): MarbleSource<T> {
    const { lives } = this;
    return marbleSource<T>(operator, {
      tape,
      messages: withoutBarriers(messages),
      onBarrier: (run) => lives.begin(run),
    });
  }

  /**
   * What a stream emits, and when.
   *
   * @param options - or only its `subscription`, as in RxJS.
   */
  override expectObservable<T>(
    observable: Observable<T>,
    options?: string | ExpectObservableOptions | null,
  ): ObservableExpectation<T> {
    const { subscription, name, restoredFrom } =
      typeof options === 'object' ? (options ?? {}) : { subscription: options };
    const period = this.periodOf(subscription ?? null);
    const recording = new Recording(this);
    const plainReason = observable instanceof CheckpointedObservable ? null : whyPlain(observable);
    if (plainReason === null) {
      const pipeline = observable as CheckpointedObservable<unknown>;
      const candidate = { pipeline, recording, name, ...period };
      if (restoredFrom === undefined) this.lives.add(candidate);
      else this.lives.addRestored(checkId(restoredFrom), candidate);
    } else {
      if (restoredFrom !== undefined || name !== undefined)
        throw new Error(`Only a pipeline can be part of a job: ${plainReason}`);
      this.subscribePlain(observable, recording, period);
    }
    const comparison = new ObservableComparison<T>({
      recording,
      plainReason,
      isRunMode: this.isRunMode,
      frameSize: TestScheduler.frameTimeFactor,
      subscribe: (other) => this.subscribePlain(other, new Recording(this), period),
    });
    this.expectations.push(comparison);
    return comparison;
  }

  private periodOf(subscription: string | null): SubscriptionLog {
    if (subscription !== null) refuseBarriers(subscription);
    const { subscribedFrame, unsubscribedFrame } = TestScheduler.parseMarblesAsSubscriptions(
      subscription,
      this.isRunMode,
    );
    return { subscribedFrame: subscribedFrame === Infinity ? 0 : subscribedFrame, unsubscribedFrame };
  }

  private subscribePlain(
    observable: Observable<unknown>,
    recording: Recording,
    { subscribedFrame, unsubscribedFrame }: SubscriptionLog,
  ): Recording {
    let subscription: Subscription | null = null;
    this.schedule(() => {
      subscription = observable.subscribe({
        next: (value) => recording.next(value),
        error: (error: unknown) => recording.error(error),
        complete: () => recording.complete(),
      });
    }, subscribedFrame);
    this.schedule(() => subscription?.unsubscribe(), unsubscribedFrame);
    return recording;
  }

  /** When a source was subscribed and unsubscribed, in all lives of the job. A life that is killed unsubscribes nothing. */
  override expectSubscriptions(actual: SubscriptionLog[]): SubscriptionsExpectation {
    const comparison = new SubscriptionsComparison(actual, this.isRunMode, TestScheduler.frameTimeFactor);
    this.expectations.push(comparison);
    return comparison;
  }

  /** What a checkpoint of the test holds. They are numbered from 1, through all lives of the job. */
  expectCheckpoint(id: number): CheckpointExpectation {
    checkId(id);
    const { lives } = this;
    const comparison = new CheckpointComparison(() => lives.checkpoint(id));
    this.expectations.push(comparison);
    return comparison;
  }

  override flush(): void {
    this.lives.flush(() => super.flush());
    const ready = this.expectations.filter((expectation) => expectation.isReady);
    this.expectations = this.expectations.filter((expectation) => !expectation.isReady);
    for (const expectation of ready) expectation.check(this.assertDeepEqual as AssertDeepEqual);
  }
}

function checkId(id: number): number {
  if (Number.isInteger(id) && id > 0) return id;
  throw new Error(
    `${String(id)} is not the number of a checkpoint: they are counted from 1, in the order in which a test takes them.`,
  );
}

function whyPlain(observable: Observable<unknown>): string {
  const place = foreignPlace(observable);
  return place === undefined
    ? 'this is a plain Observable, through which no barrier runs. Begin it with hot or cold, or with a source of this library.'
    : `this is a plain Observable, since an operator of RxJS itself stands right after ${place}. Import the operator from 'rxjs-checkpoint' instead of 'rxjs'.`;
}
