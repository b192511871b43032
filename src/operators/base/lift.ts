import type { Observable, Subscriber } from 'rxjs';

/**
 * Applies an operator to a plain Observable as RxJS does: through `source.lift`, so that subclasses of Observable
 * survive.
 */
export function lift<T, R>(
  source: Observable<T>,
  connect: (dest: Subscriber<R>, source: Observable<T>) => void,
): Observable<R> {
  if (typeof (source as Partial<Observable<T>> | null | undefined)?.lift !== 'function') {
    throw new TypeError('Unable to lift unknown Observable type');
  }
  return source.lift<R>({
    call(dest: Subscriber<R>, liftedSource: Observable<T>): void {
      try {
        connect(dest, liftedSource);
      } catch (error) {
        dest.error(error);
      }
    },
  });
}
