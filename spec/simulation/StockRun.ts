import { from, VirtualTimeScheduler } from 'rxjs';

import { LastingTime } from '../../src/testing/LastingTime.js';
import type { chained, JobWorld } from '../support/checkpointLaw.js';
import { LAST_FRAME, stagesIn, write } from '../support/checkpointLaw.js';
import { theirs } from '../support/Library.js';
import { timedObservable } from '../support/timedSource.js';
import { InnerStarts } from './InnerStarts.js';
import type { Jump, Timeline } from './Timeline.js';
import { jumpedBy } from './Timeline.js';

export interface StockRunOptions {
  readonly chain: ReturnType<typeof chained>;
  readonly world: JobWorld;
  /** Whether the first input goes by the clock. */
  readonly catchesUp: boolean;
}

/**
 * What stock RxJS gives when the clock jumps. In a restart its timers are due at the times that they were set for: those that
 * the clock has passed fire at once, in their order, and then comes what the first input has for that time, if it goes by
 * the clock; others take as long as they would have taken if it was set back. Other inputs go on as if nothing had happened. While a process runs nothing
 * changes for timers when the clock is set; behind a sleep all that was due comes in its order.
 */
export function outputOnTimeline(options: StockRunOptions, timeline: Timeline): string[] {
  return new StockRun(options).output(timeline);
}

class StockRun {
  private readonly clock = new LastingTime();
  private readonly inputs = new VirtualTimeScheduler();
  private readonly firstInput: VirtualTimeScheduler;
  private readonly starts = new InnerStarts();
  private clockIsAheadBy = 0;
  private readonly lines: string[] = [];

  constructor(private readonly options: StockRunOptions) {
    this.firstInput = options.catchesUp ? new VirtualTimeScheduler() : this.inputs;
  }

  output(timeline: Timeline): string[] {
    return this.clock.within(() => {
      this.start();
      for (const jump of timeline) this.jump(jump);
      this.runTo(LAST_FRAME + jumpedBy(timeline));
      return this.lines;
    });
  }

  private start(): void {
    const { inputs, firstInput, starts } = this;
    const { chain, world } = this.options;
    const stages = stagesIn(world, {
      timed: (messages, input) => timedObservable(messages, () => 0, input === 0 ? firstInput : inputs),
      atOnce: (values) => from(values),
      rerun: (messages, name) =>
        timedObservable(
          messages,
          () => {
            if (starts.get(name) === undefined) starts.set(name, inputs.now());
            return inputs.now() - starts.get(name)!;
          },
          inputs,
        ),
    });
    chain(theirs, stages).subscribe({
      next: (value) => this.note(`next ${write(value)}`),
      error: (error: unknown) => this.note(`error ${String(error)}`),
      complete: () => this.note('complete'),
    });
  }

  private jump({ kind, from: at, to }: Jump): void {
    this.runTo(at);
    this.pass(at);
    if (kind === 'sleep') return this.pass(to);
    this.clockIsAheadBy += to - at;
    if (kind === 'set') this.set(to);
    else this.restart(to);
  }

  private set(to: number): void {
    const { clock, firstInput } = this;
    if (firstInput !== this.inputs) for (const action of firstInput.actions) action.delay += to - clock.now;
    clock.setClock(to);
    firstInput.frame = this.timeOf(firstInput);
  }

  private restart(to: number): void {
    const { clock, firstInput } = this;
    clock.restart(to);
    firstInput.frame = this.timeOf(firstInput);
    while (clock.nextDue <= to) clock.step();
    // It looks at the clock. Whoever subscribes to it once more begins then.
    if (firstInput === this.inputs) return;
    // What is over by an error has nothing left.
    const { actions } = firstInput;
    for (let left = actions.length; left > 0 && actions.length > 0; left--) fireNext(firstInput);
  }

  private note(text: string): void {
    this.lines.push(`${this.clock.now} ${text}`);
  }

  /** All that is due until then happens. */
  private runTo(until: number): void {
    const { clock, inputs, firstInput } = this;
    for (;;) {
      const inputDue = dueIn(inputs) + this.clockIsAheadBy;
      const firstDue = firstInput === inputs ? Infinity : dueIn(firstInput);
      const due = Math.min(clock.nextDue, inputDue, firstDue);
      if (due > until) return;
      this.pass(due);
      if (due === inputDue) fireNext(inputs);
      else if (due === firstDue) fireNext(firstInput);
      else clock.step();
    }
  }

  /** It is now so late. */
  private pass(time: number): void {
    this.clock.now = Math.max(this.clock.now, time);
    for (const input of [this.inputs, this.firstInput]) input.frame = this.timeOf(input);
  }

  private timeOf(input: VirtualTimeScheduler): number {
    return this.clock.now - (input === this.inputs ? this.clockIsAheadBy : 0);
  }
}

/** Of several that are late each one is told the time that it is. */
function fireNext(scheduler: VirtualTimeScheduler): void {
  const action = scheduler.actions.shift()!;
  action.execute(action.state, action.delay);
}

function dueIn(scheduler: VirtualTimeScheduler): number {
  return scheduler.actions[0]?.delay ?? Infinity;
}
