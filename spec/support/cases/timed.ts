import fc from 'fast-check';
import { asapScheduler, asyncScheduler } from 'rxjs';

import type { OperatorCase } from '../Stage.js';
import { use, withOptions } from '../Stage.js';

const frames = fc.integer({ min: 0, max: 4 });
const someFrames = fc.integer({ min: 1, max: 4 });
const tie = { notInJobs: 'what is scheduled at the same time has no order after a restore' };

const delays = fc.oneof(
  frames.map((n) => use(`delay(${n})`, (rx, { source, ms }) => source.pipe(rx.delay(ms(n))))),
  frames.map((n) =>
    use(`delay(${n}, asyncScheduler)`, (rx, { source, ms }) => source.pipe(rx.delay(ms(n), asyncScheduler))),
  ),
  frames.map((n) =>
    use(`delay(new Date(${n} + 5))`, (rx, { source, ms }) => source.pipe(rx.delay(new Date(ms(n) + 5))), tie),
  ),
  fc.constantFrom(
    use('delay(new Date(13))', (rx, { source, ms }) => source.pipe(rx.delay(new Date(ms(13) + 5)))),
    use('delay(-1)', (rx, { source }) => source.pipe(rx.delay(-1)), tie),
    use('delay(0, asapScheduler)', (rx, { source }) => source.pipe(rx.delay(0, asapScheduler)), tie),
    use('delay(new Date(NaN))', (rx, { source }) => source.pipe(rx.delay(new Date(NaN))), tie),
  ),
);

/** When that comes due it is put off: among overdue timers it has another place. */
const lateTimer = { differsInJumps: 'RxJS keeps its timer for the last value but one' };

const debounces = fc.oneof(
  frames.map((n) => use(`debounceTime(${n})`, (rx, { source, ms }) => source.pipe(rx.debounceTime(ms(n))))),
  frames.map((n) =>
    use(`debounceTime(${n}, asyncScheduler)`, (rx, { source, ms }) =>
      source.pipe(rx.debounceTime(ms(n), asyncScheduler)),
    ),
  ),
);

const buffers = fc
  .record({
    span: someFrames,
    every: fc.option(someFrames),
    size: fc.option(fc.integer({ min: 1, max: 3 })),
    scheduler: fc.boolean(),
  })
  .map(({ span, every, size, scheduler }) => {
    const code = `bufferTime(${span}, ${every}, ${size}${scheduler ? ', asyncScheduler' : ''})`;
    return use(code, (rx, { source, ms }) => {
      const interval = every === null ? null : ms(every);
      if (size === null && interval === null) {
        return source.pipe(scheduler ? rx.bufferTime(ms(span), asyncScheduler) : rx.bufferTime(ms(span)));
      }
      if (size === null) {
        return source.pipe(
          scheduler ? rx.bufferTime(ms(span), interval, asyncScheduler) : rx.bufferTime(ms(span), interval),
        );
      }
      return source.pipe(
        scheduler ? rx.bufferTime(ms(span), interval, size, asyncScheduler) : rx.bufferTime(ms(span), interval, size),
      );
    });
  });

/** What waits for timers. */
export const timed: readonly OperatorCase[] = [
  { name: 'delay', uses: delays },
  ...withOptions(lateTimer, [{ name: 'debounceTime', uses: debounces }]),
  { name: 'bufferTime', uses: buffers },
];
