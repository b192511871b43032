import type { Observable } from 'rxjs';

import type { AssertDeepEqual } from './assertEqual.js';
import { assertEqual } from './assertEqual.js';
import type { Expectation } from './Expectation.js';
import { isBarrier, parseMarbles, withoutBarriers } from './marbles.js';
import { materializeCold } from './MarbleSource.js';
import { printMarbles } from './printMarbles.js';
import type { Recording } from './Recording.js';

/** What a test says about what a stream emits. */
export interface ObservableExpectation<T> {
  /**
   * @param marbles - with a `%` for each barrier that passes out at the end of a pipeline; if there is none at all,
   * barriers are not compared.
   * @param values - what the letters stand for. By default each stands for itself.
   * @param errorValue - what `#` stands for. Default: `'error'`.
   */
  toBe(marbles: string, values?: unknown, errorValue?: unknown): void;
  /** Compares with another stream, which is subscribed outside of the job. Barriers are not compared. */
  toEqual(other: Observable<T>): void;
}

interface ComparisonOptions {
  readonly recording: Recording;
  /** Why there are no barriers in it; null for a pipeline. */
  readonly plainReason: string | null;
  readonly isRunMode: boolean;
  readonly frameSize: number;
  /** Subscribes to another stream at the same time. */
  subscribe(other: Observable<unknown>): Recording;
}

export class ObservableComparison<T> implements ObservableExpectation<T>, Expectation {
  /** What another stream emits is known once it has. */
  private expected: Pick<Recording, 'messages'> | null = null;
  private values: unknown = undefined;
  private marbles = '';

  constructor(private readonly options: ComparisonOptions) {}

  toBe(marbles: string, values?: unknown, errorValue?: unknown): void {
    const { isRunMode, plainReason } = this.options;
    const materialize = materializeCold;
    const expected = parseMarbles(marbles, { values, error: errorValue, isRunMode, materialize });
    if (plainReason !== null && expected.some(isBarrier))
      throw new Error(`'${marbles}' expects a barrier, but ${plainReason}`);
    this.values = materialized(values);
    this.marbles = marbles;
    this.expected = { messages: expected };
  }

  toEqual(other: Observable<T>): void {
    const recording = this.options.subscribe(other);
    this.values = {}; // Letters have not been given to anything.
    this.expected = recording;
  }

  get isReady(): boolean {
    return this.expected !== null;
  }

  check(assertDeepEqual: AssertDeepEqual): void {
    const { recording, frameSize } = this.options;
    const expected = this.expected?.messages ?? [];
    const actual = expected.some(isBarrier) ? recording.messages : withoutBarriers(recording.messages);
    assertEqual(assertDeepEqual, { actual, expected }, () =>
      printMarbles({ expected, actual, values: this.values, marbles: this.marbles, frameSize }),
    );
  }
}

/** The values as they are compared. */
function materialized(values: unknown): unknown {
  if (typeof values !== 'object' || values === null) return undefined;
  return Object.fromEntries(Object.entries(values).map(([letter, value]) => [letter, materializeCold(value)]));
}
