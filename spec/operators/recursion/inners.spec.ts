import { describe } from '@jest/globals';

import { recovers } from '../../support/expectRecovery.js';

describe('inner pipelines', () => {
  recovers(
    'mergeMap in switchMap in groupBy, with timers in all of them',
    '1:a 2:a 3:b 6:A10 7:b00 9:A11 9:b 12:A12 12:a 13:B10 16:B11 16:a20 19:B12 19:a21 22:a22 22|',
    (rx, marbles) =>
      marbles('aAb-----B--a---|').pipe(
        rx.groupBy((letter) => letter.toLowerCase()),
        rx.mergeMap((group) =>
          group.pipe(
            rx.switchMap((letter, i) =>
              rx.timer(1, 2).pipe(
                rx.take(3),
                rx.mergeMap((n) => rx.timer(3 + n).pipe(rx.map(() => letter + i + n))),
                rx.startWith(group.key),
              ),
            ),
            rx.delay(1),
          ),
        ),
      ),
  );

  recovers(
    'expand, with delays between the generations',
    '0:a 1:ax 1:ay 3:axx 3:axy 3:ayx 3:ayy 4:b 5:bx 5:by 7:bxx 7:bxy 7:byx 7:byy 7|',
    (rx, marbles) =>
      marbles('a---b-|').pipe(
        rx.expand((word) =>
          word.length < 3
            ? rx.from(['x', 'y']).pipe(
                rx.map((end) => word + end),
                rx.delay(word.length),
              )
            : rx.EMPTY,
        ),
      ),
  );

  recovers(
    'expand, two at a time, with inners that hold state',
    '0:a 1:b 3:a3 4:b3 6:a33 7:b33 9:a333 10:b333 10|',
    (rx, marbles) =>
      marbles('ab--|').pipe(
        rx.expand(
          (word) =>
            word.length > 3
              ? rx.EMPTY
              : rx.timer(1, 2).pipe(
                  rx.take(2),
                  rx.scan((sum, n) => sum + n + 1, 0),
                  rx.bufferCount(2),
                  rx.map(([, sum]) => word + sum),
                ),
          2,
        ),
      ),
  );

  recovers('expand in mergeScan', '4:a.. 7:b.. 11:b..c.. 11|', (rx, marbles) =>
    marbles('a--b---c|').pipe(
      rx.mergeScan(
        (words, letter) =>
          rx.of(words + letter).pipe(
            rx.expand((word) => (word.length % 3 === 0 ? rx.EMPTY : rx.timer(2).pipe(rx.map(() => word + '.')))),
            rx.last(),
          ),
        '',
        2,
      ),
    ),
  );

  recovers(
    'exhaustMap of inner pipelines with timeouts',
    '1:a0 3:a1 5:a2 9:c0 14:clate 15:e0 20:elate 20|',
    (rx, marbles) =>
      marbles('a--b----c--d--e-|').pipe(
        rx.exhaustMap((letter, i) =>
          rx.timer(1, 2 + i).pipe(
            rx.take(3),
            rx.timeout({ each: 3, with: () => rx.timer(2).pipe(rx.map(() => 'late')) }),
            rx.map((n) => letter + n),
          ),
        ),
      ),
  );

  recovers(
    'switchMap of shared inner pipelines',
    '1:a0 3:a1 4:A0 5:a2 6:A1 7:b0 9:b1 10:c0 12:c1 13:C0 14:c2 15:C1 16:c3 17:C3 19:C6 19|',
    (rx, marbles) =>
      marbles('a-----b--c-------|').pipe(
        rx.switchMap((letter) => {
          const shared = rx.timer(1, 2).pipe(rx.take(4), rx.share());
          return rx.merge(
            shared.pipe(rx.map((n) => letter + n)),
            shared.pipe(
              rx.delay(3),
              rx.scan((sum, n) => sum + n, 0),
              rx.map((sum) => letter.toUpperCase() + sum),
            ),
          );
        }),
      ),
  );

  recovers(
    'concatMap of the groups of a groupBy, which wait for their turn',
    '1:a0 1:a 5:a 7:b1 8:a2 12:b3 12|',
    (rx, marbles) =>
      marbles('ab-Ba-A--b-|').pipe(
        rx.groupBy((letter) => letter.toLowerCase(), { duration: () => rx.timer(6) }),
        rx.concatMap((group, i) => group.pipe(rx.startWith(`${group.key}${i}`), rx.delay(1))),
      ),
  );

  recovers(
    'debounceTime in groups that end and come back',
    '2:a0 3:b1 4:A0 5:end 1 6:end 0 7:b2 9:end 2 12:B3 14:end 3 14:a4 17:A4 19:end 4 19|',
    (rx, marbles) =>
      marbles('abA--b----B-a--A---|').pipe(
        rx.groupBy((letter) => letter.toLowerCase(), { duration: (group) => group.pipe(rx.debounceTime(4)) }),
        rx.mergeMap((group, i) =>
          group.pipe(
            rx.debounceTime(2),
            rx.map((letter) => letter + i),
            rx.endWith(`end ${i}`),
          ),
        ),
      ),
  );

  recovers('delayWhen, by pipelines with state', '4:a 4:b 4:c 7:d 7|', (rx, marbles) =>
    marbles('abc---d|').pipe(
      rx.delayWhen((_, i) =>
        rx.timer(1, 1).pipe(
          rx.scan((sum) => sum + 1, 0),
          rx.filter((sum) => sum > 3 - i),
        ),
      ),
    ),
  );

  recovers(
    'mergeMap, one at a time, of switchMap of concatMap',
    '1:a01 4:a11 7:a21 9:a22 10:b01 13:b11 16:b21 18:b22 19:c01 22:c11 25:c21 27:c22 27|',
    (rx, marbles) =>
      marbles('ab---c-|').pipe(
        rx.mergeMap(
          (letter) =>
            rx.timer(0, 3).pipe(
              rx.take(3),
              rx.switchMap((i) =>
                rx.from([1, 2]).pipe(rx.concatMap((j) => rx.timer(j).pipe(rx.map(() => `${letter}${i}${j}`)))),
              ),
            ),
          1,
        ),
      ),
  );

  recovers(
    'inputs of their own, in each inner pipeline of mergeMap in exhaustMap',
    '7:[ax1, ay1, ax2, ay2] 19:[cx1, cy1, cx2, cy2] 19|',
    (rx, marbles) =>
      marbles('a---b-------c|').pipe(
        rx.exhaustMap((letter) =>
          marbles('x-y|', 2).pipe(
            rx.mergeMap((inner) => marbles('-1--2|', 3).pipe(rx.map((n) => letter + inner + n))),
            rx.toArray(),
          ),
        ),
      ),
  );

  recovers('switchScan of groups', '1:a 2:ab 4:aB 5:aBc 9|', (rx, marbles) =>
    marbles('abaBcAb--|').pipe(
      rx.groupBy((letter) => letter.toLowerCase()),
      rx.switchScan(
        (seen, group) =>
          group.pipe(
            rx.delay(1),
            rx.map((letter) => seen + letter),
          ),
        '',
      ),
    ),
  );

  recovers('defer and iif, which decide in the inner pipeline', '1:a0 4:a1 7:upper 7:c0 10:c1 10|', (rx, marbles) =>
    marbles('a--B--c|').pipe(
      rx.mergeMap((letter) =>
        rx.iif(
          () => letter < 'a',
          rx.timer(4).pipe(rx.map(() => 'upper')),
          rx.defer(() =>
            rx.timer(1, 3).pipe(
              rx.take(2),
              rx.map((n) => letter + n),
            ),
          ),
        ),
      ),
    ),
  );
});
