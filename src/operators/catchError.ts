import type { Observable, ObservableInput, ObservedValueOf, Subscriber } from 'rxjs';
import { from } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { InnersSnapshot } from './base/HigherOrderCore.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { Site } from './base/Site.js';

/**
 * After an error goes on with what `selector` gives.
 *
 * **Checkpoint:** nothing until the error; then the error, and the state of what `selector` gave. A restore calls
 * `selector` again, with an error of the same class. An error of a class that is neither built in, nor RxJS's, nor among
 * the `errorTypes` of the CheckpointSubject fails the checkpoint, because it could not be made again.
 *
 * ```text
 * source  -1-#
 *         catchError(() => other)
 * result  -1-2-%-3-|
 * ```
 *
 * @example
 * const prices$ = live$.pipe(catchError(() => cached$));
 * @param selector - gets the error, and the stream itself to try it again; what it throws is the new error.
 */
export function catchError<T, O extends ObservableInput<unknown>>(
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- RxJS's signature: an error is of any type
  selector: (err: any, caught: Observable<T>) => O,
): CheckpointedOperator<T, T | ObservedValueOf<O>> {
  type Result = T | ObservedValueOf<O>;
  return coreOperator<T, Result>({
    operator: 'catchError',
    outlivesConsumer: true,
    create: (dest, site, sources) => new CatchErrorCore<Result>(dest, site, sources, selector as Selector<Result>),
  });
}

type Selector<R> = (error: unknown, caught: Observable<R>) => ObservableInput<R>;

interface CatchErrorSnapshot {
  readonly handler: InnersSnapshot<unknown>;
}

/** The handler is an inner, projected from the error. */
class CatchErrorCore<R> extends HigherOrderCore<unknown, R, null> {
  s: null = null;
  private isSubscribing = true;
  private caught: { readonly handler: Observable<R> } | null = null;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly selector: Selector<R>,
  ) {
    super(dest, site, sources);
  }

  protected override begin(): void {
    this.subscribeInput(0);
    this.isSubscribing = false;
    if (this.caught !== null) this.goOn(this.caught.handler);
  }

  override onError(error: unknown): void {
    if (this.site !== null) return void this.subscribeInner(error, 0);
    const handler = from(this.project(error));
    // Not before subscribing has come back, or a synchronous source could not be unsubscribed.
    if (this.isSubscribing) this.caught = { handler };
    else this.goOn(handler);
  }

  private goOn(handler: Observable<R>): void {
    this.inputs[0]?.unsubscribe();
    handler.subscribe(this.dest);
  }

  onInnerComplete(): void {
    this.dest.complete();
  }

  /** After the selector was called, as in RxJS. */
  protected override innerStarted(): void {
    this.inputs[0]?.unsubscribe();
  }

  protected project(error: unknown): ObservableInput<R> {
    const { selector, sources } = this;
    return selector(error, catchError(selector)(sources[0] as Observable<R>));
  }

  protected captureState(capture: Capture): CatchErrorSnapshot {
    return { handler: this.captureInners(capture) };
  }

  protected restoreState({ handler }: CatchErrorSnapshot): void {
    this.isSubscribing = false;
    this.restoreInners(handler);
  }
}
