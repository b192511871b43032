import type { Checkpoint } from '../checkpoint/Checkpoint.js';
import type { Readable } from './Readable.js';
import type { CheckpointDetails } from './readCheckpoint.js';
import { toReadable } from './toReadable.js';

/** What a checkpoint has of one node. */
export interface NodeSnapshot {
  /** Its encoded snapshot, in bytes. */
  readonly sizeBytes: number;
  /** Absent if the checkpoint was given without states. */
  readonly state?: Readable;
  /** For sources: where they resume. */
  readonly position?: Readable;
  /** How many snapshots its inner pipelines and further attempts have, and their sizes together. */
  readonly innerCount: number;
  readonly innerSizeBytes: number;
}

type Entry = Omit<NodeSnapshot, 'innerCount' | 'innerSizeBytes'>;

/** Finds what a checkpoint has of the nodes of a graph. */
export class NodeSnapshots {
  private readonly entries: ReadonlyMap<string, Entry>;
  /** By the operator in the job itself that they belong to. */
  private readonly inner = new Map<string, string[]>();
  private readonly unclaimed: Set<string>;

  constructor(checkpoint: Checkpoint | CheckpointDetails | undefined) {
    this.entries = checkpoint === undefined ? new Map() : entriesOf(checkpoint);
    this.unclaimed = new Set(this.entries.keys());
    for (const name of this.entries.keys()) {
      const owner = /^[^[\]@]*/.exec(name)![0];
      if (owner === name) continue;
      const names = this.inner.get(owner);
      if (names === undefined) this.inner.set(owner, [name]);
      else names.push(name);
    }
  }

  of(name: string): NodeSnapshot | undefined {
    const entry = this.entries.get(name);
    const inner = this.inner.get(name) ?? [];
    for (const claimed of [name, ...inner]) this.unclaimed.delete(claimed);
    if (entry === undefined && inner.length === 0) return undefined;
    const innerSizeBytes = inner.reduce((sum, one) => sum + this.entries.get(one)!.sizeBytes, 0);
    return { ...(entry ?? { sizeBytes: 0 }), innerCount: inner.length, innerSizeBytes };
  }

  unmatched(): string[] {
    return [...this.unclaimed].sort();
  }
}

function entriesOf({ operators }: Checkpoint | CheckpointDetails): Map<string, Entry> {
  if (Array.isArray(operators)) {
    return new Map(
      (operators as CheckpointDetails['operators']).map(({ name, sizeBytes, position }) => [
        name,
        position === undefined ? { sizeBytes } : { sizeBytes, position },
      ]),
    );
  }
  return new Map(
    Object.entries(operators as Checkpoint['operators']).map(([name, { state, position, sizeBytes }]) => {
      const entry = { sizeBytes, state: toReadable(state) };
      return [name, position === undefined ? entry : { ...entry, position: toReadable(position) }];
    }),
  );
}
