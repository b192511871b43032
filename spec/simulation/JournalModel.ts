import { Violation } from './Violation.js';

/** What a hot source sends has a number: of its subscription, and in that. */
interface Sent {
  readonly subscription: number;
  readonly index: number;
}

const ROOM = 1_000;
export const END = 'the end';
export type Entry = number | typeof END;

interface Subscription {
  sent: number;
  hasCompleted: boolean;
  isOpen: boolean;
}

/**
 * A part of the plain model: what has to become of a hot source's values. Each counts once, in its order. Of those of one
 * subscription the last ones may be lost, if nothing was made of them and they were not found stored.
 */
export class JournalModel {
  private readonly counted: Entry[] = [];
  private readonly subscriptions: Subscription[] = [];
  /** What was found stored beyond that, before a life began. */
  private stored: readonly Entry[] = [];
  private isDrained = false;
  /** The first subscription of those who live. */
  private firstAlive = 0;

  /**
   * @param name - of the source.
   * @param onCounted - told when something is made of a value for the first time.
   */
  constructor(
    readonly name: string,
    private readonly onCounted: (entry: Entry) => void,
  ) {}

  // What the source does

  /** @returns the number of the subscription. */
  subscribed(): number {
    return this.subscriptions.push({ sent: 0, hasCompleted: false, isOpen: true }) - 1;
  }

  send(subscription: number): number {
    return subscription * ROOM + this.subscriptions[subscription]!.sent++;
  }

  complete(subscription: number): void {
    this.subscriptions[subscription]!.hasCompleted = true;
  }

  unsubscribed(subscription: number): void {
    this.subscriptions[subscription]!.isOpen = false;
  }

  /** All that something was made of, over all lives. */
  get entries(): readonly Entry[] {
    return this.counted;
  }

  /** How many it has sent to anybody. */
  get total(): number {
    return this.subscriptions.reduce((sum, { sent }) => sum + sent, 0);
  }

  // What comes of it

  /** These are stored, by their numbers in the journal, and nobody runs. */
  found(entries: ReadonlyMap<number, Entry>): void {
    const stored: Entry[] = [];
    for (let at = this.counted.length; entries.has(at); at++) stored.push(entries.get(at)!);
    this.stored = stored;
  }

  /**
   * @param at - how many were counted before it, in its pipeline's state.
   * @returns whether it is stored; the end that a drain brings is not.
   * @throws Violation
   */
  came(at: number, entry: Entry): boolean {
    const { counted, stored } = this;
    if (at < counted.length) {
      if (counted[at] !== entry) throw this.violation(at, entry, `had ${text(counted[at]!)} there before`);
      return true;
    }
    if (at > counted.length) throw this.violation(at, entry, `had only ${counted.length} before`);
    if (entry === END && this.isDrained && !this.endsByItself()) return false;
    if (stored.length > 0 && stored[0] !== entry) throw this.violation(at, entry, `has lost ${text(stored[0]!)}`);
    const isNext = entry === END ? this.mayEnd() : this.isNext(sentAs(entry));
    if (!isNext) throw this.violation(at, entry, `had ${text(counted.at(-1) ?? END)} last`);
    counted.push(entry);
    this.stored = stored.slice(1);
    this.onCounted(entry);
    return true;
  }

  /** Nothing more will come, and nothing went wrong in this life. @throws Violation */
  silence(): void {
    const last = this.counted.at(-1);
    if (last === END) return;
    for (const [subscription, { sent, isOpen }] of this.subscriptions.entries()) {
      if (!isOpen || sent === 0) continue;
      if (last === undefined || last < subscription * ROOM + sent - 1)
        throw new Violation(`${this.name} has sent ${text(subscription * ROOM + sent - 1)}, and nothing came of it`);
    }
  }

  /**
   * Its job is drained, which is the only one: it ends here, for this life alone.
   *
   * @param subscription - of that job; undefined if it has none.
   * @returns all that has counted, and what may before it ends.
   */
  drain(subscription: number | undefined): { readonly counted: readonly Entry[]; readonly upcoming: readonly Entry[] } {
    this.isDrained = true;
    return { counted: [...this.counted], upcoming: this.upcoming(subscription) };
  }

  /** It is not after all. */
  goOn(): void {
    this.isDrained = false;
  }

  /** What is stored or was sent, and nothing was made of yet. */
  private upcoming(subscription: number | undefined): Entry[] {
    const upcoming = [...this.stored];
    const last = upcoming.at(-1) ?? this.counted.at(-1);
    // A job that is about to start has in its journal what was sent to the one before it in the same life.
    subscription ??= this.subscriptions.length - 1;
    if (subscription < this.firstAlive || last === END) return upcoming;
    const { sent, hasCompleted } = this.subscriptions[subscription]!;
    const before = last === undefined ? undefined : sentAs(last);
    const first = before?.subscription === subscription ? before.index + 1 : 0;
    for (let index = first; index < sent; index++) upcoming.push(subscription * ROOM + index);
    return hasCompleted ? [...upcoming, END] : upcoming;
  }

  /** Nobody listens to the source any more: the processes are dead. */
  died(): void {
    this.isDrained = false;
    this.firstAlive = this.subscriptions.length;
    for (const subscription of this.subscriptions) subscription.isOpen = false;
  }

  private isNext({ subscription, index }: Sent): boolean {
    if (index >= (this.subscriptions[subscription]?.sent ?? 0)) return false;
    const last = this.counted.at(-1);
    if (last === undefined) return index === 0;
    if (last === END) return false;
    const before = sentAs(last);
    return before.subscription === subscription
      ? index === before.index + 1
      : before.subscription < subscription && index === 0;
  }

  /** Or else a drain ends it: what completed in a life before, and was not found stored, is lost. */
  private endsByItself(): boolean {
    return this.stored.length > 0 || this.mayEnd(this.firstAlive);
  }

  /** Whether a subscription, from that one on, has completed all of whose values came. */
  private mayEnd(from: number = 0): boolean {
    const last = this.counted.at(-1);
    if (last === END) return false;
    const before = last === undefined ? { subscription: -1, index: -1 } : sentAs(last);
    return this.subscriptions.some(({ sent, hasCompleted }, subscription) => {
      if (!hasCompleted || subscription < Math.max(from, before.subscription)) return false;
      return sent === (subscription === before.subscription ? before.index + 1 : 0);
    });
  }

  private violation(at: number, entry: Entry, why: string): Violation {
    return new Violation(`${this.name} gave ${text(entry)} as its value ${at}, and ${why}`);
  }
}

function sentAs(entry: number): Sent {
  return { subscription: Math.floor(entry / ROOM), index: entry % ROOM };
}

function text(entry: Entry): string {
  if (entry === END) return END;
  const { subscription, index } = sentAs(entry);
  return `value ${index} of subscription ${subscription}`;
}
