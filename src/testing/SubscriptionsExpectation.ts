import { TestScheduler } from 'rxjs/testing';

import type { AssertDeepEqual } from './assertEqual.js';
import { assertEqual } from './assertEqual.js';
import type { Expectation } from './Expectation.js';
import { refuseBarriers } from './marbles.js';
import type { SubscriptionLog } from './Tape.js';

/** What a test says about the subscriptions of a source. */
export interface SubscriptionsExpectation {
  /** @param marbles - `^` and `!` of the only subscription, or of each. */
  toBe(marbles: string | string[]): void;
}

export class SubscriptionsComparison implements SubscriptionsExpectation, Expectation {
  private expected: readonly SubscriptionLog[] | null = null;

  constructor(
    private readonly actual: readonly SubscriptionLog[],
    private readonly isRunMode: boolean,
    private readonly frameSize: number,
  ) {}

  toBe(marbles: string | string[]): void {
    const all = typeof marbles === 'string' ? [marbles] : marbles;
    all.forEach(refuseBarriers);
    this.expected = all
      .map((one) => TestScheduler.parseMarblesAsSubscriptions(one, this.isRunMode))
      .filter(({ subscribedFrame }) => subscribedFrame !== Infinity);
  }

  get isReady(): boolean {
    return this.expected !== null;
  }

  check(assertDeepEqual: AssertDeepEqual): void {
    const { actual } = this;
    const expected = this.expected ?? [];
    assertEqual(assertDeepEqual, { actual, expected }, () =>
      [...this.print('expected', expected), ...this.print('actual', actual)].join('\n'),
    );
  }

  private print(label: string, logs: readonly SubscriptionLog[]): string[] {
    const rows = logs.length === 0 ? ['(nothing)'] : logs.map((log) => this.row(log));
    return rows.map((row, i) => `${(i === 0 ? label : '').padEnd(10)}${row}`);
  }

  private row({ subscribedFrame, unsubscribedFrame }: SubscriptionLog): string {
    const from = subscribedFrame / this.frameSize;
    const start = `${'-'.repeat(from)}^`;
    if (unsubscribedFrame === Infinity) return start;
    if (unsubscribedFrame === subscribedFrame) return `${'-'.repeat(from)}(^!)`;
    return `${start}${'-'.repeat(unsubscribedFrame / this.frameSize - from - 1)}!`;
  }
}
