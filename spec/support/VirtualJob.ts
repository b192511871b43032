import { TestScheduler } from 'rxjs/testing';

import { codecTypes } from '../../src/checkpoint/codecTypes.js';
import { Capture } from '../../src/checkpoint/protocol/Capture.js';
import { Region } from '../../src/checkpoint/protocol/Region.js';
import { Run } from '../../src/checkpoint/protocol/Run.js';
import type { Snapshot } from '../../src/checkpoint/protocol/Snapshot.js';
import type { ErrorType } from '../../src/checkpoint/protocol/StoredError.js';
import { builtInErrorTypes } from '../../src/checkpoint/protocol/StoredError.js';
import { decodeValue, encodeValue } from '../../src/checkpoint/store/codec.js';
import { Sweep } from '../../src/checkpoint/Sweep.js';
import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { ThrownByInput } from './InputSpec.js';

const errorTypes: readonly ErrorType[] = [
  ...builtInErrorTypes,
  {
    name: 'ThrownByInput',
    is: (error) => error instanceof ThrownByInput,
    create: (message) => new ThrownByInput(message),
  },
];

/** A checkpoint, and what had been seen of the pipeline when it was taken. */
export interface Cut {
  readonly frame: number;
  /** How many lines of output there were. */
  readonly outputs: number;
  readonly serial: number;
  readonly snapshots: ReadonlyMap<string, Snapshot>;
}

export interface Life {
  /** What the pipeline emitted, each line with its frame. */
  readonly outputs: readonly string[];
  readonly cuts: readonly Cut[];
  readonly hasEnded: boolean;
  /** What must not happen: a participant that declined or was not reached, snapshots without a place. */
  readonly problems: readonly string[];
  /** Participants that were still there when the pipeline had ended. */
  readonly leftBehind: readonly string[];
}

export interface LifeOptions {
  readonly pipeline: () => CheckpointedObservable<unknown>;
  /** How the output is written down; may do to the values whatever users do. */
  readonly write: (value: unknown) => string;
  /** Restored from this one; null for a fresh start. */
  readonly from: Cut | null;
  /** After so many checkpoints the process is killed. */
  readonly killedAfterCuts?: number;
  readonly lastFrame: number;
}

/**
 * Runs a pipeline as part of a job in virtual time, without coordinator and storage: takes a checkpoint between all
 * turns, before it opens and after.
 */
export function liveInVirtualTime(options: LifeOptions): Life {
  const scheduler = new TestScheduler(() => true);
  scheduler.frame = options.from?.frame ?? 0;
  const job = new VirtualJob(scheduler, options);
  try {
    scheduler.run(() => {
      scheduler.maxFrames = options.lastFrame;
      job.start();
    });
    job.checkEnd();
  } catch (error) {
    job.problems.push(`thrown: ${String(error)}`);
  }
  return job;
}

class VirtualJob implements Life {
  readonly outputs: string[] = [];
  readonly cuts: Cut[] = [];
  readonly problems: string[] = [];
  readonly leftBehind: string[] = [];
  hasEnded = false;
  readonly run: Run;
  private isKilled = false;
  private checkpointId = 0;

  constructor(
    private readonly scheduler: TestScheduler,
    private readonly options: LifeOptions,
  ) {
    const serial = options.from?.serial ?? 0;
    this.run = new Run(errorTypes, { onBetweenTurns: () => this.cut(), requireUids: false, serial });
    this.run.barrierWanted = true;
  }

  start(): void {
    const { run, options } = this;
    for (const [name, snapshot] of options.from?.snapshots ?? []) {
      run.unclaimed.set(name, decodeValue(encodeValue(snapshot, codecTypes), codecTypes) as Snapshot);
    }
    const connection = options.pipeline().connectTo(run, {
      name: 'main',
      region: new Region('main'),
      sink: {
        values: { next: (value) => this.output(`next ${options.write(value)}`) },
        error: (error) => this.end(`error ${String(error)}`),
        complete: () => this.end('complete'),
      },
    });
    if (run.unclaimed.size > 0) this.problems.push(`not claimed: ${[...run.unclaimed.keys()].join()}`);
    this.cut();
    if (this.isKilled) return;
    connection.round.open();
    this.cut();
  }

  private output(line: string): void {
    if (!this.isKilled) this.outputs.push(`${this.scheduler.frame} ${line}`);
  }

  private end(line: string): void {
    if (this.isKilled) return;
    this.output(line);
    this.hasEnded = true;
  }

  private cut(): void {
    const { run, scheduler, outputs, cuts } = this;
    if (this.isKilled || this.hasEnded || !run.isIdle) return;
    try {
      const snapshots = new Sweep(run, new Capture(errorTypes), ++this.checkpointId, scheduler.frame).collect();
      cuts.push({ frame: scheduler.frame, outputs: outputs.length, serial: run.serial, snapshots });
    } catch (error) {
      this.problems.push(String(error));
    }
    if (cuts.length === this.options.killedAfterCuts) {
      this.isKilled = true;
      scheduler.maxFrames = -1;
    }
  }

  checkEnd(): void {
    if (this.hasEnded) for (const { name } of this.run.participants) this.leftBehind.push(name);
  }
}
