import type { Observer, Subscription } from 'rxjs';
import { config, Observable, Subscriber } from 'rxjs';

import { ForeignOutlet } from './Outlet.js';

/**
 * What a consumer's own observer is subscribed with. RxJS's does the same in four calls for each value; this one, at the
 * end of every pipeline, in one (decision 0030).
 */
export class ConsumerSubscriber<T> extends Subscriber<T> {
  readonly outlet: ObserverOutlet<T>;

  constructor(readonly observer: Partial<Observer<T>>) {
    super();
    this.outlet = observerOutlet(observer);
  }

  override next(value: T): void {
    this.outlet.next(value);
  }

  override error(error: unknown): void {
    this.stop();
    super.error(error);
  }

  override complete(): void {
    this.stop();
    super.complete();
  }

  override unsubscribe(): void {
    this.stop();
    super.unsubscribe();
  }

  /** From now on RxJS's own `next`, which reports what comes too late. */
  private stop(): void {
    const next = (value: T): void => super.next(value);
    this.outlet.next = next;
  }

  protected override _error(error: unknown): void {
    const { observer } = this;
    try {
      if (observer.error) observer.error(error);
      else reportUnhandled(error);
    } catch (thrown) {
      reportUnhandled(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    const { observer } = this;
    try {
      if (observer.complete) observer.complete();
    } catch (error) {
      reportUnhandled(error);
    } finally {
      this.unsubscribe();
    }
  }
}

type ObserverOutlet<T> = ForeignOutlet<T, Partial<Pick<Observer<T>, 'next'>>>;

/** The outlet into a consumer's observer. */
export function observerOutlet<T>(observer: Partial<Pick<Observer<T>, 'next'>>): ObserverOutlet<T> {
  return new ForeignOutlet(observer, handOver);
}

function handOver<T>(this: ObserverOutlet<T>, value: T): void {
  const { dest: observer } = this;
  try {
    // Looked up each time, as RxJS does: an observer may change its mind.
    if (observer.next) observer.next(value);
  } catch (error) {
    reportUnhandled(error);
  }
}

/**
 * The way of RxJS, which is not public: what a consumer throws reaches `config.onUnhandledError` or the host, or in its
 * deprecated mode whoever is subscribing.
 */
export function reportUnhandled(error: unknown): void {
  Subscriber.create<void>(() => {
    throw error;
  }).next();
}

type NextOrObserver<T> = Partial<Observer<T>> | ((value: T) => void) | null;
type ErrorCallback = ((error: unknown) => void) | null;
type CompleteCallback = (() => void) | null;

/** An Observable whose consumers are subscribed with a ConsumerSubscriber. */
export class ConsumerObservable<T> extends Observable<T> {
  override subscribe(observerOrNext?: Partial<Observer<T>> | ((value: T) => void)): Subscription;
  /** @deprecated Pass an observer. */
  override subscribe(
    next?: ((value: T) => void) | null,
    error?: ErrorCallback,
    complete?: CompleteCallback,
  ): Subscription;
  override subscribe(
    observerOrNext?: NextOrObserver<T>,
    error?: ErrorCallback,
    complete?: CompleteCallback,
  ): Subscription {
    const subscriber = toSubscriber(observerOrNext ?? null, error ?? null, complete ?? null);
    if (subscriber !== null) return super.subscribe(subscriber);
    // Not wrapped in an observer object: what is a Subscriber has to arrive as one.
    // eslint-disable-next-line rxjs-x/prefer-observer
    return super.subscribe(observerOrNext as (value: T) => void, error, complete);
  }
}

/** Null for what has to be left to RxJS: its deprecated modes, and subscribers, which are none of ours to wrap. */
function toSubscriber<T>(
  observerOrNext: NextOrObserver<T>,
  error: ErrorCallback,
  complete: CompleteCallback,
): Subscriber<T> | null {
  if (config.useDeprecatedSynchronousErrorHandling || config.useDeprecatedNextContext) return null;
  if (typeof observerOrNext === 'function' || !observerOrNext) {
    return new ConsumerSubscriber<T>({
      next: observerOrNext ?? undefined,
      error: error ?? undefined,
      complete: complete ?? undefined,
    });
  }
  return typeof (observerOrNext as { add?: unknown }).add === 'function'
    ? null
    : new ConsumerSubscriber<T>(observerOrNext);
}
