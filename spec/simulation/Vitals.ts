import { LifeClock } from './LifeClock.js';
import type { Death, LifeOptions } from './LifeOptions.js';
import { Tenure } from './Ledger.js';
import type { DiskUser, MountedDisk } from './SimulatedDisk.js';
import type { Rehearsal } from './Rehearsal.js';
import type { Violation } from './Violation.js';

/** Whether a life goes on, what it has been through so far, and at which step it is killed. */
export class Vitals implements DiskUser {
  isDead = false;
  /** Whether there is nothing more to be done in it. */
  isOver = false;
  steps = 0;
  /** Whether something may have happened that goes on in microtasks. */
  isStirred = true;
  hadFault = false;
  /** Whether a checkpoint has failed that was to be written. */
  hadFailure = false;
  /** Whether there was somebody else on the disk. */
  hadCompany: boolean;
  /** Whether its pipelines are being connected, or have been. */
  isConnected = false;
  hasStarted = false;
  /** Whether one of its checkpoints has completed. */
  hasCheckpoint = false;
  /** How it ends, as it looks now. */
  death: Death = 'ended';
  /** Whether its program does not fit what is stored. */
  isMisfit = false;
  onFault: ((kind: string) => void) | null = null;
  /** What a dry run said of it, as long as that can be compared. */
  rehearsal: Rehearsal | null = null;
  readonly clock: LifeClock;
  readonly disk: MountedDisk;
  readonly tenure: Tenure;
  private killedAt: number;
  private violation: Violation | null = null;

  constructor(readonly options: LifeOptions) {
    const { disk, plots, random, faults, world, ledger, from, claims, name } = options;
    this.disk = disk.mount(this, { random, faults, isShared: world.thefts > 0 });
    // A job waits for one of its own process that leaves the same storage: these are processes of their own.
    Object.assign(this.disk.storage, { description: `the disk of ${name}` });
    const mayJump = [...plots.values()].every((plot) => plot.clockMayJump);
    this.clock = new LifeClock(random, mayJump ? world.jumps : 0, mayJump, !world.repeatsSlowly);
    this.tenure = new Tenure(ledger, from, claims);
    this.hadCompany = options.isThief;
    this.killedAt = options.killedAt;
  }

  get isRobbed(): boolean {
    return this.tenure.isRobbed;
  }

  /** For whoever reads how a failure came about; seldom there, and nothing is put into words without it. */
  get trace(): LifeOptions['trace'] {
    return this.options.trace;
  }

  /** Something happens at which it can be killed. */
  step(kind: string): void {
    if (this.isDead) return;
    const { coverage, random, isNewProgram, onPowerFailure, diesAs, name } = this.options;
    coverage.step(kind);
    this.trace?.(`${name} ${this.clock.time.now} ${kind}`);
    if (diesAs === 'late' && !this.isConnected) return;
    if (++this.steps !== this.killedAt) return;
    coverage.killed(kind);
    if (this.isRobbed) coverage.step('kill of a job that was robbed');
    if (isNewProgram && !this.hasCheckpoint) coverage.step('kill of a new program');
    this.die(`killed at: ${kind}`);
    if (random.chance(0.5)) onPowerFailure();
  }

  /** So many steps later than it was to be killed. */
  reprieve(steps: number): void {
    this.killedAt += steps;
  }

  claimed(): void {
    this.tenure.claimed();
    this.trace?.(`${this.options.name} has the storage now`);
  }

  stir(): void {
    this.isStirred = true;
  }

  fault(kind: string): void {
    this.hadFault = true;
    this.rehearsal = null;
    this.onFault?.(kind);
    this.trace?.(`${this.clock.time.now} fault: ${kind}`);
    this.options.coverage.fault(kind);
  }

  /** The power has failed. */
  blackOut(): void {
    if (this.isOver) return;
    this.options.coverage.killed('power failure beside');
    this.die('killed with the others');
    this.isOver = true;
  }

  /** It is given up, for a reason that the model understands. */
  giveUp(how: string, death?: Death): void {
    this.options.coverage.ended(how);
    this.die(how, death);
  }

  fail(violation: unknown): void {
    if (!this.isDead) this.violate(violation as Violation);
    this.die('violated');
  }

  /** Of several the first one counts. */
  violate(violation: Violation): void {
    this.violation ??= violation;
  }

  /** Runs a check; a life in which one fails is over. */
  checked(check: () => void): void {
    if (this.isDead) return;
    try {
      check();
    } catch (violation) {
      this.fail(violation);
    }
  }

  /** @throws Violation, if there was one. */
  check(): void {
    if (this.violation !== null) throw this.violation;
  }

  private die(how: string, death: Death = 'killed'): void {
    this.death = death;
    this.isDead = true;
    this.disk.kill();
    this.trace?.(`${this.options.name}: ${how}`);
  }
}
