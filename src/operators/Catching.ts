import type { ObservableInput, Subscriber } from 'rxjs';
import { from } from 'rxjs';

import { subscribeOutside } from './base/connectOutside.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { passOn, SyncSubscriber } from './base/SyncSubscriber.js';

/** What a `catchError` goes on with. */
export interface ErrorHandling<R> {
  /** Calls the selector. */
  handlerFor(error: unknown, source: ObservableInput<R>): ObservableInput<R>;
}

const catching: SyncOperator<unknown, unknown, null, Catching<unknown>> = {
  operator: 'catchError',
  next: passOn,
  failed(error) {
    this.args.failed(error);
  },
  capture: () => null,
  restore: () => null,
};

/** What `catchError` does outside of a job. */
export class Catching<R> {
  private isSubscribing = true;
  private handler: ObservableInput<R> | null = null;
  private readonly subscriber: SyncSubscriber<R, R, null, this>;

  constructor(
    protected readonly dest: Subscriber<R>,
    private readonly source: ObservableInput<R>,
    private readonly handling: ErrorHandling<R>,
  ) {
    const operator: unknown = catching;
    this.subscriber = new SyncSubscriber(dest, null, operator as SyncOperator<R, R, null, this>, this, noState);
  }

  begin(): void {
    subscribeOutside(this.source, this.subscriber);
    this.isSubscribing = false;
    if (this.handler !== null) this.goOn(this.handler);
  }

  failed(error: unknown): void {
    const handler = this.handlerFor(error);
    // What is nothing to subscribe to fails here.
    void from(handler);
    // Not before subscribing has come back, or a synchronous source could not be unsubscribed.
    if (this.isSubscribing) this.handler = handler;
    else this.goOn(handler);
  }

  protected handlerFor(error: unknown): ObservableInput<R> {
    return this.handling.handlerFor(error, this.source);
  }

  private goOn(handler: ObservableInput<R>): void {
    this.subscriber.unsubscribe();
    this.follow(handler);
  }

  protected follow(handler: ObservableInput<R>): void {
    from(handler).subscribe(this.dest);
  }
}

function noState(): null {
  return null;
}
