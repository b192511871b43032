import { VirtualTime } from '../../src/testing/VirtualTime.js';
import type { Random } from '../../src/testing/random.js';
import type { ProbeSnapshot } from './Ledger.js';
import type { Timeline } from './Timeline.js';
import { aheadBy } from './Timeline.js';

/** Hours, for pipelines in which nothing lasts longer than a few ms; more would not leave their times exact. */
const FAR = 16;
const jumps = [1, 2, 5, FAR, -1, -2] as const;
const MOST_JUMPS = 2;

/** A life's clock. Where the life begins with a checkpoint it stands as it did then, or has jumped meanwhile. */
export class LifeClock {
  readonly time = new VirtualTime();
  timeline: Timeline = [];
  private startedAt = 0;
  /** Whether it goes on where all had happened that was due. */
  private beganSettled = false;
  private jump = 0;
  /** Whether a timer fires; it may be that of several things. */
  private isStepping = false;

  constructor(
    private readonly random: Random,
    /** How often it jumps. */
    private readonly chance: number,
  ) {}

  /** A start, of all pipelines. */
  prepare(): void {
    const { random } = this;
    this.jump = random.chance(this.chance) ? random.pick(jumps) : 0;
  }

  /** It is not known yet what a pipeline begins with. */
  reset(): void {
    this.time.now = 0;
    this.startedAt = 0;
    this.beganSettled = false;
    this.timeline = [];
  }

  /** @returns by how much it has jumped. */
  restore({ now, timeline, isSettled }: ProbeSnapshot): number {
    const by = isSettled && timeline.length < MOST_JUMPS ? Math.max(this.jump, -Math.floor(now)) : 0;
    this.time.now = now + by;
    this.timeline = by === 0 ? timeline : [...timeline, { from: now, to: now + by }];
    this.startedAt = this.time.now;
    this.beganSettled = isSettled && by === 0;
    return by;
  }

  step(): void {
    this.isStepping = true;
    try {
      this.time.step();
    } finally {
      this.isStepping = false;
    }
  }

  /** Whether it has jumped, or may still where the life begins with a checkpoint. */
  get jumps(): boolean {
    return this.jump !== 0 || this.timeline.length > 0;
  }

  /** For a barrier: the model can tell what has happened until now, and what has not. */
  get isSettled(): boolean {
    const { now, nextDue } = this.time;
    return now === this.startedAt ? this.beganSettled : !this.isStepping && nextDue > now;
  }

  get isAheadBy(): number {
    return aheadBy(this.timeline);
  }
}
