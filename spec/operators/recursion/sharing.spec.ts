import { describe } from '@jest/globals';

import { recovers } from '../../support/expectRecovery.js';

describe('shared streams', () => {
  recovers(
    'shareReplay with a subscriber that comes later',
    '0:a 2:ab 6:abc 8:late ab 8:late abc 9:abcd 9:late abcd 12|',
    (rx, marbles, named) => {
      const shared = marbles('a-b---c--d--|').pipe(
        rx.scan((word, letter) => word + letter, ''),
        rx.shareReplay(2),
        named('shared'),
      );
      const later = rx.timer(8).pipe(
        rx.mergeMap(() => shared),
        rx.map((word) => `late ${word}`),
      );
      return rx.merge(shared, later);
    },
    { remains: 'what it replays' },
  );

  recovers(
    'shareReplay of a stream that has ended, with a subscriber that comes after its end',
    '0:a 2:b 8:b 8|',
    (rx, marbles, named) => {
      const shared = marbles('a-b|').pipe(rx.shareReplay(1), named('shared'));
      return rx.concat(shared, rx.timer(5).pipe(rx.mergeMap(() => shared)));
    },
    { remains: 'what it replays' },
  );

  recovers(
    'shareReplay that forgets by time',
    '0:a 1:b 2:c 4:d 6:c! 6:d! 9:e 9:e! 12|',
    (rx, marbles, named) => {
      const shared = marbles('abc-d----e--|').pipe(rx.shareReplay(3, 4), named('shared'));
      return rx.merge(
        shared,
        rx.timer(6).pipe(
          rx.mergeMap(() => shared),
          rx.map((letter) => letter + '!'),
        ),
      );
    },
    { remains: 'what it replays' },
  );

  recovers(
    'share that is reset by a timer when nobody is left, and begins again',
    '0:a 1:soon 2:b 9:later 9:a 11:b 13:c 15|',
    (rx, marbles) => {
      const shared = marbles('a-b-c-|').pipe(
        rx.share({ resetOnRefCountZero: () => rx.timer(3), resetOnComplete: false }),
      );
      return rx.concat(
        shared.pipe(rx.take(1)),
        rx.timer(1).pipe(rx.map(() => 'soon')),
        shared.pipe(rx.take(1)),
        rx.timer(7).pipe(rx.map(() => 'later')),
        shared,
      );
    },
    { remains: 'what it replays' },
  );

  recovers(
    'share over a ReplaySubject',
    '0:a 2:b 3:a2 3:b2 4:c 4:c2 6|',
    (rx, marbles, named) => {
      const shared = marbles('a-b-c-|').pipe(rx.share({ connector: () => new rx.ReplaySubject(2) }), named('shared'));
      return rx.merge(shared, rx.timer(3).pipe(rx.mergeMap(() => shared.pipe(rx.map((letter) => letter + 2)))));
    },
    { remains: 'what it replays' },
  );

  recovers(
    'connect with a selector of inner pipelines',
    '2:a! 4:a+b+c 4:b! 4:c 6:c! 6:d 8:d 8:d! 9:e 9:e 10:e! 10|',
    (rx, marbles) =>
      marbles('abc-d---e|').pipe(
        rx.connect((shared) =>
          rx.merge(
            shared.pipe(rx.debounceTime(2)),
            shared.pipe(rx.concatMap((letter) => rx.timer(2).pipe(rx.map(() => letter + '!')))),
            shared.pipe(
              rx.bufferTime(4),
              rx.map((letters) => letters.join('+')),
            ),
          ),
        ),
      ),
  );

  recovers('publish with a selector, in switchMap', '2:axx 3:ayy 7:bxx 8:byy 10:bzz 10|', (rx, marbles) =>
    marbles('a----b-|').pipe(
      rx.switchMap((outer) =>
        marbles('xy-z|', 2).pipe(
          rx.publish((shared) => rx.zip(shared, shared.pipe(rx.delay(2)))),
          rx.map((pair) => outer + pair.join('')),
        ),
      ),
    ),
  );

  recovers(
    'a diamond of groups over a shared stream, tried again',
    '1:>a 2:>b 3:[a, b] 4:>aA 5:[b, A] 6:>bB 7:[A, B] 11:>a 12:>b 13:[a, b] 14:>aA 15:[b, A] 16:>bB 17:[A, B] 17:end 17|',
    (rx, marbles) => {
      const shared = marbles('ab-A-B-#').pipe(rx.share());
      const groups = shared.pipe(
        rx.groupBy((letter) => letter.toLowerCase()),
        rx.mergeMap((group) =>
          group.pipe(
            rx.delay(1),
            rx.scan((word, letter) => word + letter, '>'),
          ),
        ),
      );
      return rx.merge(groups, shared.pipe(rx.pairwise(), rx.delay(2))).pipe(
        rx.retry({ count: 1, delay: 3 }),
        rx.catchError(() => rx.of('end')),
      );
    },
  );

  recovers('partition, both parts with timers', '3:a 3:B0 5:c 6:D0 8:D1 9:e 10:F0 12:F1 12|', (rx, marbles) => {
    const [lower, upper] = rx.partition(marbles('aBc-D-e-F|').pipe(rx.share()), (letter) => letter > 'Z');
    return rx.merge(
      lower.pipe(rx.delay(3)),
      upper.pipe(
        rx.switchMap((letter) =>
          rx.timer(2, 2).pipe(
            rx.take(2),
            rx.map((n) => letter + n),
          ),
        ),
      ),
    );
  });

  recovers(
    'share over inner pipelines that leave something behind, twice',
    '5:a 8:b 13:a 16:b 16|',
    (rx, marbles, named) =>
      marbles('-a--b|').pipe(
        rx.concatMap((letter) =>
          rx.timer(1).pipe(
            rx.map(() => letter),
            rx.shareReplay(1),
            named('kept'),
          ),
        ),
        rx.share(),
        rx.delay(3),
        rx.repeat(2),
      ),
    { remains: 'what the inner ones replay' },
  );

  recovers(
    'publishReplay in inner pipelines, which is left and comes again',
    '1:0 4:0 4:0 5:0 7:0 10:1 10:0 10:0 11:0 16:1 16|',
    (rx, marbles) =>
      marbles('a-----b|').pipe(
        rx.mergeMap(() => {
          const numbers$ = rx.timer(1, 5).pipe(rx.publishReplay(1), rx.refCount());
          return rx.concat(numbers$.pipe(rx.take(1)), rx.timer(3), numbers$.pipe(rx.take(3)));
        }),
      ),
  );

  recovers(
    'a part that inner pipelines share, which are left before their groups',
    '6:a0 7:a1 11:b0 12:b1 12|',
    (rx, marbles) =>
      marbles('a----b|').pipe(
        rx.switchMap((letter) => {
          const numbers$ = rx.timer(1, 1).pipe(
            rx.take(2),
            rx.map((n) => letter + String(n)),
            rx.shareReplay(2),
          );
          return rx.merge(numbers$.pipe(rx.ignoreElements()), numbers$.pipe(rx.groupBy((text) => text)));
        }),
        rx.mergeMap((group) => group.pipe(rx.delay(5))),
      ),
  );
});
