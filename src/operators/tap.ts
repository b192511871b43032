import type { Observable, OperatorFunction, Subscriber, TapObserver } from 'rxjs';

import type { Opening } from '../checkpoint/protocol/Round.js';
import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import type { Site, Upstream } from './base/Site.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { SyncSubscriber, syncStep } from './base/SyncSubscriber.js';

export type { TapObserver } from 'rxjs';

/**
 * Calls back for every notification, and passes it on unchanged. For side effects: logging, metrics, a debugger.
 *
 * **Checkpoint:** nothing. A restore repeats the callbacks for all values that are emitted again, and calls
 * `subscribe` again.
 *
 * ```text
 * source  -1-2-%-3-|
 *         tap(log)
 * result  -1-2-%-3-|
 * ```
 *
 * @example
 * const logged$ = flights$.pipe(tap((flight) => console.log(flight.delay)));
 * @param observerOrNext - called with each value; or an object with any of `next`, `error` and `complete`, and
 * `subscribe` (before the source is subscribed), `unsubscribe` (when the subscriber leaves before the end) and
 * `finalize` (at the end, whichever it is).
 * @throws what a callback throws goes to the subscriber as an error; from `unsubscribe` and `finalize` to whoever
 * unsubscribes.
 */
export function tap<T>(observerOrNext?: Partial<TapObserver<T>> | ((value: T) => void)): MonoTypeOperatorFunction<T>;
/** @deprecated Use an object with callbacks. */
export function tap<T>(
  next?: ((value: T) => void) | null,
  error?: ((error: any) => void) | null, // eslint-disable-line @typescript-eslint/no-explicit-any -- as RxJS has it
  complete?: (() => void) | null,
): MonoTypeOperatorFunction<T>;
export function tap<T>(
  observerOrNext?: Partial<TapObserver<T>> | ((value: T) => void) | null,
  error?: ((error: unknown) => void) | null,
  complete?: (() => void) | null,
): CheckpointedOperator<T, T> {
  const observer =
    typeof observerOrNext === 'function' || error || complete
      ? ({ next: observerOrNext, error, complete } as Partial<TapObserver<T>>)
      : observerOrNext;
  if (!observer) return unchanged as OperatorFunction<T, T> as CheckpointedOperator<T, T>;
  return syncStep('tap', false, (dest, site) => {
    if (site === null) observer.subscribe?.();
    return new TapSubscriber(dest, site, observer);
  });
}

function unchanged<T>(source: Observable<T>): Observable<T> {
  return source;
}

type Callbacks = Partial<TapObserver<unknown>>;

const tapOperator: SyncOperator<unknown, unknown, null, Callbacks> = {
  operator: 'tap',
  next(value) {
    const tapping = this as TapSubscriber<unknown>;
    if (!tapping.isSubscribed) tapping.open();
    if (this.isStopped) return this.next(value); // Opening has failed.
    try {
      this.args.next?.(value);
      this.out.next(value);
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: () => null,
  restore: () => null,
};

/** Calls the callbacks of all but values. */
class TapSubscriber<T> extends SyncSubscriber<T, T, null, Callbacks> implements Opening {
  isSubscribed: boolean;
  private hasEnded = false;

  constructor(dest: Subscriber<T>, site: Site | null, observer: Partial<TapObserver<T>>) {
    super(dest, site, tapOperator, observer as Callbacks, () => null);
    this.isSubscribed = site === null;
  }

  override join(site: Site, isStateful: boolean): Upstream | null {
    site.run.connecting.queue(this);
    return super.join(site, isStateful);
  }

  /** Calls `subscribe` in a job: when it opens, or before the first notification, since overdue timers come earlier. */
  open(): void {
    if (this.isSubscribed || this.closed) return;
    const { run } = this.site!;
    run.enter();
    try {
      this.args.subscribe?.();
      this.isSubscribed = true;
    } catch (error) {
      this.dest.error(error);
    } finally {
      run.leave();
    }
  }

  override error(error: unknown): void {
    if (!this.isSubscribed) this.open();
    super.error(error);
  }

  override complete(): void {
    if (!this.isSubscribed) this.open();
    super.complete();
  }

  protected override _error(error: unknown): void {
    const { dest, args: observer } = this;
    this.hasEnded = true;
    try {
      observer.error?.(error);
      dest.error(error);
    } catch (thrown) {
      dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    const { dest, args: observer } = this;
    this.hasEnded = true;
    try {
      observer.complete?.();
      dest.complete();
    } catch (error) {
      dest.error(error);
    } finally {
      this.unsubscribe();
    }
  }

  override unsubscribe(): void {
    const { closed } = this;
    super.unsubscribe();
    // Not subscribed: closed while it was connected, or in the constructor already, because `dest` was.
    if (closed || !this.isSubscribed) return;
    if (!this.hasEnded) this.args.unsubscribe?.();
    this.args.finalize?.();
  }
}
