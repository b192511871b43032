import { describe } from '@jest/globals';
import type { Observable } from 'rxjs';

import { recovers } from '../../support/expectRecovery.js';
import type { Library } from '../../support/Library.js';

/** Ends within the turn, with an error behind its values. */
function failing(rx: Library, letter: string): Observable<string> {
  return rx.of(letter, '!').pipe(
    rx.map((each) => {
      if (each === '!') throw new Error(letter);
      return each;
    }),
  );
}

describe('an inner pipeline whose source fails at once', () => {
  recovers('and whose handler ends at once', '0:a 0:a? 4:b 4:b? 6|', (rx, marbles) =>
    marbles('a---b-|').pipe(
      rx.mergeMap((letter) =>
        failing(rx, letter).pipe(rx.catchError((error) => rx.of(`${(error as Error).message}?`))),
      ),
    ),
  );

  recovers(
    'and whose handler lives on, with a state',
    '0:a 2:a1 2:b 4:a12 4:b1 6:a123 6:b12 8:b123 8|',
    (rx, marbles) =>
      marbles('a-b-|').pipe(
        rx.mergeMap((letter) =>
          failing(rx, letter).pipe(
            rx.catchError((error) =>
              rx.timer(2, 2).pipe(
                rx.take(3),
                rx.scan((word, i) => word + String(i + 1), (error as Error).message),
              ),
            ),
          ),
        ),
      ),
  );

  recovers('and whose handler is plain', '0:a 0:- 5:b 5:- 7|', (rx, marbles) =>
    marbles('a----b-|').pipe(rx.concatMap((letter) => failing(rx, letter).pipe(rx.catchError(() => ['-'])))),
  );

  recovers('and whose handler is left', '0:a 2:b 4:c 7:c? 7|', (rx, marbles) =>
    marbles('a-b-c-|').pipe(
      rx.switchMap((letter) =>
        failing(rx, letter).pipe(
          rx.catchError((error) => rx.timer(3).pipe(rx.map(() => `${(error as Error).message}?`))),
        ),
      ),
    ),
  );

  recovers('and is tried again by its handler', '0:a 0:a 2:a 2:gave up 5:b 5:b 7:b 7:gave up 7|', (rx, marbles) =>
    marbles('a----b|').pipe(
      rx.mergeMap((letter) => {
        let left = 2;
        return failing(rx, letter).pipe(
          rx.catchError((_, caught) => {
            if (left-- === 2) return caught;
            return rx.concat(rx.timer(2).pipe(rx.ignoreElements()), failing(rx, letter));
          }),
          rx.catchError(() => rx.of('gave up')),
        );
      }),
    ),
  );

  recovers('and whose handler holds groups', '0:a 3:a0 7:a2 7|', (rx, marbles) =>
    marbles('a------|').pipe(
      rx.mergeMap((letter) =>
        failing(rx, letter).pipe(
          rx.catchError(() =>
            rx.timer(1, 2).pipe(
              rx.take(4),
              rx.groupBy((i) => i % 2),
              rx.take(1),
              rx.mergeMap((group) =>
                group.pipe(
                  rx.delay(2),
                  rx.map((i) => letter + String(i)),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );

  recovers(
    'and is retried, and whose handler stands outside of it',
    '0:a 0:a 0:a 2:a? 4:b 4:b 4:b 6:b? 6|',
    (rx, marbles) =>
      marbles('a---b|').pipe(
        rx.mergeMap((letter) =>
          failing(rx, letter).pipe(
            rx.retry(2),
            rx.catchError((error) => rx.timer(2).pipe(rx.map(() => `${(error as Error).message}?`))),
          ),
        ),
      ),
  );
});
