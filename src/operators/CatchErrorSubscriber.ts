import type { ObservableInput, Subscriber } from 'rxjs';
import { from } from 'rxjs';

import { subscribeOutside } from './base/connectOutside.js';
import { PassingSubscriber } from './base/PassingSubscriber.js';

/** What a `catchError` goes on with. */
export interface ErrorHandling<R> {
  /** Calls the selector. */
  handlerFor(error: unknown, source: ObservableInput<R>): ObservableInput<R>;
}

/** What `catchError` does outside of a job. */
export class CatchErrorSubscriber<R> extends PassingSubscriber<R> {
  private isSubscribing = true;
  private handler: ObservableInput<R> | null = null;

  constructor(
    dest: Subscriber<R>,
    private readonly source: ObservableInput<R>,
    private readonly handling: ErrorHandling<R>,
  ) {
    super(dest);
  }

  begin(): void {
    subscribeOutside(this.source, this);
    this.isSubscribing = false;
    if (this.handler !== null) this.goOn(this.handler);
  }

  protected override _error(error: unknown): void {
    try {
      const handler = this.handlerFor(error);
      // What is nothing to subscribe to fails here.
      from(handler);
      // Not before subscribing has come back, or a synchronous source could not be unsubscribed.
      if (this.isSubscribing) this.handler = handler;
      else this.goOn(handler);
    } catch (thrown) {
      this.dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected handlerFor(error: unknown): ObservableInput<R> {
    return this.handling.handlerFor(error, this.source);
  }

  private goOn(handler: ObservableInput<R>): void {
    this.unsubscribe();
    this.follow(handler);
  }

  protected follow(handler: ObservableInput<R>): void {
    from(handler).subscribe(this.dest);
  }
}
