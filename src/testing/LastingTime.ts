import type { VirtualTimer } from './VirtualTime.js';
import { VirtualTime } from './VirtualTime.js';

/** When a timer is due, and when it was to be by the clock as it was when it was set. */
interface Overtaken {
  readonly due: number;
  readonly wanted: number;
}

/** The time of a process that could go on in another one, with the timers that it has: what restarts are compared with. */
export class LastingTime extends VirtualTime {
  /** Timers that ran when the clock was put ahead. */
  private readonly overtaken = new Map<VirtualTimer, Overtaken>();

  override setClock(to: number): void {
    const by = to - this.now;
    const before = Array.from(this.timers, (timer) => [timer, this.wantedOf(timer)] as const);
    super.setClock(to);
    for (const [timer, wanted] of before)
      this.overtaken.set(timer, { due: timer.due, wanted: wanted + Math.min(0, by) });
  }

  /**
   * Another process goes on at that time: timers that the clock has passed are overdue. If it was set back, they take as
   * long as they would have taken. So do those of the outside, always.
   */
  restart(now: number): void {
    const by = now - this.now;
    for (const timer of this.timers)
      timer.due = timer.isBesideClock ? timer.due + by : this.wantedOf(timer) + Math.min(0, by);
    this.overtaken.clear();
    this.now = now;
  }

  private wantedOf(timer: VirtualTimer): number {
    const overtaken = this.overtaken.get(timer);
    // It may have been set once more since then.
    return overtaken?.due === timer.due ? overtaken.wanted : timer.due;
  }
}
