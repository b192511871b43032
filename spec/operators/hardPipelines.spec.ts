import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { GroupedObservable, Observable } from 'rxjs';

import type { Build } from '../support/checkpointLaw.js';
import { isAsynchronous, jobWorlds, LawCheck } from '../support/checkpointLaw.js';
import type { Value } from '../support/InputSpec.js';
import type { Library } from '../support/Library.js';
import { caseCount, seed } from '../support/seed.js';
import type { Stage } from '../support/Stage.js';

type Group = GroupedObservable<boolean, Value>;

const isOdd = (value: Value): boolean => (value ?? 0) % 2 === 1;
const keyed = (group: Group, value: unknown): string => `${String(group.key)}:${String(value)}`;

/** One source, used twice: split into groups that live in inner pipelines, and delayed; merged, and tried again. */
function diamond(rx: Library, source: Observable<Value>, stage: Stage): Observable<unknown> {
  const shared = source.pipe(rx.share());
  const counted = shared.pipe(
    rx.groupBy(isOdd),
    rx.mergeMap((group) =>
      group.pipe(
        rx.scan((count) => count + 1, 0),
        rx.delay(stage.ms(3)),
        rx.map((count) => keyed(group, count)),
      ),
    ),
  );
  return rx.merge(counted, shared.pipe(rx.delay(stage.ms(2))));
}

const pipelines: Record<string, Build> = {
  'a window that an error in opening what is above ends': (rx, [stage]) =>
    stage!.source.pipe(
      rx.bufferWhen(() => {
        throw new RangeError('no closing');
      }),
      rx.windowTime(3),
      rx.mergeMap((window) => window.pipe(rx.scan((count) => count + 1, 0))),
    ),
  'share, groupBy, mergeMap, delay, merge, retry': (rx, [stage]) =>
    diamond(rx, stage!.source, stage!).pipe(rx.retry(2)),
  'the same, repeated': (rx, [stage]) => diamond(rx, stage!.source, stage!).pipe(rx.repeat(2)),
  'groups that outlive their consumer': (rx, [stage]) =>
    stage!.source.pipe(
      rx.groupBy(isOdd),
      rx.take(2),
      rx.mergeMap((group) =>
        group.pipe(
          rx.delay(stage!.ms(2)),
          rx.map((value) => keyed(group, value)),
        ),
      ),
    ),
  'groups held back before anybody uses them': (rx, [stage]) =>
    stage!.source.pipe(
      rx.groupBy(isOdd, { duration: () => stage!.pause(2) }),
      rx.delay(stage!.ms(1)),
      rx.mergeMap((group) => group.pipe(rx.map((value) => keyed(group, value)))),
    ),
  'groups of inner pipelines that were left': (rx, [stage]) =>
    stage!.source.pipe(
      rx.mergeMap((value, index) => stage!.pipedInner(value, index).pipe(rx.groupBy(isOdd))),
      rx.take(2),
      rx.mergeMap((group) =>
        group.pipe(
          rx.delay(stage!.ms(1)),
          rx.map((value) => keyed(group, value)),
        ),
      ),
    ),
  'groups of attempts that are over': (rx, [stage]) =>
    stage!.source.pipe(
      rx.groupBy(isOdd),
      rx.retry(1),
      rx.mergeMap((group) =>
        group.pipe(
          rx.delay(stage!.ms(2)),
          rx.catchError(() => stage!.pause(1)),
        ),
      ),
    ),
  'mergeMap in switchMap in groupBy': (rx, [stage]) =>
    stage!.source.pipe(
      rx.groupBy(isOdd),
      rx.mergeMap((group) =>
        group.pipe(
          // An inner of its own for each group, or two things would happen at the same time.
          rx.switchMap((value, index) =>
            stage!
              .pipedInner(value, 2 * index + Number(isOdd(value)))
              .pipe(rx.mergeMap((inner) => stage!.pause(1).pipe(rx.startWith(inner)))),
          ),
        ),
      ),
    ),
  'a diamond within each inner pipeline': (rx, [stage]) =>
    stage!.source.pipe(rx.concatMap((value, index) => diamond(rx, stage!.pipedInner(value, index), stage!))),
  'combineLatest of two branches': (rx, [stage]) => {
    const shared = stage!.source.pipe(rx.share());
    return rx.combineLatest([
      shared.pipe(rx.scan((sum: number, value) => sum + (value ?? 0), 0)),
      shared.pipe(rx.delay(stage!.ms(1))),
    ]);
  },
  'an error that is handled by another stream': (rx, [stage]) =>
    stage!.source.pipe(
      rx.bufferTime(stage!.ms(2)),
      rx.catchError(() => stage!.others[0].pipe(rx.bufferCount(2))),
      rx.concatMap((values, index) => stage!.inner(values, index).pipe(rx.startWith(values.length))),
    ),
};

describe('pipelines that are hard to restore', () => {
  test.each(Object.entries(pipelines))('%s', (_, build) => {
    fc.assert(
      fc.property(jobWorlds, (world) => {
        const check = new LawCheck(build, world);
        expect(check.differences({ likeRxjs: isAsynchronous(world), remains: false })).toEqual([]);
      }),
      { numRuns: caseCount(50), seed },
    );
  });
});
