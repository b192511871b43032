import type { SchedulerLike } from 'rxjs';
import { scheduled } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { freezeSeed } from '../operators/base/freezeSeed.js';
import type { Outlet } from '../operators/base/Outlet.js';
import { plainNode } from '../operators/base/plainNode.js';
import type { Site } from '../operators/base/Site.js';
import { isScheduler } from './isScheduler.js';
import type { Steps } from './SteppedSource.js';
import { SteppedDefinition } from './SteppedSource.js';

export interface GenerateBaseOptions<S> {
  /** The state before the first value. */
  initialState: S;
  /** Whether there is a value for the state. Without it there always is. */
  condition?: (state: S) => boolean;
  /** Gives the next state. */
  iterate: (state: S) => S;
  /** Has each value emitted in a task of its own. Without it all are emitted at once. */
  scheduler?: SchedulerLike;
}

export interface GenerateOptions<T, S> extends GenerateBaseOptions<S> {
  /** Gives the value for a state. Without it the state is the value. */
  resultSelector: (state: S) => T;
}

/**
 * A `for` loop as a stream: emits a value for each state, as long as `condition` holds.
 *
 * **Checkpoint:** the state, and whether its value was emitted. As with `scan` the state has to be immutable, in a job
 * it is frozen at each checkpoint: return a new one from `iterate`. A restore goes on with the next state. With a
 * `scheduler` instead how many values were emitted: a restore starts over and skips as many.
 *
 * ```text
 *         generate({ initialState: 1, condition: (x) => x < 9, iterate: (x) => x * 2 })
 * result  (12%48|)
 * ```
 *
 * @example
 * const pages$ = generate({ initialState: 1, condition: (page) => page <= last, iterate: (page) => page + 1 });
 * @throws what the callbacks throw goes to the subscriber as an error.
 */
export function generate<T, S>(
  initialState: S,
  condition: (state: S) => boolean,
  iterate: (state: S) => S,
  resultSelector: (state: S) => T,
  scheduler?: SchedulerLike,
): CheckpointedObservable<T>;
/** The same; the states themselves are the values. */
export function generate<S>(
  initialState: S,
  condition: (state: S) => boolean,
  iterate: (state: S) => S,
  scheduler?: SchedulerLike,
): CheckpointedObservable<S>;
/** The same, with options; the states themselves are the values. */
export function generate<S>(options: GenerateBaseOptions<S>): CheckpointedObservable<S>;
/** The same, with options. */
export function generate<T, S>(options: GenerateOptions<T, S>): CheckpointedObservable<T>;
export function generate(...args: unknown[]): CheckpointedObservable<unknown> {
  const loop = readLoop(args);
  if (!loop.scheduler)
    return new CheckpointedObservable(
      new SteppedDefinition('generate', (site) => new GenerateSteps(loop, site), false),
    );
  return plainNode(scheduled(toIterable(loop), loop.scheduler), { operator: 'generate' });
}

type Loop = GenerateBaseOptions<unknown> & Partial<GenerateOptions<unknown, unknown>>;

function readLoop(args: unknown[]): Loop {
  if (args.length === 1) {
    // Read now: who changes the options later changes nothing.
    const { initialState, condition, iterate, resultSelector, scheduler } = args[0] as Loop;
    return { initialState, condition, iterate, resultSelector, scheduler };
  }
  const [initialState, condition, iterate, resultSelector, scheduler] = args;
  const rest = { initialState, condition, iterate } as Loop;
  if (!resultSelector || isScheduler(resultSelector))
    return { ...rest, scheduler: resultSelector as SchedulerLike | undefined };
  return { ...rest, resultSelector, scheduler } as Loop;
}

function toIterable(loop: Loop): Iterable<unknown> {
  return {
    *[Symbol.iterator]() {
      const steps = new GenerateSteps(loop, null);
      const values: unknown[] = [];
      const out = { next: (value: unknown) => void values.push(value) };
      while (steps.step(out)) yield values.pop();
    },
  };
}

interface GenerateState {
  state: unknown;
  /** Whether the value for the state was emitted. The next state is computed when it is wanted, and not before. */
  isEmitted: boolean;
}

class GenerateSteps implements Steps<unknown> {
  private readonly s: GenerateState;

  constructor(
    private readonly loop: Loop,
    site: Site | null,
  ) {
    const state = loop.initialState;
    freezeSeed(state, site);
    this.s = { state, isEmitted: false };
  }

  step(out: Outlet<unknown>): boolean {
    const { s } = this;
    const { condition, iterate, resultSelector } = this.loop;
    if (s.isEmitted) {
      s.state = iterate(s.state);
      s.isEmitted = false;
    }
    if (condition && !condition(s.state)) return false;
    const value = resultSelector ? resultSelector(s.state) : s.state;
    s.isEmitted = true;
    out.next(value);
    return true;
  }

  capture(capture: Capture): GenerateState {
    const { state, isEmitted } = this.s;
    return { state: capture.own(state, 'state'), isEmitted };
  }

  restore({ state, isEmitted }: GenerateState, revival: Revival): void {
    this.s.state = revival.own(state);
    this.s.isEmitted = isEmitted;
  }
}
