import { VirtualTime } from '../../src/testing/VirtualTime.js';
import type { Random } from '../../src/testing/random.js';
import type { ProbeSnapshot } from './Ledger.js';
import type { Jump, Timeline } from './Timeline.js';
import { hasOvertaken, jumpedBy, jumpsOf, wasSet } from './Timeline.js';

/** Hours, for pipelines in which nothing lasts longer than a few ms; more would not leave their times exact. */
const FAR = 16;
const ahead = [1, 2, 5, FAR] as const;
const back = [-1, -2] as const;
const jumps = [...ahead, ...back];
/** Ahead, back, and ahead again: what one jump leaves the next one meets. */
const MOST_JUMPS = 3;
/** How seldom it jumps at a step of a life, compared with its beginning. */
const STEPS = 4;

/** A life's clock. Where the life begins with a checkpoint it stands as it did then, or has jumped meanwhile. */
export class LifeClock {
  readonly time = new VirtualTime();
  timeline: Timeline = [];
  /** What it shows as long as no time has passed since it began. */
  private startedAt = 0;
  /** Whether it goes on where all had happened that was due. */
  private beganSettled = false;
  private jump = 0;
  /** Whether a timer fires; it may be that of several things. */
  private isStepping = false;
  /** Whether it has slept, and timers are late. */
  private hasSlept = false;

  constructor(
    private readonly random: Random,
    /** How often it jumps. */
    private readonly chance: number,
    /** Whether it is known what comes of that. */
    private readonly mayJump: boolean,
    /** Not where inners repeat slowly: then those that are late come in another order. */
    private readonly maySleep: boolean,
  ) {}

  /** A start, of all pipelines. */
  prepare(): void {
    const { random } = this;
    this.jump = random.chance(this.chance) ? random.pick(jumps) : 0;
  }

  /** It is not known yet what a pipeline begins with. */
  reset(): void {
    this.begin(0, [], false);
  }

  private begin(now: number, timeline: Timeline, isSettled: boolean): void {
    this.time.now = now;
    this.timeline = timeline;
    this.startedAt = now;
    this.beganSettled = isSettled;
    this.hasSlept = false;
  }

  /** @param earliest - which it shows at least. @returns by how much it has jumped; null if it cannot. */
  restore({ now, timeline, isSettled }: ProbeSnapshot, earliest: number): number | null {
    const mayJump = isSettled && jumpsOf(timeline) < MOST_JUMPS;
    if (earliest > now && (!mayJump || !this.mayJump)) return null;
    const least = earliest > now ? Math.ceil(earliest - now) : -Math.floor(now);
    const by = mayJump ? Math.max(this.jump, least) : 0;
    const isPlain = by === 0 && !wasSet(timeline);
    const restart: Jump = { kind: 'restart', from: now, to: now + by };
    // What the clock has passed fires first, some of it behind a barrier that comes at once.
    const isStill = by === 0 && !hasOvertaken(timeline);
    this.begin(now + by, isPlain ? timeline : [...timeline, restart], isSettled && isStill);
    return by;
  }

  /**
   * While it goes on, now and then.
   *
   * @param read - lets the job read it: of what passes between that and the moment when it is set back it would know nothing.
   * @returns what has happened; null if nothing has.
   */
  jumpNow(read: () => void): Jump | null {
    const { random, time, timeline } = this;
    if (this.chance === 0 || !this.isSettled || jumpsOf(timeline) >= MOST_JUMPS) return null;
    if (!random.chance(this.chance / STEPS)) return null;
    const kind = this.maySleep ? random.pick(['sleep', 'set'] as const) : 'set';
    const mayGoBack = kind === 'set' && time.now >= -Math.min(...back);
    const by = random.pick(mayGoBack && random.chance(0.5) ? back : ahead);
    const jump: Jump = { kind, from: time.now, to: time.now + by };
    read();
    if (kind === 'set') time.setClock(jump.to);
    else time.now = jump.to;
    read();
    this.hasSlept = kind === 'sleep';
    this.timeline = [...timeline, jump];
    this.startedAt = NaN;
    return jump;
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

  /** Whether it has slept, and not all has happened that was due meanwhile. */
  get isBehind(): boolean {
    return (this.hasSlept &&= this.time.nextDue <= this.time.now);
  }

  /** Whether nobody can tell what would come of a checkpoint that is taken now. */
  get isUnclear(): boolean {
    return this.isBehind || (hasOvertaken(this.timeline) && !this.isSettled);
  }

  /** By how much it is ahead of one that has never jumped. */
  get isAheadBy(): number {
    return jumpedBy(this.timeline);
  }
}
