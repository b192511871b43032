import type { ObservableInput, Subscriber } from 'rxjs';
import { from } from 'rxjs';

import type { Named, Scope } from '../checkpoint/protocol/Scope.js';
import { endsAtOnce, subscribeAtOnce } from './base/atOnce.js';
import { subscribeOutside } from './base/connectOutside.js';
import { constructIn } from './base/construction.js';
import { disown } from './base/plainNode.js';
import { planOf } from './base/Plan.js';
import type { Node, Tried } from './base/Site.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { passOn, SyncSubscriber } from './base/SyncSubscriber.js';

/** What a `catchError` goes on with. */
export interface ErrorHandling<R> {
  /** Calls the selector. */
  handlerFor(error: unknown, source: ObservableInput<R>): ObservableInput<R>;
}

/** An error of which the selector has been told, and what it gave. */
export interface Caught<R> {
  readonly error: unknown;
  readonly handler: ObservableInput<R>;
  /** Where what the selector made belongs. */
  readonly scope: Scope;
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

/**
 * What `catchError` does outside of a job, and at the end of an inner pipeline within a turn, when its source ends at once:
 * most handlers do as well there. One that does not is left for the job.
 */
export class Catching<R> {
  /** What has to go on as a part of the job. */
  left: Caught<R> | null = null;
  private caught: Caught<R> | null = null;
  private isSubscribing = true;
  private handler: ObservableInput<R> | null = null;
  private readonly subscriber: SyncSubscriber<R, R, null, this>;

  constructor(
    private readonly dest: Subscriber<R>,
    private readonly source: ObservableInput<R>,
    private readonly handling: ErrorHandling<R>,
    /** In a job, where `dest` is a `Tried`. */
    private readonly node: Node | null = null,
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

  private handlerFor(error: unknown): ObservableInput<R> {
    const { node, handling, source } = this;
    if (node === null) return handling.handlerFor(error, source);
    const { scope: innerScope } = this.dest as Tried<R>;
    const scope = innerScope.inner(new Catcher(innerScope, node), 0);
    const handler = constructIn(scope, () => handling.handlerFor(error, source));
    this.caught = { error, handler, scope };
    return handler;
  }

  private goOn(handler: ObservableInput<R>): void {
    this.subscriber.unsubscribe();
    this.follow(handler);
  }

  private follow(handler: ObservableInput<R>): void {
    const { dest } = this;
    if (this.node === null) from(handler).subscribe(dest);
    else if (endsAtOnce(handler)) subscribeAtOnce(handler, dest);
    else if (dest.closed) disown(handler);
    else this.left = this.caught;
  }
}

/** The operator as the site names it that it would have. */
class Catcher implements Named {
  constructor(
    private readonly scope: Scope,
    private readonly node: Node,
  ) {}

  get name(): string {
    return this.scope.structuralPrefix + planOf(this.node).localName;
  }
}

function noState(): null {
  return null;
}
