import { describe, expect, test } from '@jest/globals';

import type { CheckpointedObservable, CheckpointedOperator } from '../../src/index.js';
import {
  concat,
  interval,
  map,
  merge,
  pipe,
  publishReplay,
  refCount,
  share,
  shareReplay,
  take,
  timer,
  uid,
  withLatestFrom,
} from '../../src/index.js';
import { restoresEverywhere } from '../rules/inVirtualTime.js';

type Sharing = () => CheckpointedOperator<number, number>;

const ways: readonly [string, Sharing][] = [
  ['share()', () => share()],
  ['shareReplay(2)', () => shareReplay(2)],
  ['publishReplay(2), refCount()', () => pipe(publishReplay<number>(2), refCount())],
];

/** The names of all participants that there were. */
function namesIn(build: () => CheckpointedObservable<unknown>): readonly string[] {
  const { cuts } = restoresEverywhere(build);
  return [...new Set(cuts.flatMap(({ snapshots }) => [...snapshots.keys()]))];
}

describe.each(ways)('%s without a uid above a shared part with one', (_, sharing) => {
  test('keeps its name when that part has ended, and takes nothing from another one', () => {
    namesIn(() => merge(interval(5).pipe(take(2), sharing(), share(), uid('u')), interval(7.25).pipe(sharing())));
  });

  test('keeps its name when that part was left', () => {
    namesIn(() =>
      merge(interval(5).pipe(sharing(), take(2), share(), uid('u')), interval(7.25).pipe(sharing(), take(3))),
    );
  });

  test('has one name if it is reached past that part as well, in whatever order', () => {
    const twice =
      (place: (shared$: CheckpointedObservable<number>) => CheckpointedObservable<unknown>) =>
      (): CheckpointedObservable<unknown> =>
        merge(place(interval(5).pipe(sharing())), interval(7.25).pipe(sharing()));
    const named = share<number>;
    // First reached beside it, and by the plan above it.
    const late = namesIn(
      twice((s$) => merge(concat(timer(20.5), s$.pipe(named(), uid('u'))), s$.pipe(map((n) => -n)))),
    );
    expect(late).toEqual(expect.arrayContaining(['u@0:interval', 'main:interval']));
    // First reached above it, and by the plan beside it.
    const before = namesIn(twice((s$) => s$.pipe(withLatestFrom(s$.pipe(named(), uid('u'))))));
    expect(before).toEqual(expect.arrayContaining(['main:interval#1of2', 'main:interval#2of2']));
  });
});
