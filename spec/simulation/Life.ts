import { asyncScheduler } from 'rxjs';

import { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import type { Checkpoint } from '../../src/checkpoint/Checkpoint.js';
import { DrainTimeoutError } from '../../src/errors/DrainTimeoutError.js';
import { RegionRestartError } from '../../src/errors/RegionRestartError.js';
import { format } from '../support/format.js';
import { Commons } from './Commons.js';
import type { ProbeSnapshot, Promised } from './Ledger.js';
import { Tenure } from './Ledger.js';
import type { Plot } from './Plot.js';
import type { DiskUser, MountedDisk } from './SimulatedDisk.js';
import { difference } from './SimulatedDisk.js';
import type { VirtualTime } from '../../src/testing/VirtualTime.js';
import { drained } from '../../src/testing/VirtualTime.js';
import type { Requested } from './Requests.js';
import type { Program } from './Program.js';
import type { Death, LifeOptions } from './LifeOptions.js';
import { thrownByInput } from './LifeOptions.js';
import { LifeClock } from './LifeClock.js';
import { MISFIT, whyItEnds } from './whyItEnds.js';
import { Requests } from './Requests.js';
import type { ProbeListener } from './Track.js';
import { Track } from './Track.js';
import { Tracks } from './Tracks.js';
import { Violation } from './Violation.js';

const MOST_RESTARTS = 20;

/** So many steps most requests take. */
const TO_BE_ANSWERED = 20;

/** Why checkpoints are not taken, without anything being written. */
const harmless = new Set(['not-running', 'finished', 'too-many-pending', 'min-pause', 'region-broken']);

/** A process from its start to its death. */
export class Life implements DiskUser, Requested {
  isDead = false;
  steps = 0;
  /** Whether there is nothing more to be done in it. */
  isOver = false;
  private readonly clock: LifeClock;
  private readonly disk: MountedDisk;
  private readonly tenure: Tenure;
  readonly checkpoints: CheckpointSubject;
  private readonly tracks = new Tracks();
  private violation: Violation | null = null;
  /** The first checkpoint, and what it was when it completed. */
  private readonly kept: { readonly checkpoint: Checkpoint; readonly text: string }[] = [];
  /** Whether something may have happened that goes on in microtasks. */
  private isStirred = true;
  hadFault = false;
  private hasStarted = false;
  /** Whether its pipelines are being connected, or have been. */
  private isConnected = false;
  private hadFailure = false;
  private hasRefused = false;
  /** Whether its program does not fit what is stored. */
  isMisfit = false;
  private hasFailed = false;
  /** Whether there was somebody else on the disk. */
  private hadCompany = false;
  private readonly requests: Requests;
  private hasStopped = false;
  private restarts = 0;
  /** For how many things to happen it goes on, before others do. */
  private turns = 0;
  /** At which step it is killed. */
  private killedAt: number;
  /** What the completed checkpoints of this life promise, and what had come out, by their ids. */
  readonly promises = new Map<number, ReadonlyMap<string, PromisedOutputs>>();

  get program(): Program {
    return this.options.program;
  }

  private get time(): VirtualTime {
    return this.clock.time;
  }

  get name(): string {
    return this.options.name;
  }

  get diesAs(): LifeOptions['diesAs'] {
    return this.options.diesAs;
  }

  constructor(private readonly options: LifeOptions) {
    const { disk, plots, random, faults, world, ledger, from, claims, coverage } = options;
    this.disk = disk.mount(this, { random, faults, isShared: world.thefts > 0 });
    const mayJump = [...plots.values()].every((plot) => plot.clockMayJump);
    this.clock = new LifeClock(random, mayJump ? world.jumps : 0);
    this.tenure = new Tenure(ledger, from, claims);
    if (from !== undefined) {
      const what = typeof from === 'number' ? 'checkpoint' : 'savepoint';
      const kind = claims ? `${what} that it claims` : what;
      coverage.step(this.tenure.isReturn ? `life that returns to a ${kind}` : 'life that goes on after a return');
    }
    this.hadCompany = options.isThief;
    this.killedAt = options.killedAt;
    this.requests = new Requests(this, options);
    this.checkpoints = new CheckpointSubject({
      storage: this.disk.storage,
      retained: world.retained,
      errorTypes: [thrownByInput],
      takeOver: options.isThief,
      ...options.policies,
      // Also for what gives the event loop a turn, which has to happen in virtual time.
      scheduler: asyncScheduler,
    });
  }

  /** Goes on until so many things have happened, or it is over. @throws Violation */
  async live(turns: number): Promise<void> {
    this.turns = turns;
    // A barrier of this life is of no moment that one of another is of.
    this.options.moments.last++;
    this.time.use();
    this.disk.use();
    if (this.tracks.size === 0) this.begin();
    const before = this.isRobbed && this.options.disk.fencesAtOnce ? new Map(this.options.disk.files) : null;
    await this.goOn();
    if (this.isDead) this.isOver = true;
    // A power failure decides on what others had under way; who claims it again may change it.
    const changed =
      before === null || this.isDead || !this.isRobbed ? null : difference(before, this.options.disk.files);
    if (changed !== null) this.violation ??= new Violation(`'${changed}' has changed since the claim was lost`);
    if (this.violation !== null) throw this.violation;
  }

  /** What has become of it. @throws Violation */
  end(): Death {
    for (const { checkpoint, text } of this.kept) {
      if (format(checkpoint.operators) !== text)
        throw new Violation(`checkpoint ${checkpoint.id} has changed since it completed`);
    }
    if (this.violation !== null) throw this.violation;
    if (this.hasRefused) return 'refused';
    if (this.hasFailed) return 'ended';
    if (this.hasStopped && !this.isDead) return 'stopped';
    return this.isDead ? 'killed' : 'ended';
  }

  /** Somebody else is on the disk, too. */
  joined(): void {
    this.hadCompany = true;
  }

  /** Whether all that it wrote and removed went well, so that what its last checkpoint made needless is gone. */
  get isQuiet(): boolean {
    if (this.isDead || this.hadFault || this.hadFailure || this.hadCompany) return false;
    // A job that ends waits no longer for its removals.
    const isPatient = this.options.world.policies.timeoutMs >= 1_000;
    return isPatient && this.promises.size > 0 && this.requests.count === 0;
  }

  /** Whether its pipelines have begun to run. */
  get hasBegun(): boolean {
    return this.hasStarted && !this.isMisfit;
  }

  /** The power has failed. */
  blackOut(): void {
    if (this.isOver) return;
    this.options.coverage.killed('power failure beside');
    this.die('killed with the others');
    this.isOver = true;
  }

  get isRobbed(): boolean {
    return this.tenure.isRobbed;
  }

  // What happens

  step(kind: string): void {
    if (this.isDead) return;
    this.options.coverage.step(kind);
    this.options.trace?.(`${this.name} ${this.time.now} ${kind}`);
    if (this.diesAs === 'late' && !this.isConnected) return;
    if (++this.steps !== this.killedAt) return;
    const { coverage, random, isNewProgram, onPowerFailure } = this.options;
    coverage.killed(kind);
    if (this.isRobbed) coverage.step('kill of a job that was robbed');
    if (isNewProgram && this.promises.size === 0) coverage.step('kill of a new program');
    this.die(`killed at: ${kind}`);
    if (random.chance(0.5)) onPowerFailure();
  }

  claimed(): void {
    this.tenure.claimed();
    this.options.trace?.(`${this.name} has the storage now`);
  }

  /** Something goes on in microtasks. */
  stir(): void {
    this.isStirred = true;
  }

  fault(kind: string): void {
    this.hadFault = true;
    if (kind === 'list hangs' || kind === 'keys hangs') this.requests.gaveUpNaming();
    this.options.trace?.(`${this.time.now} fault: ${kind}`);
    this.options.coverage.fault(kind);
  }

  private die(how: string): void {
    this.isDead = true;
    this.disk.kill();
    this.options.trace?.(`${this.name}: ${how}`);
  }

  private giveUp(how: string): void {
    this.options.coverage.ended(how);
    this.die(how);
  }

  fail(violation: unknown): void {
    if (!this.isDead) this.violation ??= violation as Violation;
    this.die('violated');
  }

  private begin(): void {
    this.checkpoints.subscribe((checkpoint) => this.completed(checkpoint));
    this.checkpoints.failures$.subscribe(({ reason, message }) => {
      if (this.isDead) return;
      this.options.trace?.(`failure: ${reason}`);
      this.options.coverage.failure(reason);
      if (!harmless.has(reason)) this.hadFailure = true;
      // All that these pipelines hold can be stored, and every participant can be reached.
      if (reason === 'declined' || reason === 'encoding-failed') this.fail(new Violation(message));
    });
    this.startAll();
  }

  private startAll(): void {
    this.clock.prepare();
    this.tracks.commons = new Commons();
    for (const [name, plot] of this.options.plots) this.start(name, plot);
  }

  private start(name: string, plot: Plot, isReturning = false): void {
    const { random, program, deployments, from, claims, coverage, world } = this.options;
    const { mode } = world.policies;
    const build = plot.build(random, this.tracks.commons, this);
    const { probeName } = this.tracks.get(name) ?? {};
    const track = new Track(name, plot, build, program, deployments, mode, probeName);
    track.isReturning = isReturning;
    this.tracks.set(name, track);
    const pipeline = track.pipeline(this.listenerOf(track));
    track.subscription = this.checkpoints
      .recover(pipeline, {
        name,
        from,
        claim: claims,
        allowNonRestoredState: program.allowsLoss,
        onRestore: (report) => this.checked(() => track.checkReport(report, coverage)),
      })
      .subscribe({
        next: (value) => this.value(track, value),
        error: (error: unknown) => this.errored(track, error),
        complete: () => this.completedPipeline(track),
      });
  }

  /** Of all of them, which go back together: so does the time. */
  private restart(): void {
    // Or it would never come to its start, where every call of the disk is a turn.
    if (++this.restarts > MOST_RESTARTS) return;
    this.step('restart');
    if (this.isDead) return;
    this.isStirred = true;
    for (const { subscription } of this.tracks.values()) subscription?.unsubscribe();
    this.startAll();
  }

  /** One of those that share a part leaves, or comes back while others have gone on. @returns whether any can. */
  private moveAlone(): boolean {
    const track = this.tracks.anyToMove(this.options.random);
    if (track === undefined) return false;
    this.step(track.hasLeft ? 'pipeline that comes back alone' : 'pipeline that leaves');
    if (this.isDead) return true;
    this.isStirred = true;
    if (!track.hasLeft) {
      track.isOver = track.hasLeft = true;
      track.subscription!.unsubscribe();
    } else this.start(track.name, track.plot, true);
    return true;
  }

  private async goOn(): Promise<void> {
    const { random, world, moments } = this.options;
    const { time, disk, requests } = this;
    while (!this.isDead && !this.isOver) {
      if (this.isStirred) {
        this.isStirred = false;
        await drained();
        continue;
      }
      if (this.turns-- <= 0) return;
      const isLate = time.nextDue > this.options.lastFrame + this.clock.isAheadBy;
      if (!isLate && this.hasStarted && random.chance(world.thefts)) this.theft();
      if (!isLate && random.chance(world.triggers.between)) this.trigger('between turns');
      if (!isLate && this.mayBeAsked && random.chance(world.savepoints)) {
        requests.make(moments.last);
        // Or few would see what comes of it.
        if (random.chance(0.3)) this.killedAt += TO_BE_ANSWERED;
        continue;
      }
      if (!isLate && !requests.areLast && this.mayRestart && random.chance(world.restarts)) {
        if (!world.isShared || random.chance(0.4) || !this.moveAlone()) this.restart();
        // What was due may be gone.
        continue;
      }
      if (!disk.isBusy) requests.isNaming = false;
      if (disk.isBusy && (isLate || requests.isNaming || !random.chance(world.slowness))) {
        this.isStirred = true;
        disk.settleOne();
      } else if (!isLate) {
        this.step('timer');
        if (this.isDead) return;
        this.options.moments.last++;
        // A timer may be a slice of encoding, or bring a value, behind which a write begins.
        if (world.policies.isSliced || world.inputs === 'journaled') this.isStirred = true;
        this.clock.step();
      } else if (!this.isStirred) {
        return this.finish();
      }
    }
  }

  private finish(): void {
    this.options.coverage.ended('nothing left to wait for');
    for (const track of this.tracks.values()) {
      const hasStarted = track.hasStarted || track.isOver;
      if (this.requests.isStopping) continue; // A storage that hangs keeps a job from hearing that it has stopped.
      if (!hasStarted && (this.hadFault || this.hadCompany)) continue; // A storage that hangs keeps a pipeline from starting.
      // Others have gone on with what is journaled.
      if (this.hadCompany && track.plot.isJournaled === true) continue;
      if (!track.isOver) this.checked(() => track.silence(!this.hadFault));
    }
    this.isOver = true;
    this.disk.kill();
  }

  private get mayRestart(): boolean {
    const { size } = this.tracks;
    return (size === 1 || this.options.world.isShared) && this.tracks.areRunning;
  }

  /** Between all that happens at one time it cannot be said what is still to come out of a drained job. */
  private get mayBeAsked(): boolean {
    if (this.options.isSpared) return false;
    return this.tracks.areWhole && !this.requests.areLast && this.time.nextDue > this.time.now;
  }

  private theft(): void {
    if (!this.options.onTheft()) return;
    this.step('theft');
    this.options.coverage.step(`theft on disk: ${this.options.world.disk}`);
    this.turns = 0;
  }

  // What it is asked for

  get mayBeDrained(): boolean {
    const { world, plots } = this.options;
    // What others have journaled meanwhile nobody knows.
    if (this.hadCompany && world.inputs === 'journaled') return false;
    return world.policies.mode === 'exactly-once' && mayDrain(plots) && this.clock.timeline.length === 0;
  }

  drains(): void {
    for (const track of this.tracks.values()) if (!track.isOver) track.drain(this.time.now);
  }

  drainsNot(): void {
    for (const track of this.tracks.values()) track.goOn();
  }

  drained(): void {
    this.options.coverage.step('drained');
    this.hasStopped = true;
  }

  private trigger(where: string): void {
    this.isStirred = true;
    this.options.coverage.step(`trigger ${where}`);
    this.checkpoints.next();
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

  // What comes out

  private value(track: Track, value: unknown): void {
    if (this.isDead) return;
    const channel = track.plot.channelOf(value);
    const line = this.timed(track, track.plot.write(value));
    this.checked(() => track.value(channel, line));
    this.told(track, line);
  }

  private ending(track: Track, text: string): void {
    track.isOver = true;
    const line = this.timed(track, text);
    this.checked(() => track.end(line));
    this.told(track, line);
  }

  private timed({ plot }: Track, text: string): string {
    return plot.isTimed ? `${this.time.now} ${text}` : text;
  }

  /** Somebody outside has seen it. */
  private told(track: Track, line: string): void {
    const { random, world, moments, trace } = this.options;
    if (this.isDead) return;
    trace?.(`${track.name}: ${line}`);
    this.isStirred = true;
    moments.last++;
    if (this.isRobbed) this.options.coverage.step('output of a job that was robbed');
    this.step('output');
    if (!this.isDead && random.chance(world.triggers.within)) this.trigger('within a turn');
  }

  private completedPipeline(track: Track): void {
    if (this.isDead) return;
    const { coverage } = this.options;
    const { tenure } = this;
    if (this.requests.isStopping && this.isStopped(track)) {
      coverage.step('stopped');
      track.isOver = true;
      this.hasStopped = true;
      // Or it has completed by itself, before the stop came to it: from outside that cannot be told.
      const isDue = track.expected.mayComplete(track.places, this.timed(track, 'complete'));
      if (track.hasStarted && isDue) tenure.hasCompleted(track.name);
      return;
    }
    if (!track.hasStarted && tenure.mayHaveCompleted(track.name)) {
      track.isOver = true;
      coverage.step('restored as completed');
      return;
    }
    this.ending(track, 'complete');
    tenure.hasCompleted(track.name);
  }

  /** Whether its newest checkpoint has all that came out, and says that it goes on from there. */
  private isStopped(track: Track): boolean {
    const promises = [...this.promises.values()].at(-1)?.get(track.name);
    // One that was on its way when the job was stopped. Without any checkpoint it has completed by itself.
    if (promises === undefined) return !track.hasStarted && this.promises.size > 0;
    if (promises.hasCompleted) return false;
    // Values that came again were counted again.
    if (this.options.world.policies.mode === 'at-least-once') return true;
    return promises.outputs.every((count, channel) => track.places[channel]!.has(count));
  }

  private errored(track: Track, error: unknown): void {
    if (this.isDead) return;
    if (error instanceof RegionRestartError) {
      if (this.tracks.isSentAway(track, error))
        return this.options.coverage.step('refused: a pipeline that comes back alone');
      if (this.failTogether(error.cause)) return;
    }
    const { options, requests, hadFault, hadCompany } = this;
    const { how, step, violation, isRefusal, isFailure } = whyItEnds(error, {
      track,
      hadFault,
      hadCompany,
      from: options.from,
      ledger: options.ledger,
      isStopping: requests.isStopping,
      isDraining: requests.isDraining,
    });
    if (violation === true) return this.fail(new Violation(String(error)));
    if (error instanceof DrainTimeoutError) this.checked(() => this.checkTimeout());
    if (how !== undefined) {
      if (step !== undefined) options.coverage.step(step);
      this.hasRefused = isRefusal === true;
      this.hasFailed = isFailure === true;
      this.isMisfit = how === MISFIT;
      return this.giveUp(how);
    }
    this.ending(track, `error ${String(error)}`);
    // Its last good part stays; here its process goes with it.
    this.hasFailed = true;
    this.giveUp('an error');
  }

  /** Whether it is another pipeline that has ended so, and had to. */
  private failTogether(cause: unknown): boolean {
    const text = `error ${String(cause)}`;
    if (![...this.tracks.values()].some((track) => !track.isOver && track.mayEnd(this.timed(track, text))))
      return false;
    this.options.coverage.step('error of a pipeline that shares a part');
    this.hasFailed = true;
    this.giveUp('an error');
    return true;
  }

  /** Whether a drain may say that it takes too long. */
  private checkTimeout(): void {
    const { now } = this.time;
    const drainings = [...this.tracks.values()].flatMap(({ draining }) => draining ?? []);
    const { timeoutMs } = this.options.world.policies;
    if (drainings.some(({ since }) => now < since + timeoutMs) || drainings.every(({ dueAt }) => dueAt < now))
      throw new Violation(`A drain took too long at ${now}, although there was time left`);
  }

  private completed(checkpoint: Checkpoint): void {
    if (this.isDead) return;
    const { id, operators, pipelines } = checkpoint;
    if (this.kept.length === 0) this.kept.push({ checkpoint, text: format(operators) });
    this.isStirred = true;
    const promises = new Map<string, PromisedOutputs>();
    for (const [name, status] of Object.entries(pipelines)) {
      const probe = operators[this.tracks.get(name)!.probeName]?.state as ProbeSnapshot | undefined;
      const { moment, outputs } = probe ?? { moment: -1, outputs: [] };
      promises.set(name, { moment, outputs, hasCompleted: status === 'completed' });
    }
    this.promises.set(id, promises);
    this.options.trace?.(`checkpoint ${id} completed: ${JSON.stringify([...promises])}`);
    this.checked(() => {
      if (this.isRobbed && this.options.disk.fencesAtOnce)
        throw new Violation(`checkpoint ${id} was completed by a job that had lost its claim`);
      this.tenure.completed(id, promises);
    });
    this.options.coverage.step('checkpoint completed');
  }

  // Probes

  private listenerOf(track: Track): ProbeListener {
    const { moments, trace, deployments } = this.options;
    const { tenure, clock } = this;
    return {
      connected: () => {
        this.isConnected = true;
        clock.reset(); // until the restore, if there is one
      },
      started: (snapshot) => {
        this.hasStarted = true;
        this.checked(() => {
          if (this.tracks.returnsBehindTheEnd(track)) this.giveUp('a return behind the end of what was shared');
        });
        if (snapshot !== undefined) this.restored(track, snapshot);
        trace?.(`${this.time.now} ${track.name} starts with ${JSON.stringify(snapshot)}`);
        this.checked(() => tenure.restored(track.name, snapshot));
      },
      restored: () => this.step('restore'),
      barrier: () => {
        this.step('barrier');
        this.checked(() => {
          if (this.tracks.isCutBehindTheEnd()) this.giveUp('a checkpoint behind the end of what was shared');
        });
        tenure.barrier(moments.last);
        this.checked(() => track.checkBegun());
        deployments.barrier(track.name, moments.last, track.fit.counters);
        const { timeline, isSettled } = clock;
        const { isOver: partIsOver } = this.tracks.commons;
        return { now: this.time.now, timeline, isSettled, partIsOver, moment: moments.last };
      },
    };
  }

  private restored(track: Track, snapshot: ProbeSnapshot): void {
    const { world, coverage } = this.options;
    const { clock } = this;
    const by = clock.restore(snapshot);
    if (snapshot.partIsOver) this.tracks.commons.isOver = true;
    if (by !== 0) coverage.step(by > 0 ? 'clock that is ahead' : 'clock that was set back');
    // What timers do that the clock has passed is no repetition.
    track.begin(snapshot, clock.timeline, world.repeatsSlowly && snapshot.isSettled && by === 0);
  }
}

function mayDrain(plots: ReadonlyMap<string, Plot>): boolean {
  return [...plots.values()].every((plot) => plot.canBeDrained);
}

/** What a completed checkpoint says of one pipeline. */
interface PromisedOutputs extends Promised {
  /** How many values had come out, by channel. */
  readonly outputs: readonly number[];
}
