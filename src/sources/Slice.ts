import type { TimestampProvider } from 'rxjs';

const MOST_RECORDS = 65_536;
const LONGEST_MS = 8;
const MOST_BETWEEN_LOOKS = 1_024;

/**
 * How much a long synchronous source emits in one go before it lets the event loop have a turn: half a frame of a
 * 60 Hz display, so that timers, triggers and pages stay alive. It is asked after each batch of records:
 *
 *     slice.begin();
 *     do emitUpTo(slice.batch); while (!slice.isOver());
 */
export class Slice {
  /** How many records until the next look at the clock: few while they take long, many while they do not. */
  batch = 1;
  private records = 0;
  private since = 0;
  private lastLook = 0;

  /** @param clock - a scheduler; under virtual time, which stands still meanwhile, the number of records decides. */
  constructor(private readonly clock: TimestampProvider) {}

  begin(): void {
    this.records = 0;
    this.since = this.lastLook = this.clock.now();
  }

  /** To be asked after each batch. */
  isOver(): boolean {
    const now = this.clock.now();
    this.records += this.batch;
    this.batch = now - this.lastLook < 1 ? Math.min(this.batch * 2, MOST_BETWEEN_LOOKS) : Math.max(1, this.batch >> 2);
    this.lastLook = now;
    return this.records >= MOST_RECORDS || now - this.since >= LONGEST_MS;
  }
}
