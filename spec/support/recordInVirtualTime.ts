import fc from 'fast-check';
import type { Subject } from 'rxjs';
import { config, Observable, Subscription } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { TestScheduler } from 'rxjs/testing';

import type { InputSpec, Message, Value } from './InputSpec.js';
import { deliver, inputSpecs, ThrownByInput, values } from './InputSpec.js';
import type { Library } from './Library.js';
import { Recording } from './Recording.js';
import type { OperatorUse } from './Stage.js';

/** Who subscribes to the pipeline, and when it leaves: at a frame, or while it handles a value. */
interface SubscriberSpec {
  readonly at: number;
  readonly until: number;
  readonly leavesAfter: number | null;
}

interface Feedback {
  readonly after: number;
  readonly kind: Message['kind'];
  readonly value: Value;
}

/** The world around a pipeline: what its inputs do, who subscribes, and what comes back in while a value is handled. */
export interface Scenario {
  readonly inputs: readonly InputSpec[];
  readonly inners: readonly InputSpec[];
  readonly subscribers: readonly SubscriberSpec[];
  /** After so many values in all, the first input (if that is hot) emits or ends from within. */
  readonly feedback: readonly Feedback[];
}

const subscriber: fc.Arbitrary<SubscriberSpec> = fc.record({
  at: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 8 })),
  until: fc.oneof(fc.constant(60), fc.integer({ min: 0, max: 20 })),
  leavesAfter: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 3 }),
});

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  inputs: fc.array(inputSpecs(8), { minLength: 3, maxLength: 3 }),
  inners: fc.array(inputSpecs(4), { minLength: 3, maxLength: 3 }),
  subscribers: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(subscriber) },
    { weight: 1, arbitrary: fc.array(subscriber, { minLength: 2, maxLength: 3 }) },
  ),
  feedback: fc.array(
    fc.record({
      after: fc.integer({ min: 1, max: 5 }),
      kind: fc.constantFrom('next', 'next', 'next', 'complete', 'error'),
      value: fc.constantFrom(...Object.values(values)),
    }),
    { maxLength: 2 },
  ),
});

const LAST_FRAME = 60;

/** Runs a pipeline in RxJS's TestScheduler and gives all that can be seen of it. */
export function recordInVirtualTime(
  rx: Library,
  { apply, options }: OperatorUse,
  scenario: Scenario,
  /** What the operator gets instead of each plain input. */
  adopt: (input: Observable<Value>) => Observable<Value> = (input) => input,
): string[] {
  const scheduler = new TestScheduler(() => true);
  const recording = new Recording(() => scheduler.frame);
  // RxJS's operators of several parts also stop themselves twice, which is no behaviour to copy.
  if (options.isExactAboutLate === true)
    config.onStoppedNotification = (notification) => recording.note(`too late:`, notification.kind);
  try {
    scheduler.run((helpers) => {
      scheduler.maxFrames = LAST_FRAME;
      new Theatre(scheduler, helpers, recording, scenario, adopt).play(rx, apply);
    });
  } catch (error) {
    recording.note('thrown', error);
  } finally {
    config.onStoppedNotification = null;
  }
  return recording.lines;
}

class Theatre {
  private valueCount = 0;
  private innerCount = 0;
  private readonly firstInput: Observable<Value>;
  private readonly logs: (() => string)[] = [];

  constructor(
    private readonly scheduler: TestScheduler,
    private readonly helpers: RunHelpers,
    private readonly recording: Recording,
    private readonly scenario: Scenario,
    private readonly adopt: (input: Observable<Value>) => Observable<Value>,
  ) {
    this.firstInput = this.input(scenario.inputs[0]!);
  }

  play(rx: Library, apply: OperatorUse['apply']): void {
    const { scenario, adopt, recording } = this;
    const [, ...others] = scenario.inputs;
    const other = (i: number): Observable<Value> => adopt(this.watched(`other ${i}`, this.input(others[i]!)));
    const inner = (_: unknown, index: number): Observable<Value> => {
      const spec = scenario.inners[index % scenario.inners.length]!;
      return adopt(this.watched(`inner ${index} (${this.innerCount++})`, this.input(spec)));
    };
    const pipeline = apply(rx, {
      source: adopt(this.watched('source', this.firstInput)),
      others: [other(0), other(1)],
      inner,
      pipedInner: inner,
      pause: (frames) => adopt(this.watched('pause', this.helpers.cold(`${'-'.repeat(frames)}|`, values))),
      note: recording.note,
      ms: (frames) => frames,
    });
    scenario.subscribers.forEach((spec, i) => this.seat(spec, `subscriber ${i}`, pipeline));
    this.helpers.flush();
    for (const log of this.logs) recording.note(log());
  }

  private seat({ at, until, leavesAfter }: SubscriberSpec, who: string, pipeline: Observable<unknown>): void {
    const { scheduler, recording } = this;
    const subscription = new Subscription();
    let taken = 0;
    scheduler.schedule(() => {
      const target = {
        next: (value: unknown): void => {
          recording.next(who, value);
          if (++taken === leavesAfter) subscription.unsubscribe();
          this.feedBack();
        },
        error: (error: unknown): void => recording.note(`${who} error`, error),
        complete: (): void => recording.note(`${who} complete`),
      };
      // Added from within `subscribe`, so that leaving works while a synchronous source emits.
      const watched = new Observable<unknown>((inner) => {
        subscription.add(inner);
        return pipeline.subscribe(inner);
      });
      watched.subscribe(target);
    }, at);
    scheduler.schedule(() => subscription.unsubscribe(), Math.min(at + until, LAST_FRAME));
  }

  private feedBack(): void {
    const count = ++this.valueCount;
    const { firstInput, scenario } = this;
    if (scenario.inputs[0]!.kind !== 'hot') return;
    for (const { after, kind, value } of scenario.feedback) {
      if (after === count) deliver({ kind, value }, firstInput as Subject<Value>);
    }
  }

  private input(spec: InputSpec): Observable<Value> {
    const { helpers } = this;
    if (spec.kind === 'sync' || spec.kind === 'rude') return this.synchronous(spec);
    const input = helpers[spec.kind](spec.marbles, values, new ThrownByInput('thrown by an input'));
    this.logs.push(() => `${String(spec)} was subscribed ${JSON.stringify(input.subscriptions)}`);
    return input;
  }

  private synchronous(spec: InputSpec): Observable<Value> {
    return new Observable((target) => {
      let hasEnded = false;
      for (const { kind, value } of spec.messages) {
        if (spec.kind === 'sync' && target.closed) return;
        // What goes on after the end is not in order with the rest: ours start the next part when the stack is flat.
        if (!hasEnded) this.recording.note(`emitted ${kind}`, value);
        hasEnded ||= kind !== 'next';
        deliver({ kind, value }, target);
      }
    });
  }

  /** Puts subscribing and unsubscribing in their order among all that happens. */
  private watched(name: string, input: Observable<Value>): Observable<Value> {
    return new Observable((target) => {
      this.recording.note(`${name} subscribed`);
      input.subscribe(target);
      return () => this.recording.note(`${name} unsubscribed`);
    });
  }
}
