import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { ConnectOptions, Pipeline, PipelineConnection } from '../../checkpoint/protocol/Pipeline.js';
import { PIPELINE } from '../../checkpoint/protocol/Pipeline.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { Beginning } from './CrashClock.js';

/**
 * What a witness puts into each checkpoint. It is quiet if no other timer is due at this time: the order of those that are is
 * nobody's promise.
 */
export interface Testimony extends Beginning {
  /** How many values the pipeline had emitted. */
  readonly outputs: number;
  /** Ascends over all lives. */
  readonly moment: number;
}

export interface WitnessOptions {
  /** Called when the pipeline is connected, with what the restored checkpoint says; undefined for a fresh start. */
  readonly onConnected: (testimony: Testimony | undefined, run: Run) => void;
  /** Called at each barrier. */
  readonly testify: () => Testimony;
  /** Told of each participant that a barrier has come to. */
  readonly onHop: (participant: string, checkpointId: number) => void;
}

/** The part of a witness's name that tells it from a pipeline's operators. */
const WITNESS = 'witness of crashAtEachStep';

export function isWitness(participant: string): boolean {
  return participant.endsWith(WITNESS);
}

export function witnessOf(pipeline: string): string {
  return `${pipeline}:${WITNESS}`;
}

/** The same pipeline, with a witness in its job. The names of its operators stay as they are. */
export function witnessed<T>(pipeline: Pipeline<T>, options: WitnessOptions): Pipeline<T> {
  // What is none is for `recover` to refuse.
  if ((pipeline as Partial<Pipeline<T>>)[PIPELINE] !== true) return pipeline;
  return {
    [PIPELINE]: true,
    check: (...what) => pipeline.check(...what),
    recovered: (start) => pipeline.recovered(start),
    connectTo(run: Run, connect: ConnectOptions<T>): PipelineConnection {
      const acknowledged: Run['onAcknowledged'] = ({ name }, { id }) => {
        if (!isWitness(name)) options.onHop(name, id);
      };
      run.onAcknowledged = acknowledged;
      const witness = new Witness(Scope.ofPipeline(connect.name, connect.region), witnessOf(connect.name), options);
      options.onConnected(run.register(witness)?.state as Testimony | undefined, run);
      return pipeline.connectTo(run, connect);
    },
  };
}

/** Stands beside the operators of a pipeline, and goes when the job finds that the pipeline is gone. */
class Witness implements Participant {
  seat = -1;

  constructor(
    readonly scope: Scope,
    readonly name: string,
    private readonly options: WitnessOptions,
  ) {}

  isRoot(): boolean {
    return true;
  }

  barrier(barrier: Barrier): void {
    barrier.acknowledge(this);
  }

  snapshotState(): ParticipantSnapshot {
    return { state: this.options.testify() };
  }

  stop(): void {}
}
