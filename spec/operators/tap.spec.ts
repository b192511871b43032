import { describe, expect, test } from '@jest/globals';
import type { TapObserver } from 'rxjs';

import { Region } from '../../src/checkpoint/protocol/Region.js';
import { Run } from '../../src/checkpoint/protocol/Run.js';
import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { delay } from '../../src/operators/delay.js';
import { startWith } from '../../src/operators/startWith.js';
import { tap } from '../../src/operators/tap.js';
import { of } from '../../src/sources/of.js';
import type { Cut, Life } from '../support/VirtualJob.js';
import { liveInVirtualTime } from '../support/VirtualJob.js';

const names = ['subscribe', 'next', 'error', 'complete', 'unsubscribe', 'finalize'] as const;

function logging(log: string[]): Partial<TapObserver<number>> {
  return Object.fromEntries(
    names.map((name) => [name, (value?: number) => log.push(value === undefined ? name : `${name} ${String(value)}`)]),
  );
}

function live(
  pipeline: () => CheckpointedObservable<unknown>,
  options: { from?: Cut; killedAfterCuts?: number } = {},
): Life {
  return liveInVirtualTime({ pipeline, write: String, from: null, lastFrame: 100, ...options });
}

describe('tap in a job', () => {
  test('is subscribed when the job opens, before its source', () => {
    const log: string[] = [];
    const downstream: string[] = [];
    live(() => of(1).pipe(startWith(0), tap(logging(log)), tap({ subscribe: () => downstream.push(log.join()) })));
    expect(log).toEqual(['subscribe', 'next 0', 'next 1', 'complete', 'finalize']);
    expect(downstream).toEqual(['']);
  });

  test('is not finalized when the job never opened', () => {
    const log: string[] = [];
    const run = new Run([], { onBetweenTurns: () => {}, requireUids: false, serial: 0 });
    const sink = { values: { next: () => {} }, error: () => {}, complete: () => {} };
    const connection = of(1)
      .pipe(tap(logging(log)))
      .connectTo(run, { name: 'main', region: new Region(run, 'main'), sink });
    connection.unsubscribe();
    expect(log).toEqual([]);
  });

  test('is subscribed again after a restore, before timers that became due meanwhile', () => {
    const pipeline = (log: string[]) => (): CheckpointedObservable<unknown> => of(1).pipe(delay(10), tap(logging(log)));
    const { cuts } = live(pipeline([]));
    const waiting = cuts[cuts.length - 1]!;
    const log: string[] = [];
    live(pipeline(log), { from: { ...waiting, frame: 50 } });
    expect(waiting.outputs).toBe(0);
    expect(log).toEqual(['subscribe', 'next 1', 'complete', 'finalize']);
  });

  test('passes on what `subscribe` throws', () => {
    const life = live(() =>
      of(1).pipe(
        tap({
          subscribe: () => {
            throw new Error('no');
          },
        }),
      ),
    );
    expect(life.outputs).toEqual(['0 error Error: no']);
  });
});
