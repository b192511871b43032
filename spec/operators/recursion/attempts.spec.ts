import { describe } from '@jest/globals';
import type { Observable } from 'rxjs';

import { recovers } from '../../support/expectRecovery.js';

describe('attempts', () => {
  recovers('retry while its delay is running', '0:a 2:b 9:a 11:b 18:a 20:b 24:gave up 24|', (rx, marbles) =>
    marbles('a-b-#').pipe(
      rx.retry({ count: 2, delay: 5 }),
      rx.catchError(() => rx.timer(2).pipe(rx.map(() => 'gave up'))),
    ),
  );

  recovers(
    'retry by a notifier with state',
    '0:a 4:aa 10:aaa 18:aaaa 20:ThrownByInput: thrown by an input 20|',
    (rx, marbles) =>
      marbles('a-#').pipe(
        rx.retry({ delay: (_, attempt) => rx.timer(1, 1).pipe(rx.take(attempt * 2), rx.last()), count: 3 }),
        rx.scan((word, letter) => word + letter, ''),
        rx.catchError((error) => rx.of(String(error))),
      ),
  );

  recovers(
    'retry around mergeMap around retry',
    '0:ax 2:ay 3:bx 5:by 6:ax 8:ay 9:bx 11:ax 13:ay 14:bx 16:by 17:ax 19:ay 20:bx 21:gave up 21|',
    (rx, marbles) =>
      marbles('a--b-|').pipe(
        rx.mergeMap((letter) =>
          marbles('x-y-#', 2).pipe(
            rx.map((inner) => letter + inner),
            rx.retry({ count: 1, delay: 2 }),
          ),
        ),
        rx.retry({ count: 1, delay: 1, resetOnSuccess: false }),
        rx.catchError(() => rx.of('gave up')),
      ),
  );

  recovers(
    'retryWhen while its delay is running, until there were enough',
    '0:a 2:b 7:a 9:b 14:a 16:b 21|',
    (rx, marbles) =>
      marbles('a-b-#').pipe(rx.retryWhen((errors: Observable<unknown>) => errors.pipe(rx.delay(3), rx.take(3)))),
  );

  recovers(
    'retryWhen that counts errors, waits longer each time and gives up',
    '0:>a 4:>a 10:>a 18:>a 21:ThrownByInput: thrown by an input 21|',
    (rx, marbles) =>
      marbles('a-#').pipe(
        rx.scan((word, letter) => word + letter, '>'),
        rx.retryWhen((errors: Observable<Error>) =>
          errors.pipe(
            rx.scan(({ count }, error) => ({ count: count + 1, error }), { count: 0, error: new Error() }),
            rx.mergeMap(({ count, error }) => (count > 3 ? rx.throwError(() => error) : rx.of(count))),
            rx.delayWhen((count) => rx.timer(count * 2)),
          ),
        ),
        rx.catchError((error) => rx.timer(1).pipe(rx.map(() => String(error)))),
      ),
  );

  recovers('retryWhen around retryWhen, in inner pipelines', '0:ax 2:bx 4:ax 7:ax 9:bx 11:ax 15|', (rx, marbles) =>
    marbles('a-b|').pipe(
      rx.mergeMap((letter, i) =>
        marbles('x-#', 2 + i).pipe(
          rx.map((inner) => letter + inner),
          rx.retryWhen((errors: Observable<unknown>) =>
            errors.pipe(rx.mergeMap((error, count) => (count < 1 ? rx.timer(2) : rx.throwError(() => error)))),
          ),
        ),
      ),
      rx.retryWhen((errors: Observable<unknown>) => errors.pipe(rx.delay(1.5), rx.take(2))),
    ),
  );

  recovers(
    'repeatWhen in its third subscription',
    '0:>a 2:>ab 7:>a 9:>ab 14:>a 16:>ab 21:>a 23:>ab 24|',
    (rx, marbles) =>
      marbles('a-b|').pipe(
        rx.scan((word, letter) => word + letter, '>'),
        rx.repeatWhen((ends) => ends.pipe(rx.delay(4), rx.take(3))),
      ),
  );

  recovers(
    'repeatWhen by a clock, whose subscriptions overlap',
    '0:a 4:b 10:c 14:a 17:a 18:b 20:a 21:b 24:c 24:b 25|',
    (rx, marbles) =>
      rx
        .concat(rx.timer(0.3).pipe(rx.ignoreElements()), marbles('a---b-----c|'))
        .pipe(rx.repeatWhen(() => rx.timer(2.7, 3.1).pipe(rx.take(3)))),
  );

  recovers(
    'repeatWhen of groupBy, whose groups outlive their attempt',
    '5:a0 6:b1 8:a0 10:a2 11:b3 13:a2 16:a4 17:b5 19:a4 19|',
    (rx, marbles) =>
      marbles('ab-a|').pipe(
        rx.groupBy((letter) => letter),
        rx.repeatWhen((ends) =>
          ends.pipe(
            rx.delayWhen((_, i) => rx.timer(i + 1)),
            rx.take(2),
          ),
        ),
        rx.mergeMap((group, i) =>
          group.pipe(
            rx.delay(5),
            rx.map((letter) => letter + i),
          ),
        ),
      ),
  );

  recovers('repeat in attempt three', '0:>a 2:>ab 5:>a 7:>ab 10:>a 12:>ab 15:>a 17:>ab 18|', (rx, marbles) =>
    marbles('a-b|').pipe(
      rx.scan((word, letter) => word + letter, '>'),
      rx.repeat({ count: 4, delay: 2 }),
    ),
  );

  recovers(
    'repeat of groupBy, whose groups outlive their attempt',
    '5:a0 6:b1 8:a0 10:a2 11:b3 13:a2 16:a4 17:b5 19:a4 19|',
    (rx, marbles) =>
      marbles('ab-a|').pipe(
        rx.groupBy((letter) => letter),
        rx.repeat({ count: 3, delay: (count) => rx.timer(count) }),
        rx.mergeMap((group, i) =>
          group.pipe(
            rx.delay(5),
            rx.map((letter) => letter + i),
          ),
        ),
      ),
  );

  recovers('catchError that subscribes to its source again, twice', '0:a 2:b 6:a 8:b 12:a 12|', (rx, marbles) => {
    let pause = 1;
    return marbles('a-b-#').pipe(
      rx.catchError((_, caught) => rx.timer(pause++ % 2 === 1 ? 2 : 2).pipe(rx.mergeMap(() => caught))),
      rx.take(5),
    );
  });

  recovers('timeout with a fallback pipeline, which times out, too', '0:a 3:b 8:null20 13:gave up 13|', (rx, marbles) =>
    marbles('a--b------c|').pipe(
      rx.timeout({
        each: 4,
        with: ({ seen, lastValue }) =>
          rx.timer(1, 3).pipe(
            rx.map((n) => `${lastValue}${seen}${n}`),
            rx.mergeMap((text, i) => rx.timer(i).pipe(rx.map(() => text))),
            rx.timeout({ each: 3.5, with: () => rx.of('gave up').pipe(rx.delay(2)) }),
          ),
      }),
    ),
  );

  recovers(
    'timeout for the first value, in each inner pipeline',
    '0:a0 3:a1 4:b0 7:b1 8:c0 11:c1 14:dlate 14|',
    (rx, marbles) =>
      marbles('a-b-c---d|').pipe(
        rx.mergeMap((letter, i) =>
          rx.timer(i * 2, 3).pipe(
            rx.take(2),
            rx.timeout({ first: 5, with: () => rx.timer(1).pipe(rx.map(() => 'late')) }),
            rx.map((n) => letter + n),
          ),
        ),
      ),
  );

  recovers(
    'an error between two sources of onErrorResumeNext, in a concat',
    '0:a 2:b 6:c 11:d 12:e 13|',
    (rx, marbles) =>
      rx.concat(
        rx.onErrorResumeNext(marbles('a-b-#'), marbles('--c-#', 2), rx.timer(3).pipe(rx.map(() => 'd'))),
        marbles('-e|', 3),
      ),
  );

  recovers(
    'repeatWhen whose notifier ends with its last value, over a source that ends at once',
    '1:0 2:1 3:2 4:3 5:4 6:5 6|',
    (rx) =>
      rx.merge(
        rx.timer(1, 1).pipe(rx.take(6)),
        rx.EMPTY.pipe(
          rx.groupBy((each) => each),
          rx.ignoreElements(),
          rx.repeatWhen((ends$) => ends$.pipe(rx.take(2))),
        ),
      ),
  );
});
