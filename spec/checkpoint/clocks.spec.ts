import { describe, expect, jest, test } from '@jest/globals';
import type { Observable } from 'rxjs';
import { VirtualTimeScheduler } from 'rxjs';

import type { CheckpointedObservable, CheckpointStorage } from '../../src/index.js';
import {
  CheckpointSubject,
  debounceTime,
  delay,
  memoryStorage,
  merge,
  mergeMap,
  of,
  scan,
  timer,
  uid,
} from '../../src/index.js';
import { inFakeTime } from '../support/inFakeTime.js';
import { Log } from '../support/Log.js';
import type { Observed } from '../support/Observed.js';
import { observe, settled } from '../support/Observed.js';

inFakeTime();

const DAY = 24 * 3_600_000;

/** Somebody sets the clock: of timers that run that changes nothing. */
function setClock(byMs: number): void {
  jest.setSystemTime(Date.now() + byMs);
}

/** The process dies, and another one restores the job. */
async function restarted(storage: CheckpointStorage, ...pipelines: CheckpointedObservable<unknown>[]) {
  killed();
  return started(storage, ...pipelines);
}

function killed(): void {
  const now = Date.now();
  jest.clearAllTimers();
  jest.setSystemTime(now);
}

async function started(storage: CheckpointStorage, ...pipelines: CheckpointedObservable<unknown>[]) {
  const checkpoints = new CheckpointSubject({ storage, takeOver: true });
  const [first$, ...others$] = pipelines.map((pipeline$, i): Observable<unknown> =>
    checkpoints.recover(pipeline$, { name: `p${i}` }),
  );
  const observed = observe(first$!);
  const others = others$.map((other$) => observe(other$));
  await settled();
  return { checkpoints, observed, others };
}

/** After how many seconds something comes, of at most an hour. */
function secondsUntilNext(observed: Observed<unknown>): number {
  const before = observed.values.length;
  for (let seconds = 0; seconds <= 3_600; seconds++) {
    if (observed.values.length > before) return seconds;
    jest.advanceTimersByTime(1_000);
  }
  return Infinity;
}

const minuteLater = (log: Log<number>) => log.stream$.pipe(uid('log'), delay(60_000), uid('later'));

