import type { Observable, SchedulerLike } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { Checkpoint } from '../../checkpoint/Checkpoint.js';
import type { CheckpointSubjectOptions } from '../../checkpoint/CheckpointSubjectOptions.js';
import { CheckpointSubject } from '../../checkpoint/CheckpointSubject.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { CheckpointedObservable } from '../../operators/base/CheckpointedObservable.js';
import { beginNextProcess } from '../../operators/base/sharedStreams.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { DamagedCheckpointError } from '../../errors/DamagedCheckpointError.js';
import { StorageError } from '../../errors/StorageError.js';
import { isSame } from '../contracts/isSame.js';
import { FaultyStorage } from '../FaultyStorage.js';
import { inspectValue } from '../inspectValue.js';
import type { StorageCall } from '../StorageFaults.js';
import { drained, realTime } from '../VirtualTime.js';
import type { ClockJumps } from './ClockJump.js';
import type { Beginning, CrashClockOptions } from './CrashClock.js';
import { CrashClock } from './CrashClock.js';
import { inMs } from './crashFailures.js';
import type { CrashHistory, Output } from './CrashHistory.js';
import { MortalStorage } from './MortalStorage.js';
import type { Testimony } from './Witness.js';
import { witnessed, witnessOf } from './Witness.js';

/** What the outside knows of a job, over all of its lives. */
export interface Outside {
  /** Ascends over all lives. */
  moment: number;
  /** The newest checkpoint that it was told of: no later life may begin with an older one. */
  promised: Checkpoint | null;
  /** Pipelines that have completed once. */
  readonly completed: Set<string>;
  readonly tally: { statesCompared: number; restores: number };
}

export interface CrashLifeOptions {
  readonly build: (
    step: (name: string) => void,
    inputs: SchedulerLike,
  ) => ReadonlyMap<string, CheckpointedObservable<unknown>>;
  readonly storage: CheckpointStorage;
  readonly job: Omit<CheckpointSubjectOptions, 'storage' | 'trigger' | 'scheduler'>;
  /** At which step it dies, counted from 1; null for never. */
  readonly killedAt: number | null;
  /** What it has to do unless its clock jumps; what it does is noted there when `isFirst`. */
  readonly history: CrashHistory;
  readonly isFirst: boolean;
  readonly clock: CrashClockOptions;
  /** What it has to do is known later, when it is known how the clock went. */
  readonly defers: boolean;
  readonly outside: Outside;
  readonly untilMs: number;
  readonly checkpointEvery: number;
  readonly waitMs: number;
  readonly mostSteps: number;
  readonly exactTimes: boolean;
  readonly invariants: ((checkpoint: Checkpoint) => void) | undefined;
}

/** A difference between what a life does and what it should do. */
export class Difference extends Error {
  override name = 'Difference';
}

interface Track {
  readonly name: string;
  /** How many values have come, those before the restored checkpoint counted. */
  outputs: number;
  isConnected: boolean;
  isOver: boolean;
}

/** What an output is compared with. */
interface Wanted {
  readonly wanted: CrashHistory;
  readonly name: string;
  readonly index: number;
  /** When its life began. */
  readonly beganAt: number;
}

const EMPTY: Beginning = { now: 0, outsideSteps: 0, jumps: [], isQuiet: false };

/** A process, from its start to its death or until nothing is left to do. */
export class CrashLife {
  isDead = false;
  readonly steps: string[] = [];
  private readonly clock: CrashClock;
  private readonly storage: FaultyStorage | MortalStorage;
  private readonly checkpoints: CheckpointSubject;
  private readonly tracks = new Map<string, Track>();
  /** What was due before this is late, whatever it is. */
  private beganAt = 0;
  private difference: Error | null = null;
  private crash: FaultyStorage | Promise<void> | null = null;
  /** What is still to be compared. */
  private readonly deferred: ((history: CrashHistory) => void)[] = [];

  constructor(private readonly options: CrashLifeOptions) {
    const { storage, job, clock } = options;
    if (storage instanceof FaultyStorage) {
      this.storage = storage;
      const called = ({ operation, name, phase }: StorageCall): void =>
        this.step(`storage: ${operation}${name === undefined ? '' : ` ${name}`}, ${phase}`);
      storage.onCall = called;
    } else {
      this.storage = new MortalStorage(storage, (call) => this.step(`storage: ${call}`));
    }
    this.clock = new CrashClock(clock);
    this.clock.time.use();
    this.checkpoints = new CheckpointSubject({ timeoutMs: 1_000, ...job, storage: this.storage });
  }

  /**
   * @returns whether it was killed.
   * @throws Difference
   */
  async live(): Promise<boolean> {
    this.begin();
    await this.goOn();
    if (this.options.isFirst) this.options.history.nextDue = this.clock.nextDue;
    if (this.difference !== null) throw this.difference;
    if (this.isDead) return true;
    this.checkSilence();
    // Whatever it has not done by now it is not to do in real time.
    this.die();
    await this.crash;
    return false;
  }

