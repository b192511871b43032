import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { Site } from './base/Site.js';
import type { Caught, ErrorHandling } from './Catching.js';

interface CatchErrorSnapshot {
  readonly handler: InnersSnapshot<unknown>;
}

/** What `catchError` does in a job: the handler is an inner, projected from the error. */
export class CatchErrorCore<R> extends HigherOrderCore<unknown, R, null> {
  s: null = null;

  constructor(
    dest: Subscriber<R>,
    site: Site,
    sources: readonly ObservableInput<R>[],
    private readonly handling: ErrorHandling<R>,
    /** Set if the source has failed before this came into the job. */
    private readonly caught: Caught<R> | null = null,
  ) {
    super(dest, site, sources);
  }

  protected override begin(): void {
    const { caught } = this;
    if (caught === null) return super.begin();
    this.noteDone(0);
    this.jobInners.connect(caught.scope, caught.handler, caught.error, 0);
  }

  override onError(error: unknown): void {
    this.subscribeInner(error, 0);
  }

  onInnerComplete(): void {
    this.dest.complete();
  }

  /** After the selector was called, as in RxJS. */
  override innerStarted(): void {
    this.inputs[0]?.unsubscribe();
  }

  project(error: unknown): ObservableInput<R> {
    return this.handling.handlerFor(error, this.sources[0] as ObservableInput<R>);
  }

  protected captureState(capture: Capture): CatchErrorSnapshot {
    return { handler: this.captureInners(capture) };
  }

  protected restoreState({ handler }: CatchErrorSnapshot): void {
    this.restoreInners(handler);
  }
}