describe('a clock that is set back', () => {
  test('while a job runs leaves timers of inner pipelines in their order', async () => {
    const [storage, log] = [memoryStorage(), new Log<number>()];
    const pipeline = () =>
      log.stream$.pipe(
        uid('log'),
        mergeMap((n) => timer(n)),
        uid('timers'),
        scan((count) => count + 1, 0),
      );
    const { checkpoints } = await started(storage, pipeline());
    log.write(60_000);
    await checkpoints.checkpoint();
    setClock(-DAY);
    await checkpoints.checkpoint();
    log.write(600_000);
    await checkpoints.checkpoint();
    const { observed } = await restarted(storage, pipeline());
    expect(observed.values).toEqual([]);
    expect(secondsUntilNext(observed)).toBe(60);
    expect(secondsUntilNext(observed)).toBe(540);
  });

  test('while a job runs leaves its timers what they had left when it was last read', async () => {
    const [storage, log] = [memoryStorage(), new Log([1])];
    const { checkpoints } = await started(storage, minuteLater(log));
    jest.advanceTimersByTime(10_000);
    await checkpoints.checkpoint();
    setClock(-DAY);
    // That nobody reads it for so long is lost.
    jest.advanceTimersByTime(5_000);
    await checkpoints.checkpoint();
    jest.advanceTimersByTime(15_000);
    await checkpoints.checkpoint();
    const { observed } = await restarted(storage, minuteLater(log));
    expect(secondsUntilNext(observed)).toBe(35);
    expect(observed.values).toEqual([1]);
  });

  test('between two runs leaves them what they had left in the checkpoint, and so it stays in the runs after', async () => {
    const [storage, log] = [memoryStorage(), new Log([1])];
    const first = await started(storage, minuteLater(log));
    jest.advanceTimersByTime(10_000);
    await first.checkpoints.checkpoint();
    setClock(-DAY);
    const second = await restarted(storage, minuteLater(log));
    jest.advanceTimersByTime(20_000);
    await second.checkpoints.checkpoint();
    const third = await restarted(storage, minuteLater(log));
    jest.advanceTimersByTime(5_000);
    await third.checkpoints.checkpoint();
    setClock(-DAY);
    const { observed } = await restarted(storage, minuteLater(log));
    expect(secondsUntilNext(observed)).toBe(25);
  });

  test('does not let what comes later overtake what came before', async () => {
    const [storage, log] = [memoryStorage(), new Log([1])];
    const { checkpoints } = await started(storage, minuteLater(log));
    jest.advanceTimersByTime(10_000);
    setClock(-DAY);
    log.write(2);
    await checkpoints.checkpoint();
    const { observed } = await restarted(storage, minuteLater(log));
    jest.advanceTimersByTime(120_000);
    expect(observed.values).toEqual([1, 2]);
  });

  test('does not put off what debounceTime waits for', async () => {
    const [storage, log] = [memoryStorage(), new Log([1])];
    const pipeline = () => log.stream$.pipe(uid('log'), debounceTime(60_000), uid('calm'));
    const { checkpoints, observed } = await started(storage, pipeline());
    jest.advanceTimersByTime(10_000);
    await checkpoints.checkpoint();
    setClock(-DAY);
    const { observed: restored } = await restarted(storage, pipeline());
    expect(secondsUntilNext(restored)).toBe(50);
    log.write(2);
    jest.advanceTimersByTime(10_000);
    setClock(-DAY);
    // When its timer fires, nobody has seen the minute pass: another one, and not a day.
    expect(secondsUntilNext(restored)).toBe(110);
    expect(observed.values).toEqual([]);
  });

  test('is known to a pipeline that was away meanwhile', async () => {
    const [storage, log] = [memoryStorage(), new Log([1])];
    const other = () => timer(2 * DAY).pipe(uid('other'));
    const first = await started(storage, other(), minuteLater(log));
    jest.advanceTimersByTime(10_000);
    await first.checkpoints.checkpoint();
    first.others[0]!.unsubscribe();
    await first.checkpoints.checkpoint();
    setClock(-DAY);
    await first.checkpoints.checkpoint();
    jest.advanceTimersByTime(15_000);
    await first.checkpoints.checkpoint();
    // It takes as long as the other one is behind.
    const { others } = await restarted(storage, other(), minuteLater(log));
    expect(secondsUntilNext(others[0]!)).toBe(35);
  });

  test('is known to who begins with a savepoint', async () => {
    const [storage, log] = [memoryStorage(), new Log([1])];
    const first = await started(storage, minuteLater(log));
    jest.advanceTimersByTime(10_000);
    await first.checkpoints.checkpoint();
    setClock(-DAY);
    await first.checkpoints.checkpoint();
    jest.advanceTimersByTime(15_000);
    await first.checkpoints.savepoint('before');
    killed();
    const checkpoints = new CheckpointSubject({ storage, takeOver: true });
    const observed = observe(checkpoints.recover(minuteLater(log), { name: 'p0', from: 'before' }));
    await settled();
    expect(secondsUntilNext(observed)).toBe(35);
  });

  test('changes nothing for timers of a scheduler that has a time of its own', async () => {
    const [storage, log] = [memoryStorage(), new Log([1])];
    const frames = new VirtualTimeScheduler();
    const pipeline = () => log.stream$.pipe(uid('log'), delay(60, frames), uid('later'));
    const { checkpoints } = await started(storage, pipeline());
    await checkpoints.checkpoint();
    setClock(-DAY);
    frames.actions.length = 0;
    const { observed } = await restarted(storage, pipeline());
    expect(frames.actions.map(({ delay: due }) => due)).toEqual([60]);
    frames.flush();
    expect(observed.values).toEqual([1]);
  });
});

describe('a clock that is put ahead while a job runs', () => {
  const pipeline = (log: Log<number>) =>
    merge(
      log.stream$.pipe(uid('log'), delay(60_000), uid('later')),
      of(0).pipe(uid('zero'), delay(90_000), uid('last')),
    );

  test('changes nothing until a restart', async () => {
    const { checkpoints, observed } = await started(memoryStorage(), pipeline(new Log([1])));
    jest.advanceTimersByTime(10_000);
    setClock(DAY);
    await checkpoints.checkpoint();
    expect(secondsUntilNext(observed)).toBe(50);
    expect(secondsUntilNext(observed)).toBe(30);
  });

  test('makes what it has passed overdue in the next restart: it comes at once, and in its order', async () => {
    const [storage, log] = [memoryStorage(), new Log([1])];
    const { checkpoints } = await started(storage, pipeline(log));
    jest.advanceTimersByTime(10_000);
    setClock(DAY);
    log.write(2);
    await checkpoints.checkpoint();
    const { observed } = await restarted(storage, pipeline(log));
    expect(observed.values).toEqual([1, 0]);
    expect(secondsUntilNext(observed)).toBe(60);
    expect(observed.values).toEqual([1, 0, 2]);
  });
});
