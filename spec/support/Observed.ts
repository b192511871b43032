import type { Observable, Subscription } from 'rxjs';

/** A subscription that remembers what came. */
export class Observed<T> {
  readonly values: T[] = [];
  error: unknown = undefined;
  hasCompleted = false;
  readonly subscription: Subscription;

  constructor(observable: Observable<T>, onNext?: (value: T) => void) {
    this.subscription = observable.subscribe({
      next: (value) => {
        this.values.push(value);
        onNext?.(value);
      },
      error: (error: unknown) => (this.error = error),
      complete: () => (this.hasCompleted = true),
    });
  }

  get last(): T | undefined {
    return this.values[this.values.length - 1];
  }

  unsubscribe(): void {
    this.subscription.unsubscribe();
  }
}

export function observe<T>(observable: Observable<T>, onNext?: (value: T) => void): Observed<T> {
  return new Observed(observable, onNext);
}

/**
 * Resolves when everything has happened that waits for no timer: jobs over a storage in memory have started and settled,
 * also where a busy machine made them go on in a task of its own, once or twice.
 */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
