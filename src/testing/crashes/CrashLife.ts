import type { Observable } from 'rxjs';

import type { Checkpoint } from '../../checkpoint/Checkpoint.js';
import type { CheckpointSubjectOptions } from '../../checkpoint/CheckpointSubjectOptions.js';
import { CheckpointSubject } from '../../checkpoint/CheckpointSubject.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { CheckpointedObservable } from '../../operators/base/CheckpointedObservable.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { DamagedCheckpointError } from '../../errors/DamagedCheckpointError.js';
import { StorageError } from '../../errors/StorageError.js';
import { isSame } from '../contracts/isSame.js';
import { FaultyStorage } from '../FaultyStorage.js';
import { inspectValue } from '../inspectValue.js';
import type { StorageCall } from '../StorageFaults.js';
import { drained, realTime, VirtualTime } from '../VirtualTime.js';
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
  statesCompared: number;
  restores: number;
}

export interface CrashLifeOptions {
  readonly build: (step: (name: string) => void) => ReadonlyMap<string, CheckpointedObservable<unknown>>;
  readonly storage: CheckpointStorage;
  readonly job: Omit<CheckpointSubjectOptions, 'storage' | 'trigger' | 'scheduler'>;
  /** At which step it dies, counted from 1; null for never. */
  readonly killedAt: number | null;
  /** What it has to do; what it does is noted there when `isFirst`. */
  readonly history: CrashHistory;
  readonly isFirst: boolean;
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

/** A process, from its start to its death or until nothing is left to do. */
export class CrashLife {
  isDead = false;
  readonly steps: string[] = [];
  private readonly time = new VirtualTime();
  private readonly storage: FaultyStorage | MortalStorage;
  private readonly checkpoints: CheckpointSubject;
  private readonly tracks = new Map<string, Track>();
  /** What was due before this is late, whatever it is. */
  private beganAt = 0;
  private difference: Error | null = null;
  private crash: FaultyStorage | Promise<void> | null = null;

  constructor(private readonly options: CrashLifeOptions) {
    const { storage, job } = options;
    if (storage instanceof FaultyStorage) {
      this.storage = storage;
      const called = ({ operation, name, phase }: StorageCall): void =>
        this.step(`storage: ${operation}${name === undefined ? '' : ` ${name}`}, ${phase}`);
      storage.onCall = called;
    } else {
      this.storage = new MortalStorage(storage, (call) => this.step(`storage: ${call}`));
    }
    this.time.use();
    this.checkpoints = new CheckpointSubject({ timeoutMs: 1_000, ...job, storage: this.storage });
  }

  /**
   * @returns whether it was killed.
   * @throws Difference
   */
  async live(): Promise<boolean> {
    this.begin();
    await this.goOn();
    if (this.options.isFirst) this.options.history.nextDue = this.time.nextDue;
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
    const { checkpoints } = this;
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
      for (const [name, pipeline] of this.time.asOutside(() => build((step) => this.step(step)))) {
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
    const { now, nextDue, outsideSteps } = this.time;
    return { outputs, now, outsideSteps, moment: ++this.options.outside.moment, isQuiet: nextDue > now };
  }

  private async goOn(): Promise<void> {
    const { untilMs, checkpointEvery, waitMs } = this.options;
    let waitedMs = 0;
    for (let quiet = 0; ;) {
      await this.settled();
      if (this.isDead) return;
      if (this.isOver) return;
      if (quiet++ % checkpointEvery === 0) {
        this.checkpoints.next();
        await this.settled();
        if (this.isDead) return;
      }
      const { nextDue } = this.time;
      if (nextDue <= untilMs) {
        waitedMs = 0;
        this.step(`timer at ${inMs(nextDue)}`);
        if (!this.isDead) this.time.step();
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
    track.isConnected = true;
    const isAtWork = (): boolean => run.depth > 0;
    this.time.isJobAtWork = isAtWork;
    const { now = 0, outsideSteps = 0 } = testimony ?? {};
    // Pipelines that had failed are restored as they last were, the others later.
    if (now >= this.time.now) this.time.beginAt(now, outsideSteps);
    this.beganAt = this.time.now;
    track.outputs = testimony?.outputs ?? 0;
    if (testimony !== undefined) outside.restores++;
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
    this.checked(() => this.check(track, kind, value));
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

  private check(track: Track, kind: Output['kind'], value: unknown): void {
    const { history, isFirst, outside, exactTimes } = this.options;
    const { name } = track;
    const outputs = history.outputs.get(name)!;
    if (kind !== 'value') track.isOver = true;
    if (kind === 'complete') {
      // Restored as completed: nothing else is told.
      if (!track.isConnected && outside.completed.has(name)) return;
      outside.completed.add(name);
    }
    const output: Output = { at: this.time.now, kind, value };
    if (isFirst) outputs.push(output);
    const expected = outputs[track.outputs];
    if (kind === 'value') track.outputs++;
    const isOnTime = exactTimes && expected !== undefined && expected.at >= this.beganAt;
    if (expected !== undefined && isAsExpected(output, expected, isOnTime)) return;
    const which = `notification ${track.outputs + (kind === 'value' ? 0 : 1)} of '${name}'`;
    const wanted = expected === undefined ? 'none' : describeOutput(expected);
    const hint =
      expected !== undefined && isAsExpected(output, expected, false) ? ' (exactTimes: false allows any time)' : '';
    throw new Difference(`${which} is ${describeOutput(output)}\n  in the first run it was ${wanted}${hint}`);
  }

  private checkSilence(): void {
    const { history, isFirst } = this.options;
    if (isFirst) return;
    for (const { name, outputs, isOver } of this.tracks.values()) {
      const missing = isOver ? undefined : history.outputs.get(name)![outputs];
      if (missing === undefined) continue;
      throw new Difference(
        `'${name}' fell silent after ${outputs} values\n  in the first run ${describeOutput(missing)} came next`,
      );
    }
  }

  private completed(checkpoint: Checkpoint): void {
    const { history, isFirst, outside, invariants } = this.options;
    const { id } = checkpoint;
    if (outside.promised !== null && id <= outside.promised.id)
      throw new Difference(`checkpoint ${id} completed after checkpoint ${outside.promised.id}`);
    outside.promised = checkpoint;
    if (isFirst) history.keepStates(checkpoint);
    const difference = history.differenceOf(checkpoint);
    if (difference !== undefined) outside.statesCompared++;
    if (difference) throw new Difference(`in checkpoint ${id}, at ${inMs(this.time.now)}, ${difference}`);
    try {
      invariants?.(checkpoint);
    } catch (error) {
      throw new Difference(
        `checkpoint ${id}, at ${inMs(this.time.now)}, breaks an invariant: ${error instanceof Error ? error.message : String(error)}`,
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
