import type { Random } from '../../src/testing/random.js';
import { never } from '../../src/testing/untilCrash.js';
import type { DiskFaults, DiskUser } from './SimulatedDisk.js';

/** What a tab asks of its browser. */
export interface TabCall<R> {
  readonly method: 'ready' | 'keys' | 'getItem' | 'setItem' | 'removeItem' | 'locks.request';
  /** Is done in one step, or not at all. */
  readonly work: () => R;
}

/** A call that was made, and not answered. */
interface Waiting {
  readonly method: TabCall<unknown>['method'] | 'news';
  /** Undefined once it is done. */
  work: (() => unknown) | undefined;
  result: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How often an answer takes longer than what it answers. */
const LATE_ANSWERS = 0.3;

const isChange = new Set<string>(['setItem', 'removeItem']);

/**
 * What a tab has asked its browser for. What several tabs ask for happens one after the other, each call in one step between its
 * beginning and its answer. Calls that wait together happen in any order.
 */
export class TabCalls {
  private waiting: Waiting[] = [];
  /** Never answered. */
  private readonly hanging: Waiting[] = [];
  private isGone = false;

  constructor(
    private readonly context: { readonly user: DiskUser; readonly random: Random; readonly faults: DiskFaults },
  ) {}

  get areWaiting(): boolean {
    return this.waiting.length > 0;
  }

  make<R>({ method, work }: TabCall<R>): Promise<R> {
    const { user } = this.context;
    if (!this.isGone) user.step(`${method}, before`);
    if (this.isGone) return never();
    return new Promise<unknown>((resolve, reject) =>
      this.waiting.push({ method, work, result: undefined, resolve, reject }),
    ) as Promise<R>;
  }

  /** Something happens that it is told of, some time. */
  hear(news: () => void): void {
    this.waiting.push({ method: 'news', work: undefined, result: undefined, resolve: news, reject: () => {} });
  }

  settleOne(): void {
    const { waiting } = this;
    const { random } = this.context;
    const index = random.chance(0.8) ? 0 : random.below(waiting.length);
    const call = waiting[index]!;
    if (call.work !== undefined && !this.hasHappened(call, call.work)) return;
    waiting.splice(waiting.indexOf(call), 1);
    call.resolve(call.result);
  }

  /** @returns whether it is to be answered now. */
  private hasHappened(call: Waiting, work: () => unknown): boolean {
    const { user, random, faults } = this.context;
    const { method } = call;
    // Of a full store it is the changes of which nobody hears any more.
    if (random.chance(faults.hanging * (isChange.has(method) ? 3 : 1))) {
      user.fault(`${method} hangs`);
      if (random.chance(0.5)) happen(call, work);
      this.drop(call);
      this.hanging.push(call);
      return false;
    }
    if (random.chance(chanceOfFailure(method, faults))) return this.refuse(call, 'fails');
    happen(call, work);
    user.step(`${method}, after`);
    if (this.isGone) return false;
    if (isChange.has(method) && random.chance(faults.failedButDone)) return this.refuse(call, 'done, but fails');
    return !random.chance(LATE_ANSWERS);
  }

  private refuse(call: Waiting, how: string): false {
    const { method } = call;
    this.context.user.fault(`${method} ${how}`);
    this.drop(call);
    call.reject(
      method === 'setItem'
        ? new DOMException('The quota has been exceeded.', 'QuotaExceededError')
        : new DOMException('The database connection is closing.', 'InvalidStateError'),
    );
    return false;
  }

  private drop(call: Waiting): void {
    this.waiting.splice(this.waiting.indexOf(call), 1);
  }

  /** The tab dies: what it had asked for has happened, or has not. */
  die(): void {
    this.isGone = true;
    for (const { method, work } of [...this.waiting, ...this.hanging])
      if (work !== undefined && isChange.has(method) && this.context.random.chance(0.5)) work();
    this.waiting = [];
    this.hanging.length = 0;
  }
}

function happen(call: Waiting, work: () => unknown): void {
  call.work = undefined;
  call.result = work();
}

function chanceOfFailure(method: Waiting['method'], { full, unreadable, undeletable }: DiskFaults): number {
  if (method === 'setItem') return full;
  return method === 'removeItem' ? undeletable : unreadable;
}
