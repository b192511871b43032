import { afterEach, describe, expect, test } from '@jest/globals';
import { config, NEVER, Observable, of, Subject, throwError } from 'rxjs';

import { fromObservable } from '../../src/sources/fromObservable.js';
import { isOdd } from '../support/cases/callbacks.js';
import { format } from '../support/format.js';
import type { Value } from '../support/InputSpec.js';
import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';

type Search = (this: unknown, value: Value, index?: number, source?: Observable<Value>) => boolean;
type Step = (source: Observable<Value>) => Observable<unknown>;

const thisArg = { n: 7 };

/** Callbacks that get what only some of these operators give them tell the log, so that it is compared, too. */
const operators: Readonly<Record<string, (rx: Library, search: Search) => Step>> = {
  'first()': (rx) => rx.first(),
  'first(f)': (rx, f) => rx.first(f),
  'first(f, 9)': (rx, f) => rx.first(f, 9),
  'first(null, undefined)': (rx) => rx.first(null, undefined),
  'last()': (rx) => rx.last(),
  'last(f)': (rx, f) => rx.last(f),
  'last(f, 9)': (rx, f) => rx.last(f, 9),
  'single()': (rx) => rx.single(),
  'single(f)': (rx, f) => rx.single(f),
  'find(f)': (rx, f) => rx.find(f),
  'find(f, thisArg)': (rx, f) => rx.find(f, thisArg),
  'findIndex(f)': (rx, f) => rx.findIndex(f),
  'findIndex(f, thisArg)': (rx, f) => rx.findIndex(f, thisArg),
  'every(f)': (rx, f) => rx.every(f),
  'every(not f)': (rx, f) => rx.every((x, i, source) => !f(x, i, source)),
  'every(f, thisArg)': (rx, f) => rx.every(f, thisArg),
  'elementAt(0)': (rx) => rx.elementAt(0),
  'elementAt(1)': (rx) => rx.elementAt(1),
  'elementAt(1, 8)': (rx) => rx.elementAt(1, 8),
  'elementAt(1.5)': (rx) => rx.elementAt(1.5),
  'elementAt(-1)': (rx) => rx.elementAt(-1),
  'skipWhile(f)': (rx, f) => rx.skipWhile(f),
  'count(f)': (rx, f) => rx.count(f),
  'max(f)': (rx, f) => rx.max((x) => Number(f(x))),
  'min(f)': (rx, f) => rx.min((x) => -Number(f(x))),
  'toArray()': (rx) => rx.toArray(),
  'distinct(f)': (rx, f) => rx.distinct((x) => f(x)),
  'distinct(f, never)': (rx, f) => rx.distinct((x) => f(x), NEVER),
  'distinct(f, at once)': (rx, f) => rx.distinct((x) => f(x), of(1)),
  'distinct(f, failing)': (rx, f) =>
    rx.distinct(
      (x) => f(x),
      throwError(() => new Error('flushes failed')),
    ),
  'distinctUntilKeyChanged(f)': (rx, f) => rx.distinctUntilKeyChanged('x' as never, (x, y) => f(x) === y),
  'takeLast(0)': (rx) => rx.takeLast(0),
  'takeLast(2)': (rx) => rx.takeLast(2),
  'takeLast(undefined)': (rx) => rx.takeLast(undefined as never),
  'skipLast(-1)': (rx) => rx.skipLast(-1),
  'skipLast(2)': (rx) => rx.skipLast(2),
  'skipLast(NaN)': (rx) => rx.skipLast(NaN),
  'pluck()': (rx) => rx.pluck(),
  "pluck('toFixed', 'name')": (rx) => rx.pluck('toFixed', 'name'),
};

const acts = ['nothing', 're-enters', 'completes', 'fails', 'leaves', 'throws'] as const;
type Act = (typeof acts)[number];

interface Scenario {
  readonly byCallback: Act;
  readonly byConsumer: Act;
  /** Whether the source emits all values as soon as it is subscribed. */
  readonly isFirehose: boolean;
}

