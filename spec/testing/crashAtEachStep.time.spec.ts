import { describe, expect, test } from '@jest/globals';

import { firstValueFrom, interval as rxInterval, Subject, Subscription, timer as rxTimer } from 'rxjs';

import type { CheckpointedObservable, CheckpointStorage } from '../../src/index.js';
import { delay, distinct, fromObservable, journaled, memoryStorage, scan, take, uid } from '../../src/index.js';
import { crashAtEachStep, FaultyStorage } from '../../src/testing/index.js';

type Numbers$ = CheckpointedObservable<number>;

const total = (numbers$: Numbers$): Numbers$ => numbers$.pipe(scan((sum, n) => sum + n, 0));

describe('the time of crashAtEachStep', () => {
  test('leaves timers of before alone: they fire once, by the real clock, and so do those that they start', async () => {
    const before = Date.now();
    const log: [string, number][] = [];
    const note = (what: string): void => void log.push([what, Date.now()]);
    const fired = new Subject<void>();
    const heard = firstValueFrom(fired);
    const { setTimeout } = globalThis;
    rxTimer(1).subscribe(() => {
      note('timer');
      void Promise.resolve()
        .then(() => note('after a promise'))
        .then(() => globalThis.setTimeout(() => fired.next(note('its timer')), 1));
    });
    const clock = new Subscription();
    const ticked = new Promise<void>((resolve) => {
      clock.add(rxInterval(1).subscribe((i) => i === 3 && resolve(note('fourth tick'))));
    });
    const again = setTimeout(() => note('never'), 1_000_000);
    // The first life finds its storage slow, until all of them have fired.
    let isFirst = true;
    const storage = (): CheckpointStorage => {
      const memory = memoryStorage();
      const list = async (): Promise<string[]> => {
        if (isFirst) await Promise.all([heard, ticked]);
        if (isFirst) clearTimeout(again);
        isFirst = false;
        return memory.list();
      };
      const { description } = memory;
      return {
        ...{ description, list },
        read: (name) => memory.read(name),
        write: (name, bytes) => memory.write(name, bytes),
        remove: (name) => memory.remove(name),
      };
    };
    await crashAtEachStep(total, { input: [1, 2], storage });
    clock.unsubscribe();
    expect(log.map(([what]) => what).sort()).toEqual(['after a promise', 'fourth tick', 'its timer', 'timer']);
    for (const [, at] of log) expect(at).toBeGreaterThanOrEqual(before);
  });

  test('is real while a storage is made', async () => {
    const before = Date.now();
    let made = 0;
    const storage = async (): Promise<FaultyStorage> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (Date.now() >= before) made++;
      return new FaultyStorage({ seed: 1 });
    };
    const { runs } = await crashAtEachStep(total, { input: [1], storage });
    expect(made).toBe(runs);
  });

  test.each<[string, () => Numbers$]>([
    [
      'setTimeout',
      () => {
        const hot = new Subject<number>();
        for (const n of [3, 5, 8]) setTimeout(() => hot.next(n), n);
        setTimeout(() => hot.complete(), 9);
        return fromObservable(hot, { hot: true });
      },
    ],
    [
      'setInterval, which counts on while nobody hears it',
      () => {
        const hot = new Subject<number>();
        let n = 0;
        const ticks = setInterval(() => {
          hot.next(n);
          if (n++ < 4) return;
          clearInterval(ticks);
          hot.complete();
        }, 2);
        return fromObservable(hot, { hot: true });
      },
    ],
    [
      'a stock interval, into a pipeline with timers of its own',
      () => {
        const hot = new Subject<number>();
        rxInterval(2).subscribe(hot);
        return fromObservable(hot, { hot: true }).pipe(delay(3), take(4));
      },
    ],
  ])('lets a test drive a hot input by %s', async (_, pipeline) => {
    const { steps, restores } = await crashAtEachStep(() => total(pipeline()));
    expect(steps).toContain("output 3 of 'main'");
    expect(restores).toBeGreaterThan(10);
  });

  test('lets a test drive a journaled input, that comes out of the journal and once more', async () => {
    const pipeline = (): CheckpointedObservable<string> => {
      const hot = new Subject<{ id: number }>();
      for (const id of [3, 5, 8]) setTimeout(() => hot.next({ id }), id);
      return journaled(hot).pipe(
        uid('hot'),
        distinct(({ id }) => id),
        scan((seen, { id }) => `${seen} ${id}`, 'seen:'),
        take(3),
      );
    };
    const { steps, restores } = await crashAtEachStep(pipeline, { exactTimes: false });
    expect(steps).toContain("output 3 of 'main'");
    expect(restores).toBeGreaterThan(10);
  });
});
