import type { ObservableInput, Subscriber } from 'rxjs';

import { subscribeOutside } from './base/connectOutside.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { passOn, SyncSubscriber } from './base/SyncSubscriber.js';

/** What retry and repeat do without a delay where no barrier can come. */
export class Resubscribing<T> {
  private soFar = 0;
  private isSubscribing = false;
  private isDue = false;
  private subscriber: SyncSubscriber<T, T, null, this> | null = null;

  constructor(
    private readonly dest: Subscriber<T>,
    private readonly source: ObservableInput<T>,
    /** How many errors are not handed on (retry), or how many attempts there are in all (repeat). */
    readonly count: number,
    private readonly operator: SyncOperator<unknown, unknown, null, Resubscribing<unknown>>,
  ) {}

  begin(): void {
    const { dest, source } = this;
    const operator = this.operator as SyncOperator<T, T, null, this>;
    // A source that ends while it is being subscribed comes back to here, so the stack stays flat.
    do {
      this.isDue = false;
      this.isSubscribing = true;
      const subscriber = new SyncSubscriber(dest, null, operator, this, noState);
      this.subscriber = subscriber;
      subscribeOutside(source, subscriber);
      this.isSubscribing = false;
      if (this.isDue) subscriber.unsubscribe();
    } while (this.isDue && !dest.closed);
  }

  again(): void {
    this.isDue = true;
    if (this.isSubscribing) return;
    this.subscriber!.unsubscribe();
    this.begin();
  }

  /** Counts one more; gives how many there were. */
  counted(): number {
    return ++this.soFar;
  }
}

function noState(): null {
  return null;
}

export const retrying: SyncOperator<unknown, unknown, null, Resubscribing<unknown>> = {
  operator: 'retry',
  next: passOn,
  failed(error) {
    const { args: attempts } = this;
    // Compared with how many there were before: half an error is one more (`retry(2.5)`).
    if (attempts.counted() - 1 < attempts.count) attempts.again();
    else this.dest.error(error);
  },
  capture: noState,
  restore: noState,
};

export const repeating: SyncOperator<unknown, unknown, null, Resubscribing<unknown>> = {
  operator: 'repeat',
  next: passOn,
  ended() {
    const { args: attempts } = this;
    if (attempts.counted() < attempts.count) attempts.again();
    else this.dest.complete();
  },
  capture: noState,
  restore: noState,
};
