import { describe, expect, test } from '@jest/globals';
import * as rxjs from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

import type { CheckpointedObservable } from '../../src/index.js';
import { uid } from '../../src/index.js';
import { live, restoresEverywhere } from '../rules/inVirtualTime.js';
import type { Library } from '../support/Library.js';
import { ours, theirs } from '../support/Library.js';

/** As RxJS emits it, without a job. */
function inRxjs(make: (rx: Library) => rxjs.Observable<unknown>): string[] {
  const lines: string[] = [];
  const scheduler = new TestScheduler(() => true);
  scheduler.run(() => {
    scheduler.maxFrames = 100;
    make(theirs).subscribe({
      next: (value) => lines.push(`${scheduler.frame} next ${JSON.stringify(value)}`),
      complete: () => lines.push(`${scheduler.frame} complete`),
    });
  });
  return lines;
}

const resets: readonly [string, rxjs.ShareConfig<number>][] = [
  ['no reset', { resetOnRefCountZero: false }],
  ['a reset after a while', { resetOnRefCountZero: () => rxjs.timer(12.5) }],
  ['a reset at once', {}],
];

describe.each(resets)('share with %s, whose Subject has enough for who comes', (_, config) => {
  const shared = (rx: Library): rxjs.Observable<number> =>
    rx
      .interval(5)
      .pipe(
        rx.share({ ...config, connector: () => new rx.BehaviorSubject(-1) }),
        rx === ours ? uid('shared') : rxjs.identity,
      );

  const programs: readonly [string, (rx: Library) => rxjs.Observable<unknown>][] = [
    ['one', (rx) => shared(rx).pipe(rx.take(1), rx.repeat({ count: 5, delay: 7.25 }))],
    [
      'two at once',
      (rx) => {
        const s$ = shared(rx);
        return rx.merge(
          s$.pipe(rx.take(1)),
          s$.pipe(rx.take(1)),
          rx.timer(22.25).pipe(
            rx.concatMap(() => s$),
            rx.take(2),
          ),
        );
      },
    ],
    [
      'one who stays and one who does not',
      (rx) => {
        const s$ = shared(rx);
        return rx.merge(
          s$.pipe(rx.take(1)),
          s$.pipe(rx.take(3)),
          rx.timer(17.25).pipe(rx.concatMap(() => s$.pipe(rx.take(1)))),
        );
      },
    ],
  ];

  test.each(programs)('connects for %s as RxJS does, and at each restore', (_, make) => {
    const build = () => make(ours) as CheckpointedObservable<unknown>;
    expect(live(build).outputs).toEqual(inRxjs(make));
    restoresEverywhere(build);
  });
});