  /** What a restarted process finds in place of a FaultyStorage; null for others, which are opened anew. */
  async remains(): Promise<FaultyStorage | null> {
    const left = await this.crash;
    return left instanceof FaultyStorage ? left : null;
  }

  private begin(): void {
    const { checkpoints, clock } = this;
    const error = (thrown: unknown): void => this.fail(thrown);
    checkpoints.subscribe({ next: (checkpoint) => this.checked(() => this.completed(checkpoint)), error });
    checkpoints.failures$.subscribe({
      next: ({ reason, message }) => {
        if (reason === 'declined' || reason === 'encoding-failed') this.fail(new Difference(message));
      },
      error,
    });
    this.checked(() => {
      const { build, history, isFirst } = this.options;
      beginNextProcess();
      for (const [name, pipeline] of clock.time.asOutside(() => build((step) => this.step(step), clock.inputs))) {
        if (isFirst) history.outputs.set(name, []);
        const track: Track = { name, outputs: 0, isConnected: false, isOver: false };
        this.tracks.set(name, track);
        this.recovered(track, pipeline).subscribe({
          next: (value) => this.told(track, 'value', value),
          error: (error: unknown) => this.told(track, 'error', error),
          complete: () => this.told(track, 'complete', undefined),
        });
      }
    });
  }

  private recovered(track: Track, pipeline: CheckpointedObservable<unknown>): Observable<unknown> {
    return this.checkpoints.recover(
      witnessed(pipeline, {
        onConnected: (testimony, run) => this.checked(() => this.connected(track, testimony, run)),
        testify: () => this.testify(track),
        onHop: (participant, id) => this.step(`barrier of checkpoint ${id} at '${participant}'`),
      }),
      { name: track.name },
    );
  }

  private testify({ outputs }: Track): Testimony {
    const { now, nextDue, jumps, time } = this.clock;
    const moment = ++this.options.outside.moment;
    return { outputs, now, outsideSteps: time.outsideSteps, jumps, isQuiet: nextDue > now, moment };
  }

  private async goOn(): Promise<void> {
    const { untilMs, checkpointEvery, waitMs, isFirst, history } = this.options;
    const { clock } = this;
    let waitedMs = 0;
    for (let quiet = 0; ;) {
      await this.settled();
      if (this.isDead) return;
      if (this.isOver) return;
      if (quiet++ % checkpointEvery === 0 && !clock.isUnclear) {
        this.checkpoints.next();
        await this.settled();
        if (this.isDead) return;
      }
      if (isFirst && clock.nextDue > clock.now) history.quietMoments.push({ at: clock.now, steps: this.steps.length });
      clock.jumpIfDue();
      const { nextDue } = clock;
      if (nextDue <= untilMs) {
        waitedMs = 0;
        this.step(`timer at ${inMs(nextDue)}`);
        if (!this.isDead) clock.time.step();
      } else if (waitedMs++ >= waitMs) {
        return;
      } else {
        await realTime(1);
      }
    }
  }

  private get isOver(): boolean {
    return [...this.tracks.values()].every(({ isOver }) => isOver);
  }

  /** Until nothing happens any more without time passing. */
  private async settled(): Promise<void> {
    const { storage } = this;
    await drained();
    while (!this.isDead && storage instanceof MortalStorage && storage.isBusy) await realTime(0);
    while (!this.isDead && storage instanceof FaultyStorage && storage.held.length > 0) {
      storage.held[0]!.goOn();
      await drained();
    }
    await drained();
  }

  private step(name: string): void {
    if (this.isDead) return;
    const { killedAt, mostSteps } = this.options;
    this.steps.push(name);
    if (this.steps.length === killedAt) this.die();
    else if (this.steps.length > mostSteps) this.fail(tooLong(mostSteps));
  }

  private die(): void {
    this.isDead = true;
    this.crash = this.storage.crash();
  }

  private fail(difference: unknown): void {
    if (this.isDead) return;
    this.difference = difference instanceof Error ? difference : new Error(String(difference));
    this.die();
  }

  /** A life in which a check fails is over. */
  private checked(check: () => void): void {
    if (this.isDead) return;
    try {
      check();
    } catch (difference) {
      this.fail(difference);
    }
  }

  private connected(track: Track, testimony: Testimony | undefined, run: Run): void {
    const { outside } = this.options;
    const { promised } = outside;
    const { clock } = this;
    track.isConnected = true;
    const isAtWork = (): boolean => run.depth > 0;
    clock.time.isJobAtWork = isAtWork;
    clock.jobClock = run.clockOf(asyncScheduler);
    // Pipelines that had failed are restored as they last were, the others later.
    if ((testimony?.now ?? 0) >= clock.now) clock.begin(testimony ?? EMPTY);
    this.beganAt = clock.now;
    track.outputs = testimony?.outputs ?? 0;
    if (testimony !== undefined) outside.tally.restores++;
    if (promised === null) return;
    if (promised.pipelines[track.name] === 'completed')
      throw new Difference(
        `'${track.name}' was started again, although checkpoint ${promised.id} says that it has completed`,
      );
    const due = promised.operators[witnessOf(track.name)]?.state as Testimony | undefined;
    if (due === undefined || (testimony !== undefined && testimony.moment >= due.moment)) return;
    const instead = testimony === undefined ? 'with nothing' : 'with an older one';
    throw new Difference(`'${track.name}' began ${instead}, although checkpoint ${promised.id} had completed`);
  }

