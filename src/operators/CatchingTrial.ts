import type { ObservableInput, Subscriber } from 'rxjs';

import type { Named, Scope } from '../checkpoint/protocol/Scope.js';
import { endsAtOnce, subscribeAtOnce } from './base/atOnce.js';
import { constructIn } from './base/construction.js';
import { disown } from './base/plainNode.js';
import { planOf } from './base/Plan.js';
import type { Node } from './base/Site.js';
import type { Caught } from './CatchErrorCore.js';
import type { ErrorHandling } from './Catching.js';
import { Catching } from './Catching.js';

/**
 * A `catchError` at the end of an inner pipeline, within a turn: its source ends at once, and most handlers do as well.
 * One that does not is left for the job.
 */
export class CatchingTrial<R> extends Catching<R> implements Named {
  private caught: Caught<R> | null = null;
  /** What has to go on as a part of the job. */
  left: Caught<R> | null = null;

  constructor(
    dest: Subscriber<R>,
    source: ObservableInput<R>,
    handling: ErrorHandling<R>,
    /** Of the inner pipeline. */
    private readonly innerScope: Scope,
    private readonly node: Node,
  ) {
    super(dest, source, handling);
  }

  /** That of the site which it would have. */
  get name(): string {
    return this.innerScope.structuralPrefix + planOf(this.node).localName;
  }

  protected override handlerFor(error: unknown): ObservableInput<R> {
    const scope = this.innerScope.inner(this, 0);
    const handler = constructIn(scope, () => super.handlerFor(error));
    this.caught = { error, handler, scope };
    return handler;
  }

  protected override follow(handler: ObservableInput<R>): void {
    if (endsAtOnce(handler)) subscribeAtOnce(handler, this.dest);
    else if (this.dest.closed) disown(handler);
    else this.left = this.caught;
  }
}
