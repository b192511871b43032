import type { TimestampProvider } from 'rxjs';

const RECORDS_BETWEEN_LOOKS = 256;
const MOST_RECORDS = 65_536;
const LONGEST_MS = 8;

/**
 * How much a long synchronous source emits in one go before it lets the event loop have a turn: half a frame of a
 * 60 Hz display, so that timers, triggers and pages stay alive.
 */
export class Slice {
  private records = 0;
  private since = 0;

  /** @param clock - a scheduler; under virtual time, which stands still meanwhile, the number of records decides. */
  constructor(private readonly clock: TimestampProvider) {}

  begin(): void {
    this.records = 0;
    this.since = this.clock.now();
  }

  /** To be asked after each record. */
  isOver(): boolean {
    const records = ++this.records;
    if (records % RECORDS_BETWEEN_LOOKS !== 0) return false;
    return records >= MOST_RECORDS || this.clock.now() - this.since >= LONGEST_MS;
  }
}
