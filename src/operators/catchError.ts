import type { Observable, ObservableInput, ObservedValueOf, Subscriber } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { CoreDefinition } from './base/coreOperator.js';
import { CoreNodeDefinition, coreOperator } from './base/coreOperator.js';
import type { Node, Site, Tried, Upstream } from './base/Site.js';
import { CatchErrorCore } from './CatchErrorCore.js';
import type { Caught, ErrorHandling } from './Catching.js';
import { Catching } from './Catching.js';

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
  return coreOperator<T, Result>(new CatchErrorDefinition(selector as Selector<Result>));
}

type Selector<R> = (error: unknown, caught: Observable<R>) => ObservableInput<R>;

class CatchErrorDefinition<R> implements CoreDefinition<R>, ErrorHandling<R> {
  constructor(private readonly selector: Selector<R>) {}

  get operator(): string {
    return 'catchError';
  }

  get outlivesConsumer(): boolean {
    return true;
  }

  handlerFor(error: unknown, source: ObservableInput<R>): ObservableInput<R> {
    const { selector } = this;
    return selector(error, catchError(selector)(source as Observable<R>));
  }

  create(dest: Subscriber<R>, site: Site, sources: readonly ObservableInput<R>[]): CatchErrorCore<R> {
    return new CatchErrorCore(dest, site, sources, this);
  }

  // Not `[source]` in their parameters, which is an iterator for each inner.
  subscribe(dest: Subscriber<R>, sources: readonly ObservableInput<R>[]): void {
    new Catching(dest, sources[0]!, this).begin();
  }

  tryAtOnce(dest: Tried<R>, node: Node, sources: readonly ObservableInput<R>[]): Node | null {
    const source = sources[0]!;
    const catching = new Catching(dest, source, this, node);
    catching.begin();
    const { left } = catching;
    return left === null ? null : { definition: new CaughtDefinition(this, source, left), plan: null };
  }
}

/** Of a `catchError` whose source has failed already. */
class CaughtDefinition<R> extends CoreNodeDefinition<R> {
  constructor(
    private readonly handling: CatchErrorDefinition<R>,
    source: ObservableInput<R>,
    private readonly caught: Caught<R>,
  ) {
    super(handling, [source]);
  }

  override connect(dest: Subscriber<R>, site: Site): Upstream | null {
    return new CatchErrorCore(
      dest,
      site,
      this.inputs as readonly ObservableInput<R>[],
      this.handling,
      this.caught,
    ).connect();
  }
}
