import { asyncScheduler } from 'rxjs';

import { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import { Consumer } from './Consumer.js';
import type { Death, LifeOptions } from './LifeOptions.js';
import { thrownByInput } from './LifeOptions.js';
import { microtasksDone } from './microtasks.js';
import { Pipelines } from './Pipelines.js';
import { Promises } from './Promises.js';
import { Rehearsal } from './Rehearsal.js';
import { Requests } from './Requests.js';
import { difference } from './SimulatedDisk.js';
import { Tracks } from './Tracks.js';
import { Violation } from './Violation.js';
import { Vitals } from './Vitals.js';
import type { World } from './World.js';

/** So many steps most requests take. */
const TO_BE_ANSWERED = 20;

/** How many lives are tried in a dry run before. */
const REHEARSALS = 0.05;
/** The disks that have what is stored by its names. */
const onMemory: readonly World['disk'][] = ['memory', 'asked'];

/** Why checkpoints are not taken, without anything being written. */
const harmless = new Set(['not-running', 'finished', 'too-many-pending', 'min-pause', 'region-broken']);

/** A process from its start to its death: chooses what happens next in it. */
export class Life {
  readonly vitals: Vitals;
  readonly checkpoints: CheckpointSubject;
  readonly tracks = new Tracks();
  readonly promises: Promises;
  readonly requests: Requests;
  private readonly pipelines: Pipelines;
  /** For how many things to happen it goes on, before others do. */
  private turns = 0;

  constructor(readonly options: LifeOptions) {
    const { world, from, claims, coverage } = options;
    const vitals = (this.vitals = new Vitals(options));
    if (from !== undefined) {
      const what = typeof from === 'number' ? 'checkpoint' : 'savepoint';
      const kind = claims ? `${what} that it claims` : what;
      coverage.step(vitals.tenure.isReturn ? `life that returns to a ${kind}` : 'life that goes on after a return');
    }
    this.promises = new Promises(vitals, this.tracks);
    this.requests = new Requests(this);
    const onFault = (kind: string): void => {
      if (kind === 'list hangs' || kind === 'keys hangs') this.requests.gaveUpNaming();
    };
    vitals.onFault = onFault;
    this.checkpoints = new CheckpointSubject({
      storage: vitals.disk.storage,
      retained: world.retained,
      errorTypes: [thrownByInput],
      takeOver: options.isThief,
      ...options.policies,
      // Also for what gives the event loop a turn, which has to happen in virtual time.
      scheduler: asyncScheduler,
    });
    this.pipelines = new Pipelines(this.checkpoints, this.tracks, vitals, new Consumer(this));
  }

  get isOver(): boolean {
    return this.vitals.isOver;
  }

  /** Whether its pipelines have begun to run. */
  get hasBegun(): boolean {
    return this.vitals.hasStarted && !this.vitals.isMisfit;
  }

  /** Whether all that it wrote and removed went well, so that what its last checkpoint made needless is gone. */
  get isQuiet(): boolean {
    const { isDead, hadFault, hadFailure, hadCompany, hasCheckpoint } = this.vitals;
    if (isDead || hadFault || hadFailure || hadCompany) return false;
    // A job that ends waits no longer for its removals.
    const isPatient = this.options.world.policies.timeoutMs >= 1_000;
    return isPatient && hasCheckpoint && this.requests.count === 0;
  }

  /** Goes on until so many things have happened, or it is over. @throws Violation */
  async live(turns: number): Promise<void> {
    const { vitals } = this;
    const { disk } = this.options;
    this.turns = turns;
    // A barrier of this life is of no moment that one of another is of.
    this.options.moments.last++;
    vitals.clock.time.use();
    vitals.disk.use();
    if (this.tracks.size === 0) await this.begin();
    const before = vitals.isRobbed && disk.fencesAtOnce ? new Map(disk.files) : null;
    await this.goOn();
    if (vitals.isDead) vitals.isOver = true;
    // A power failure decides on what others had under way; who claims it again may change it.
    const changed = before === null || vitals.isDead || !vitals.isRobbed ? null : difference(before, disk.files);
    if (changed !== null) vitals.violate(new Violation(`'${changed}' has changed since the claim was lost`));
    vitals.check();
  }

  /** What has become of it. @throws Violation */
  end(): Death {
    this.promises.checkUnchanged();
    this.vitals.check();
    return this.vitals.death;
  }

  /** Asks for a checkpoint. */
  trigger(where: string): void {
    this.vitals.stir();
    this.options.coverage.step(`trigger ${where}`);
    this.checkpoints.next();
  }

  private async begin(): Promise<void> {
    const { vitals } = this;
    await this.rehearse();
    this.checkpoints.subscribe((checkpoint) => this.promises.completed(checkpoint));
    this.checkpoints.failures$.subscribe(({ reason, message }) => {
      if (vitals.isDead) return;
      vitals.trace?.(`failure: ${reason}`);
      this.options.coverage.failure(reason);
      if (!harmless.has(reason)) vitals.hadFailure = true;
      // All that these pipelines hold can be stored, and every participant can be reached.
      if (reason === 'declined' || reason === 'encoding-failed') vitals.fail(new Violation(message));
    });
    this.pipelines.startAll();
  }

  /** What several pipelines share is restored for all of them. */
  private async rehearse(): Promise<void> {
    const { options } = this;
    const { plots, world, isThief, random, coverage } = options;
    // Files are looked at step by step, which is of a life.
    const isKnown = onMemory.includes(world.disk) && world.inputs !== 'files';
    if (plots.size > 1 || isThief || !isKnown || !random.chance(REHEARSALS)) return;
    coverage.step('dry run');
    for (const name of plots.keys()) this.vitals.rehearsal = await Rehearsal.of(name, options);
  }

  private async goOn(): Promise<void> {
    const { vitals, requests, pipelines } = this;
    const { disk, clock } = vitals;
    const { random, world, moments, lastFrame } = this.options;
    while (!vitals.isDead && !vitals.isOver) {
      if (vitals.isStirred) {
        vitals.isStirred = false;
        await microtasksDone();
        continue;
      }
      if (this.turns-- <= 0) return;
      // All of that comes in one go.
      if (clock.isBehind) {
        this.tick();
        continue;
      }
      const isLate = clock.time.nextDue > lastFrame + clock.isAheadBy;
      if (!isLate && vitals.hasStarted && random.chance(world.thefts)) this.theft();
      if (!isLate && !clock.isUnclear && random.chance(world.triggers.between)) this.trigger('between turns');
      if (!isLate && this.mayBeAsked && random.chance(world.savepoints)) {
        requests.make(moments.last);
        // Or few would see what comes of it.
        if (random.chance(0.3)) vitals.reprieve(TO_BE_ANSWERED);
        continue;
      }
      if (!isLate && !requests.areLast && pipelines.mayRestart && random.chance(world.restarts)) {
        pipelines.restart();
        // What was due may be gone.
        continue;
      }
      if (!disk.isBusy) requests.isNaming = false;
      if (disk.isBusy && (isLate || requests.isNaming || !random.chance(world.slowness))) {
        vitals.stir();
        disk.settleOne();
      } else if (!isLate) {
        if (this.mayJump) this.jump();
        this.tick();
      } else if (!vitals.isStirred) {
        return this.finish();
      }
    }
  }

  /** The next timer fires. */
  private tick(): void {
    const { vitals } = this;
    const { world, moments } = this.options;
    vitals.step('timer');
    if (vitals.isDead) return;
    moments.last++;
    // A timer may be a slice of encoding, or bring a value, behind which a write begins.
    if (world.policies.isSliced || world.inputs === 'journaled') vitals.stir();
    vitals.clock.step();
  }

  /** What is still to come out of a drained job was said before. */
  private get mayJump(): boolean {
    const { tracks, requests } = this;
    return tracks.haveStarted && tracks.areWhole && tracks.areRunning && !requests.areLast;
  }

  private jump(): void {
    const { clock, options } = this.vitals;
    const jump = clock.jumpNow(() => this.tracks.readClock());
    if (jump === null) return;
    const { kind, from, to } = jump;
    this.vitals.trace?.(`${from} ${kind} to ${to}`);
    const how = kind === 'sleep' ? 'sleep' : to > from ? 'clock that is put ahead' : 'clock that is set back';
    options.coverage.step(`${how}, in a life`);
    for (const track of this.tracks.values()) if (!track.isOver) track.jumped(clock.timeline);
  }

  private finish(): void {
    const { hadFault, hadCompany, disk } = this.vitals;
    this.options.coverage.ended('nothing left to wait for');
    for (const track of this.tracks.values()) {
      const hasStarted = track.hasStarted || track.isOver;
      if (this.requests.isStopping) continue; // A storage that hangs keeps a job from hearing that it has stopped.
      if (!hasStarted && (hadFault || hadCompany)) continue; // A storage that hangs keeps a pipeline from starting.
      // Others have gone on with what is journaled.
      if (hadCompany && track.plot.isJournaled === true) continue;
      if (!track.isOver) this.vitals.checked(() => track.silence(!hadFault));
    }
    this.vitals.isOver = true;
    disk.kill();
  }

  /** Between all that happens at one time it cannot be said what is still to come out of a drained job. */
  private get mayBeAsked(): boolean {
    if (this.options.isSpared) return false;
    const { time } = this.vitals.clock;
    return this.tracks.areWhole && !this.requests.areLast && time.nextDue > time.now;
  }

  private theft(): void {
    if (!this.options.onTheft()) return;
    this.vitals.step('theft');
    this.options.coverage.step(`theft on disk: ${this.options.world.disk}`);
    this.turns = 0;
  }
}
