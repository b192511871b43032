import type { Observable, Subscriber } from 'rxjs';

/**
 * Applies an operator to a plain Observable as RxJS does: through `source.lift`, so that subclasses of Observable
 * survive.
 */
export function lift<T, R>(
  source: Observable<T>,
  connect: (dest: Subscriber<R>, source: Observable<T>) => void,
  /** As that of a `Definition`. */
  throwsOut: boolean = false,
): Observable<R> {
  if (typeof (source as Partial<Observable<T>> | null | undefined)?.lift !== 'function') {
    throw new TypeError('Unable to lift unknown Observable type');
  }
  // A function, as RxJS's: who wraps operators may `apply` one as well as `call` it.
  return source.lift<R>(function (this: Subscriber<R>, liftedSource: Observable<T>): void {
    try {
      connect(this, liftedSource);
    } catch (error) {
      if (throwsOut) throw error;
      this.error(error);
    }
  });
}
