import type { ObservableNotification } from 'rxjs';

import { Alignment } from '../checkpoint/Alignment.js';
import { codecTypes } from '../checkpoint/codecTypes.js';
import { Capture } from '../checkpoint/protocol/Capture.js';
import type { PipelineConnection } from '../checkpoint/protocol/Pipeline.js';
import { Region } from '../checkpoint/protocol/Region.js';
import type { Round } from '../checkpoint/protocol/Round.js';
import { Run } from '../checkpoint/protocol/Run.js';
import type { Snapshot } from '../checkpoint/protocol/Snapshot.js';
import type { ErrorType } from '../checkpoint/protocol/StoredError.js';
import { decodeValue, encodeValue } from '../checkpoint/store/codec.js';
import { Sweep } from '../checkpoint/Sweep.js';
import type { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { beginNextProcess } from '../operators/base/sharedStreams.js';

/** A checkpoint, and what had been seen of the pipeline when it was taken. */
export interface Cut {
  readonly frame: number;
  /** How much output there was. */
  readonly outputs: number;
  readonly serial: number;
  readonly snapshots: ReadonlyMap<string, Snapshot>;
}

export interface CutJobOptions {
  readonly pipeline: () => CheckpointedObservable<unknown>;
  readonly errorTypes: readonly ErrorType[];
  /** Restored from this one; null for a fresh start. */
  readonly from: Cut | null;
  readonly now: () => number;
  /** Told of what the pipeline emits, at once. */
  readonly onOutput: (notification: ObservableNotification<unknown>) => void;
  /** After so many checkpoints the process is killed. */
  readonly killedAfterCuts?: number;
  readonly onKilled?: () => void;
  /** Told of what an asynchronous input should not have done. */
  readonly onStray?: (what: string) => void;
}

/**
 * Runs a pipeline as part of a job, without coordinator and storage: takes a checkpoint between all turns, before it
 * opens and after.
 */
export class CutJob {
  readonly cuts: Cut[] = [];
  /** What must not happen: a participant that declined or was not reached, snapshots without a place. */
  readonly problems: string[] = [];
  hasEnded = false;
  readonly run: Run;
  /** Snapshots that come later: they put themselves into their cuts. */
  private readonly late: Promise<void>[] = [];
  private connection: PipelineConnection | null = null;
  private outputs = 0;
  private isKilled = false;
  private checkpointId = 0;
  /** Of the asynchronous inputs, while a checkpoint waits for them. */
  private alignment: Alignment | null = null;
  private isAligned = false;
  /** How often asynchronous inputs have answered. */
  alignments = 0;

  constructor(private readonly options: CutJobOptions) {
    const serial = options.from?.serial ?? 0;
    this.run = new Run(options.errorTypes, { onBetweenTurns: () => this.cut(), requireUids: false, serial });
    this.run.barrierWanted = true;
    this.run.onAsynchronousInputs = {
      joined: (input) => this.alignment?.joined(input),
      left: (input) => this.alignment?.left(input),
      strayed: (what) => options.onStray?.(what),
    };
  }

  /** @returns what is to be opened; null if it is killed before that. */
  connect(): Round | null {
    const { run, options } = this;
    for (const [name, snapshot] of options.from?.snapshots ?? []) {
      run.unclaimed.set(name, decodeValue(encodeValue(snapshot, codecTypes), codecTypes) as Snapshot);
    }
    beginNextProcess();
    this.connection = options.pipeline().connectTo(run, {
      name: 'main',
      region: new Region(run, 'main'),
      sink: {
        values: { next: (value) => this.output({ kind: 'N', value }) },
        error: (error: unknown) => this.end({ kind: 'E', error }),
        complete: () => this.end({ kind: 'C' }),
      },
    });
    const { claims } = run;
    const orphaned = claims.orphaned.map(([name]) => name);
    if (orphaned.length > 0) this.problems.push(`not claimed: ${orphaned.join()}`);
    claims.letSleep();
    claims.clear();
    this.cut();
    return this.isKilled ? null : this.connection.round;
  }

  open(round: Round): void {
    round.open();
    this.cut();
  }

  /** Once all snapshots are in their cuts. */
  async snapshotsCame(): Promise<void> {
    await Promise.all(this.late);
  }

  /** Nobody wants more. */
  unsubscribe(): void {
    this.connection?.unsubscribe();
  }

  private output(notification: ObservableNotification<unknown>): void {
    if (this.isKilled) return;
    this.outputs++;
    this.options.onOutput(notification);
  }

  private end(notification: ObservableNotification<unknown>): void {
    if (this.isKilled) return;
    this.output(notification);
    this.hasEnded = true;
  }

  /** Takes a checkpoint, or begins one that waits for asynchronous inputs, if it can be. */
  private cut(): void {
    const { run } = this;
    if (this.isKilled || this.hasEnded || !run.isIdle) return;
    if (this.isAligned) return this.finish();
    if (this.alignment !== null) return;
    if (run.asynchronousInputs.size === 0) return this.take();
    this.alignment = new Alignment(run.asynchronousInputs, () => {
      this.isAligned = true;
      // The last that was waited for may have ended, within a turn.
      if (run.isIdle) this.cut();
    });
    this.alignment.ask(this.checkpointId + 1);
  }

  private finish(): void {
    const { alignment } = this;
    this.alignments++;
    this.take();
    this.alignment = null;
    this.isAligned = false;
    // What was kept back are the next turns.
    alignment?.release();
  }

  private take(): void {
    const { run, options, outputs, cuts } = this;
    const frame = options.now();
    try {
      const { snapshots, late } = new Sweep(run, new Capture(options.errorTypes, ++this.checkpointId, frame)).collect();
      for (const state of late.values())
        this.late.push(state.catch((error: unknown) => void this.problems.push(String(error))));
      cuts.push({ frame, outputs, serial: run.serial, snapshots });
    } catch (error) {
      this.problems.push(String(error));
    }
    if (cuts.length !== options.killedAfterCuts) return;
    this.isKilled = true;
    options.onKilled?.();
  }
}