const scenarios: readonly Scenario[] = acts.flatMap((byCallback) =>
  acts.flatMap((byConsumer) => [true, false].map((isFirehose) => ({ byCallback, byConsumer, isFirehose }))),
);

type Wrap = (source: Observable<Value>) => Observable<Value>;

/** One run: its log gets longer when RxJS reports what came late. */
class Run {
  readonly log: string[] = [];
  private readonly subject = new Subject<Value>();
  private depth = 0;
  private leave = (): void => {};

  constructor(private readonly scenario: Scenario) {}

  perform(rx: Library, operator: (rx: Library, search: Search) => Step, wrap: Wrap): this {
    config.onStoppedNotification = ({ kind }) => this.log.push(`late ${kind}`);
    const { log, scenario } = this;
    const noting = this.note.bind(this);
    const act = this.act.bind(this);
    const search: Search = function (x, i, source) {
      noting('asked about', x, i, typeof source?.subscribe, this === thisArg);
      if (x === undefined || isOdd(x)) act(scenario.byCallback, x);
      return isOdd(x);
    };
    try {
      const result = wrap(this.source()).pipe(operator(rx, search));
      // In between, so that the consumer can leave before `subscribe` has come back, and can throw.
      new Observable<unknown>((between) => {
        this.leave = () => between.unsubscribe();
        result.subscribe({
          next: (x) => {
            this.note('next', x);
            act(scenario.byConsumer, 5);
            between.next(x);
          },
          error: (error: unknown) => between.error(error),
          complete: () => between.complete(),
        });
      }).subscribe({
        error: (error: unknown) => this.note('error', error),
        complete: () => this.note('complete'),
      });
      if (!scenario.isFirehose) this.emitAll(this.subject, () => false);
    } catch (error) {
      this.note('thrown', error);
    }
    log.push('end');
    return this;
  }

  private source(): Observable<Value> {
    return new Observable((subscriber) => {
      this.note('subscribed');
      subscriber.add(() => this.note('unsubscribed'));
      subscriber.add(this.subject.subscribe(subscriber));
      if (this.scenario.isFirehose) this.emitAll(subscriber, () => subscriber.closed);
    });
  }

  private emitAll(to: { next(value: Value): void; complete(): void }, isClosed: () => boolean): void {
    for (const value of [2, 1, 1, 4, 3]) {
      if (isClosed()) return;
      this.note('emits', value);
      to.next(value);
    }
    to.complete();
  }

  private act(act: Act, value: Value): void {
    if (this.depth >= 2) return;
    this.depth++;
    if (act === 're-enters') this.subject.next((value ?? 0) + 10);
    if (act === 'completes') this.subject.complete();
    if (act === 'fails') this.subject.error(new Error('by a callback'));
    if (act === 'leaves') this.leave();
    this.depth--;
    if (act === 'throws') throw new Error('a callback threw');
  }

  private note(...what: unknown[]): void {
    this.log.push(what.map((part) => (typeof part === 'string' ? part : format(part))).join(' '));
  }
}

/** Late notifications are reported by timers. */
async function reports(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}

afterEach(() => {
  config.onStoppedNotification = null;
  config.onUnhandledError = null;
});

describe('callbacks that stop or re-enter their operator', () => {
  test.each(Object.entries(operators))('%s behaves as in RxJS', async (name, operator) => {
    config.onUnhandledError = () => {};
    const runs = scenarios.map((scenario) => ({
      scenario,
      expected: new Run(scenario).perform(theirs, operator, (source) => source),
      plain: new Run(scenario).perform(ours, operator, (source) => source),
      node: new Run(scenario).perform(ours, operator, fromObservable),
    }));
    await reports();
    // What has several inputs does not report late values.
    const isExact = !name.startsWith('distinct(f, ');
    const lines = ({ log }: Run): string[] => log.filter((line) => isExact || !line.startsWith('late'));
    for (const { scenario, expected, plain, node } of runs) {
      expect({ scenario, log: lines(plain) }).toEqual({ scenario, log: lines(expected) });
      expect({ scenario, log: lines(node) }).toEqual({ scenario, log: lines(expected) });
    }
  });
});
