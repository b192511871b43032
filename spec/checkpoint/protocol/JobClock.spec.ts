import { describe, expect, test } from '@jest/globals';
import type { SchedulerLike } from 'rxjs';
import { asapScheduler, asyncScheduler, queueScheduler, VirtualTimeScheduler } from 'rxjs';

import { JobClock } from '../../../src/checkpoint/protocol/JobClock.js';

/** A clock that shows what it is told. */
function clockAt(time: number): { time: number } & SchedulerLike {
  return {
    time,
    now() {
      return this.time;
    },
    schedule: asyncScheduler.schedule.bind(asyncScheduler),
  };
}

describe("a job's clock", () => {
  test('shows what its scheduler shows, as long as that is not set back', () => {
    const system = clockAt(1_000);
    const clock = new JobClock(system);
    expect(clock.now()).toBe(1_000);
    system.time = 1_000;
    expect(clock.now()).toBe(1_000);
    system.time = 90_000;
    expect(clock.read()).toEqual({ timestamp: 90_000, setBackMs: 0 });
  });

  test('goes on from where it was last read when that is set back, again and again', () => {
    const system = clockAt(1_000);
    const clock = new JobClock(system);
    clock.now();
    system.time = 400;
    expect(clock.now()).toBe(1_000);
    system.time = 450;
    expect(clock.now()).toBe(1_050);
    system.time = 0;
    expect(clock.now()).toBe(1_050);
    expect(clock.read()).toEqual({ timestamp: 0, setBackMs: 1_050 });
  });

  test('goes on in the next run from where it was in the checkpoint, or later', () => {
    const before = { timestamp: 1_000, setBackMs: 200 };
    expect(new JobClock(clockAt(1_500), before).read()).toEqual({ timestamp: 1_500, setBackMs: 200 });
    const behind = new JobClock(clockAt(700), before);
    expect(behind.now()).toBe(1_200);
    expect(behind.read()).toEqual({ timestamp: 700, setBackMs: 500 });
  });

  test("is what timers of RxJS's schedulers go by, and not those of one with a time of its own", () => {
    const clock = new JobClock(asyncScheduler);
    for (const scheduler of [asyncScheduler, asapScheduler, queueScheduler]) expect(clock.of(scheduler)).toBe(clock);
    for (const scheduler of [new VirtualTimeScheduler(), clockAt(0)]) expect(clock.of(scheduler)).toBe(scheduler);
    const own = clockAt(0);
    const ofItsOwn = new JobClock(own);
    expect(ofItsOwn.of(own)).toBe(ofItsOwn);
    expect(ofItsOwn.of(asyncScheduler)).toBe(asyncScheduler);
  });
});
