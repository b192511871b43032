import { describe } from '@jest/globals';

import { recovers } from '../../support/expectRecovery.js';

describe('windows and buffers', () => {
  recovers(
    'windowTime, consumed by inner pipelines',
    '2:0a 3:0ab 5:0abc 5:end 0 8:1d 8:end 1 11:2e 12:2ef 12:end 2 16:end 4 17:3g 17:end 3 17|',
    (rx, marbles) =>
      marbles('ab-c--d--ef----g|').pipe(
        rx.windowTime(4),
        rx.mergeMap((window, i) =>
          window.pipe(
            rx.delay(2),
            rx.scan((word, letter) => word + letter, String(i)),
            rx.endWith(`end ${i}`),
          ),
        ),
      ),
  );

  recovers(
    'windowTime whose windows overlap and are consumed later, one after the other',
    '3:0abc 8:1cd 10:2ef 14:3f 16:4g 16:5 16|',
    (rx, marbles) =>
      marbles('ab-c--d--ef----g|').pipe(
        rx.windowTime(5, 3, 3),
        rx.concatMap((window, i) =>
          window.pipe(
            rx.toArray(),
            rx.map((letters) => i + letters.join('')),
          ),
        ),
      ),
  );

  recovers(
    'windowCount in groupBy in mergeMap',
    '1:ax0x 2:ay0y 3:ax0X 3:ax1X 5:ax1x 5:ax2x 5:bx0x 6:by0y 7:bx0X 7:bx1X 9:bx1x 9:bx2x 9|',
    (rx, marbles) =>
      marbles('a---b|').pipe(
        rx.mergeMap((outer) =>
          marbles('xyX-x|', 2).pipe(
            rx.groupBy((letter) => letter.toLowerCase()),
            rx.mergeMap((group) =>
              group.pipe(
                rx.windowCount(2, 1),
                rx.mergeMap((window, i) =>
                  window.pipe(
                    rx.delay(1),
                    rx.map((letter) => outer + group.key + i + letter),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
  );

  recovers(
    'windowToggle by timers, with switchMap over the windows',
    '2:b0 3:c0 4:d0 7:g1 8:h1 9:i1 10:j1 14|',
    (rx, marbles) =>
      marbles('abcdefghijklmn|').pipe(
        rx.windowToggle(rx.timer(1, 5).pipe(rx.take(2)), (n) => rx.timer(3 + n)),
        rx.switchMap((window, i) =>
          window.pipe(
            rx.delay(1),
            rx.map((letter) => letter + i),
          ),
        ),
      ),
  );

  recovers('windowWhen, closed by what its own pipeline counts', '3:>ab 6:>cd 9:>e 12:>f 13:>g 13|', (rx, marbles) =>
    marbles('ab-cd--e-f--g|').pipe(
      rx.windowWhen(() => rx.timer(2, 1).pipe(rx.skip(1), rx.take(1))),
      rx.mergeMap((window) => window.pipe(rx.reduce((word, letter) => word + letter, '>'))),
    ),
  );

  recovers(
    'window of a window',
    '1:a00 2:b00 3:c10 4:d10 5:e11 6:f20 7:g20 8:h21 9:i30 10:j30 11:k31 11|',
    (rx, marbles) =>
      marbles('abcdefghijk|').pipe(
        rx.window(rx.timer(2, 3).pipe(rx.take(3))),
        rx.mergeMap((outer, i) =>
          outer.pipe(
            rx.windowCount(2),
            rx.concatMap((inner, j) =>
              inner.pipe(
                rx.delay(1),
                rx.map((letter) => `${letter}${i}${j}`),
              ),
            ),
          ),
        ),
      ),
  );

  recovers('bufferToggle, opened and closed by timers', '4:bcd 8:defgh 8:fgh 12:hijkl 12:jkl 15|', (rx, marbles) =>
    marbles('abcdefghijklmn-|').pipe(
      rx.bufferToggle(rx.timer(1, 2).pipe(rx.take(5)), (n) => rx.timer(n % 2 === 0 ? 3 : 5)),
      rx.map((letters) => letters.join('')),
    ),
  );

  recovers(
    'bufferTime with an interval and a limit, in inner pipelines',
    '1:axy 4:azx 6:axy 6:bxy 7:ayy 8:a 9:bzx 11:bxy 12:byy 13:b 13|',
    (rx, marbles) =>
      marbles('a----b|').pipe(
        rx.mergeMap((outer) =>
          marbles('xyz-x-yy|', 2).pipe(
            rx.bufferTime(3, 2, 2),
            rx.map((letters) => outer + letters.join('')),
          ),
        ),
      ),
  );

  recovers('bufferWhen in groups', '3:aA 4:bB 6:a 7:none 9:none 10:b 12:A 13:none 13|', (rx, marbles) =>
    marbles('abAB-a-b--A--|').pipe(
      rx.groupBy((letter) => letter.toLowerCase()),
      rx.mergeMap((group) =>
        group.pipe(
          rx.bufferWhen(() => rx.timer(3)),
          rx.map((letters) => letters.join('') || 'none'),
          rx.take(4),
        ),
      ),
    ),
  );

  recovers(
    'throttleTime, auditTime and sampleTime in windows',
    '0:throttled a0 2:throttled b0 3:audited c0 4:sampled d0 4:throttled d0 6:throttled f0 6:audited f0 7:throttled h1 8:throttled g0 9:audited g0 9:throttled i1 10:audited j1 11:sampled k1 11:throttled k1 13:throttled m1 13:audited m1 14:throttled o2 15:throttled n1 16:audited n1 17:audited o2 17|',
    (rx, marbles) =>
      marbles('abcdefghijklmno|').pipe(
        rx.windowTime(7),
        rx.mergeMap((window, i) => {
          const shared = window.pipe(rx.share());
          return rx.merge(
            shared.pipe(
              rx.throttleTime(2, undefined, { leading: true, trailing: true }),
              rx.map((letter) => `throttled ${letter}${i}`),
            ),
            shared.pipe(
              rx.auditTime(3),
              rx.map((letter) => `audited ${letter}${i}`),
            ),
            shared.pipe(
              rx.sampleTime(4),
              rx.map((letter) => `sampled ${letter}${i}`),
            ),
          );
        }),
      ),
  );
});
