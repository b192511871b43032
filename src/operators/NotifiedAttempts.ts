import type { Observable, ObservableInput, Subscription } from 'rxjs';
import { from, Subject, Subscriber } from 'rxjs';

import { NotifierInJobError } from '../errors/NotifierInJobError.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';

/**
 * What retryWhen and repeatWhen do, outside of a job: whenever the notifier emits, the source is subscribed again. The
 * notifier is made once, at the first signal.
 */
abstract class NotifiedAttempts<T, S> {
  private signals: Subject<S> | null = null;
  /** Null while the first subscription, or one after it that ended at once, is being made. */
  private current: Subscription | null = null;
  private isDue = false;

  constructor(
    readonly dest: Subscriber<T>,
    private readonly source: Observable<T>,
    private readonly notifier: (signals: Observable<S>) => ObservableInput<unknown>,
  ) {}

  connect(): null {
    this.subscribe();
    return null;
  }

  protected abstract createAttempt(): Subscriber<T>;

  /** All signals have been taken. */
  abstract notifierCompleted(): void;

  subscribe(): void {
    for (;;) {
      this.current = this.source.subscribe(this.createAttempt());
      if (!this.isDue) return;
      this.current.unsubscribe();
      this.current = null;
      this.isDue = false;
    }
  }

  signal(signal: S): void {
    if (this.signals === null) {
      const { notifier } = this;
      this.signals = new Subject<S>();
      from(notifier(this.signals)).subscribe(new NotifierSubscriber(this));
    }
    this.signals.next(signal);
  }

  again(): void {
    // In the middle of subscribing: the loop there goes on, once the source can be unsubscribed.
    if (this.current === null) this.isDue = true;
    else this.subscribe();
  }
}

class NotifierSubscriber<T, S> extends Subscriber<unknown> {
  constructor(private readonly attempts: NotifiedAttempts<T, S>) {
    super(attempts.dest);
  }

  protected override _next(): void {
    const { attempts } = this;
    try {
      attempts.again();
    } catch (error) {
      attempts.dest.error(error);
    }
  }

  protected override _complete(): void {
    const { attempts } = this;
    try {
      attempts.notifierCompleted();
    } catch (error) {
      attempts.dest.error(error);
    } finally {
      this.unsubscribe();
    }
  }
}

/** A subscription to the source. One of its two ends is the signal. */
class Attempt<T> extends Subscriber<T> {
  constructor(
    private readonly dest: Subscriber<T>,
    private readonly onError: ((error: unknown) => void) | null,
    private readonly onComplete: (() => void) | null,
  ) {
    super(dest);
  }

  protected override _error(error: unknown): void {
    const { onError } = this;
    if (onError === null) super._error(error);
    else this.end(() => onError(error));
  }

  protected override _complete(): void {
    const { onComplete } = this;
    if (onComplete === null) super._complete();
    else this.end(onComplete);
  }

  private end(tell: () => void): void {
    const { dest } = this;
    try {
      tell();
    } catch (error) {
      dest.error(error);
    } finally {
      this.unsubscribe();
    }
  }
}

class Retries<T> extends NotifiedAttempts<T, unknown> {
  protected createAttempt(): Subscriber<T> {
    return new Attempt(this.dest, (error) => this.signal(error), null);
  }

  notifierCompleted(): void {
    this.dest.complete();
  }
}

class Repetitions<T> extends NotifiedAttempts<T, void> {
  private isSourceDone = false;
  private isNotifierDone = false;

  protected createAttempt(): Subscriber<T> {
    this.isSourceDone = false;
    return new Attempt(this.dest, null, () => {
      this.isSourceDone = true;
      if (this.isNotifierDone) this.dest.complete();
      else this.signal();
    });
  }

  notifierCompleted(): void {
    this.isNotifierDone = true;
    if (this.isSourceDone) this.dest.complete();
  }
}

export function retriesWhen<T>(
  notifier: (errors: Observable<unknown>) => ObservableInput<unknown>,
): CheckpointedOperator<T, T> {
  return coreOperator<T, T>({
    operator: 'retryWhen',
    create(dest, site, [source]) {
      if (site !== null) throw new NotifierInJobError('retryWhen');
      return new Retries<T>(dest, source as Observable<T>, notifier);
    },
  });
}

export function repeatsWhen<T>(
  notifier: (completions: Observable<void>) => ObservableInput<unknown>,
): CheckpointedOperator<T, T> {
  return coreOperator<T, T>({
    operator: 'repeatWhen',
    create(dest, site, [source]) {
      if (site !== null) throw new NotifierInJobError('repeatWhen');
      return new Repetitions<T>(dest, source as Observable<T>, notifier);
    },
  });
}
