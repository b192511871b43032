import { describe } from '@jest/globals';

import { recovers } from '../../support/expectRecovery.js';

describe('several inputs', () => {
  recovers('combineLatest where one input has completed', '4:bc0 6:bd0 7:bd1 9:be1 10|', (rx, marbles) =>
    rx
      .combineLatest([marbles('a-b|'), marbles('--c---d--e|', 2), rx.timer(4, 3).pipe(rx.take(2))])
      .pipe(rx.map(([a, b, n]) => a + b + n)),
  );

  recovers('combineLatest where one input has completed without a value', '0:x 4:y 8:z', (rx, marbles) =>
    rx.merge(rx.combineLatest([marbles('a-b--c'), marbles('---|', 2)]), marbles('x---y---z|', 3)),
  );

  recovers('concat in its second source, which is a concat, too', '0:a 2:b 5:c 8:[d, e] 13:f 13|', (rx, marbles) =>
    rx.concat(
      marbles('a-b|'),
      rx.concat(rx.timer(2).pipe(rx.map(() => 'c')), marbles('d--e-|', 2).pipe(rx.bufferCount(2))),
      rx.of('f').pipe(rx.delay(3)),
    ),
  );

  recovers('concat of shared sources', '0:a 1:b 6:c 7:4 9:d 9|', (rx, marbles) => {
    const shared = marbles('ab-c--d|').pipe(rx.share());
    return rx.merge(rx.concat(shared.pipe(rx.take(2)), shared.pipe(rx.delay(3))), shared.pipe(rx.count()));
  });

  recovers('zip with queues of different lengths', '2:ax0 6:by1 9:cz2 11|', (rx, marbles) =>
    rx
      .zip(marbles('abcd---e-|'), marbles('--x---y--z-|', 2), rx.timer(1, 4).pipe(rx.take(5)))
      .pipe(rx.map((row) => row.join(''))),
  );

  recovers(
    'zip of a source with itself, later',
    '4:[a, a, [a, b]] 5:[b, b, [c, d]] 6:[c, c, [e]] 6|',
    (rx, marbles) => {
      const shared = marbles('abcd-e|').pipe(rx.share());
      return rx.zip(shared, shared.pipe(rx.delay(4)), shared.pipe(rx.bufferCount(2)));
    },
  );

  recovers('takeUntil a timer', '0:a 2:ab 4:abc 6:abcd 7:end 7|', (rx, marbles) =>
    marbles('a-b-c-d-e-f').pipe(
      rx.scan((word, letter) => word + letter, ''),
      rx.takeUntil(rx.timer(7)),
      rx.endWith('end'),
    ),
  );

  recovers(
    'takeUntil and skipUntil a timer, in inner pipelines',
    '3:a3 4:a4 5:a5 6:a6 6:b3 7:a7 7:b4 8:b5 9:b6 10:b7 10|',
    (rx, marbles) =>
      marbles('a--b-|').pipe(
        rx.mergeMap((letter) =>
          rx.timer(0, 1).pipe(
            rx.skipUntil(rx.timer(2.5)),
            rx.takeUntil(rx.timer(1.25, 2).pipe(rx.filter((n) => n === 3))),
            rx.map((n) => letter + n),
          ),
        ),
      ),
  );

  recovers(
    'withLatestFrom what a switchMap makes of the other input',
    '3:bx0 5:cx1 7:dy0 9:ey1 11:fy1 13|',
    (rx, marbles) =>
      marbles('-a-b-c-d-e-f-|').pipe(
        rx.withLatestFrom(
          marbles('x---y|', 2).pipe(rx.switchMap((letter) => rx.timer(1, 3).pipe(rx.map((n) => letter + n)))),
        ),
        rx.map((pair) => pair.join('')),
        rx.take(6),
      ),
  );

  recovers('race that has been won, by inner pipelines', '4:slow 0 6:slow 1 8:slow 2 8|', (rx, marbles) =>
    rx.race(
      rx.timer(3, 2).pipe(
        rx.take(3),
        rx.mergeMap((n) => rx.timer(1).pipe(rx.map(() => `slow ${n}`))),
      ),
      marbles('--a--b-|', 2).pipe(rx.concatMap((letter) => rx.timer(2).pipe(rx.map(() => letter)))),
    ),
  );

  recovers('forkJoin of pipelines that end one after the other', '10:{a: b, b: [c, d], c: 10} 10|', (rx, marbles) =>
    rx.forkJoin({
      a: marbles('a-b|'),
      b: marbles('--c-d--|', 2).pipe(rx.toArray()),
      c: rx.timer(2, 2).pipe(
        rx.take(5),
        rx.reduce((sum, n) => sum + n, 0),
      ),
    }),
  );

  recovers('sequenceEqual with queues of values on one side', '4:false 10:true 10|', (rx, marbles) =>
    rx.merge(
      marbles('abc--d|').pipe(rx.sequenceEqual(marbles('--a-b-c-d-|', 2))),
      marbles('ab-|', 3).pipe(rx.delay(3), rx.sequenceEqual(marbles('a-c|', 4))),
    ),
  );

  recovers('merge, one at a time, of merges with timers', '0:a 2:t 3:b 4:c 5:u 6:d 8:e 9|', (rx, marbles) =>
    rx.merge(
      rx.merge(marbles('a--b|'), rx.timer(2).pipe(rx.map(() => 't'))),
      rx.merge(marbles('c-d|', 2), rx.timer(1).pipe(rx.map(() => 'u'))),
      marbles('-e|', 3),
      1,
    ),
  );

  recovers('combineLatestAll and zipAll over groups', '11|', (rx, marbles) => {
    const groups = marbles('abAcBC--a-b|').pipe(
      rx.groupBy((letter) => letter.toLowerCase()),
      rx.share(),
    );
    return rx.merge(groups.pipe(rx.combineLatestAll()), groups.pipe(rx.zipAll()));
  });
});