  private told(track: Track, kind: Output['kind'], value: unknown): void {
    if (!track.isConnected && this.isRefusedByStorage(value)) {
      track.isOver = true;
      return;
    }
    this.checked(() => this.note(track, kind, value));
    const what = kind === 'value' ? `output ${track.outputs} of '${track.name}'` : `${kind} of '${track.name}'`;
    this.step(what);
  }

  /** A start that failed for what the test does to the storage, and not for what the pipeline is. */
  private isRefusedByStorage(error: unknown): boolean {
    if (!(this.storage instanceof FaultyStorage)) return false;
    // It tore the first checkpoint: nobody was told of that one, and an empty start is the user's to choose.
    if (error instanceof DamagedCheckpointError) return this.options.outside.promised === null;
    return error instanceof StorageError;
  }

  private note(track: Track, kind: Output['kind'], value: unknown): void {
    const { history, isFirst, outside } = this.options;
    const { name } = track;
    if (kind !== 'value') track.isOver = true;
    if (kind === 'complete') {
      // Restored as completed: nothing else is told.
      if (!track.isConnected && outside.completed.has(name)) return;
      outside.completed.add(name);
    }
    const output: Output = { at: this.clock.now, kind, value };
    const index = kind === 'value' ? track.outputs++ : track.outputs;
    const { beganAt } = this;
    if (isFirst) history.outputs.get(name)!.push(output);
    this.compare((wanted) => this.checkOutput(output, { wanted, name, index, beganAt }));
  }

  /** @throws Difference, or later. */
  private compare(check: (history: CrashHistory) => void): void {
    const { isFirst, defers, history } = this.options;
    if (defers) this.deferred.push(check);
    else if (!isFirst) check(history);
  }

  /** @param history - of a run without a crash, whose clock went as that of this one. @throws Difference */
  checkDeferred(history: CrashHistory): void {
    for (const check of this.deferred) check(history);
  }

  /** How the clock went. */
  get jumps(): ClockJumps {
    return this.clock.jumps;
  }

  private checkOutput(output: Output, { wanted, name, index, beganAt }: Wanted): void {
    const expected = wanted.outputs.get(name)![index];
    const isOnTime = this.options.exactTimes && expected !== undefined && expected.at >= beganAt;
    if (expected !== undefined && isAsExpected(output, expected, isOnTime)) return;
    const due = expected === undefined ? 'none' : describeOutput(expected);
    const hint =
      expected !== undefined && isAsExpected(output, expected, false) ? ' (exactTimes: false allows any time)' : '';
    throw new Difference(
      `notification ${index + 1} of '${name}' is ${describeOutput(output)}\n  in ${wanted.run} it was ${due}${hint}`,
    );
  }

  private checkSilence(): void {
    for (const { name, outputs, isOver } of this.tracks.values()) {
      if (isOver) continue;
      this.compare(({ outputs: wanted, run }) => {
        const missing = wanted.get(name)![outputs];
        if (missing === undefined) return;
        throw new Difference(
          `'${name}' fell silent after ${outputs} values\n  in ${run} ${describeOutput(missing)} came next`,
        );
      });
    }
  }

  private completed(checkpoint: Checkpoint): void {
    const { history, isFirst, outside, invariants } = this.options;
    const { id } = checkpoint;
    if (outside.promised !== null && id <= outside.promised.id)
      throw new Difference(`checkpoint ${id} completed after checkpoint ${outside.promised.id}`);
    outside.promised = checkpoint;
    const at = inMs(this.clock.now);
    if (isFirst) history.keepStates(checkpoint);
    this.compare((wanted) => {
      const difference = wanted.differenceOf(checkpoint);
      if (difference !== undefined) outside.tally.statesCompared++;
      if (difference) throw new Difference(`in checkpoint ${id}, at ${at}, ${difference}`);
    });
    try {
      invariants?.(checkpoint);
    } catch (error) {
      throw new Difference(
        `checkpoint ${id}, at ${at}, breaks an invariant: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

function isAsExpected(output: Output, expected: Output, exactTimes: boolean): boolean {
  if (output.kind !== expected.kind || (exactTimes && output.at !== expected.at)) return false;
  return output.kind === 'error'
    ? String(output.value) === String(expected.value)
    : isSame(output.value, expected.value);
}

function describeOutput({ at, kind, value }: Output): string {
  return `${kind === 'complete' ? kind : `${kind} ${inspectValue(value)}`} at ${inMs(at)}`;
}

function tooLong(mostSteps: number): Error {
  return new Error(
    `crashAtEachStep: one run has more than ${mostSteps} steps, and each is a run of its own. ` +
      'Give it a shorter input, take fewer checkpoints (checkpointEvery), end sooner (untilMs), or raise mostSteps.',
  );
}
