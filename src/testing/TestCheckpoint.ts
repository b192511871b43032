import type { PipelineStatus } from '../checkpoint/Checkpoint.js';
import { codecTypes } from '../checkpoint/codecTypes.js';
import type { Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { decodeValue, encodeValue } from '../checkpoint/store/codec.js';
import { UnstorableValueError } from '../errors/UnstorableValueError.js';

interface CheckpointContent {
  readonly id: number;
  readonly frame: number;
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
  /** Where the job's serial numbers go on. */
  readonly serial: number;
}

/** A checkpoint of a test's job, as bytes: what is restored has been through the codec. */
export class TestCheckpoint {
  readonly id: number;
  readonly frame: number;
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
  readonly serial: number;
  private readonly entries = new Map<string, Uint8Array>();

  /** @throws UnstorableValueError */
  constructor({ id, frame, snapshots, pipelines, serial }: CheckpointContent) {
    this.id = id;
    this.frame = frame;
    this.pipelines = pipelines;
    this.serial = serial;
    for (const [name, snapshot] of snapshots) this.entries.set(name, encode(name, snapshot));
  }

  /** By the participants' names; new objects at each call. */
  snapshots(): Map<string, Snapshot> {
    return new Map([...this.entries].map(([name, bytes]) => [name, decodeValue(bytes, codecTypes) as Snapshot]));
  }

  /** Of all participants that have one: sources have a position only. */
  get states(): Record<string, unknown> {
    const stateful = [...this.snapshots()].filter(
      ([, { state, position }]) => position === undefined || state !== null,
    );
    return Object.fromEntries(stateful.map(([name, { state }]) => [name, state]));
  }

  get positions(): Record<string, unknown> {
    const sources = [...this.snapshots()].filter(([, { position }]) => position !== undefined);
    return Object.fromEntries(sources.map(([name, { position }]) => [name, position]));
  }
}

function encode(name: string, snapshot: Snapshot): Uint8Array {
  try {
    return encodeValue(snapshot, codecTypes);
  } catch (error) {
    throw error instanceof UnstorableValueError ? error.of(name) : error;
  }
}
