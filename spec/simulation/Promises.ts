import type { Checkpoint } from '../../src/checkpoint/Checkpoint.js';
import { format } from '../support/format.js';
import type { ProbeSnapshot, Promised } from './Ledger.js';
import type { Tracks } from './Tracks.js';
import { Violation } from './Violation.js';
import type { Vitals } from './Vitals.js';

/** What a completed checkpoint says of one pipeline. */
interface PromisedOutputs extends Promised {
  /** How many values had come out, by channel. */
  readonly outputs: readonly number[];
}

/** What the completed checkpoints of a life promise, by their ids. */
export class Promises extends Map<number, ReadonlyMap<string, PromisedOutputs>> {
  /** The first checkpoint, and what it was when it completed. */
  private kept: { readonly checkpoint: Checkpoint; readonly text: string } | null = null;

  constructor(
    private readonly vitals: Vitals,
    private readonly tracks: Tracks,
  ) {
    super();
  }

  completed(checkpoint: Checkpoint): void {
    const { vitals } = this;
    if (vitals.isDead) return;
    const { id, operators, pipelines } = checkpoint;
    this.kept ??= { checkpoint, text: format(operators) };
    vitals.stir();
    const promises = new Map<string, PromisedOutputs>();
    for (const [name, status] of Object.entries(pipelines)) {
      const probe = operators[this.tracks.get(name)!.probeName]?.state as ProbeSnapshot | undefined;
      const { moment, outputs } = probe ?? { moment: -1, outputs: [] };
      promises.set(name, { moment, outputs, hasCompleted: status === 'completed' });
    }
    this.set(id, promises);
    vitals.hasCheckpoint = true;
    vitals.trace?.(`checkpoint ${id} completed: ${JSON.stringify([...promises])}`);
    vitals.checked(() => {
      if (vitals.isRobbed && vitals.options.disk.fencesAtOnce)
        throw new Violation(`checkpoint ${id} was completed by a job that had lost its claim`);
      vitals.tenure.completed(id, promises);
    });
    vitals.options.coverage.step('checkpoint completed');
  }

  /** What the newest one says of a pipeline. */
  newest(pipeline: string): PromisedOutputs | undefined {
    return [...this.values()].at(-1)?.get(pipeline);
  }

  /** @throws Violation if one is not what it was. */
  checkUnchanged(): void {
    if (this.kept === null) return;
    const { checkpoint, text } = this.kept;
    if (format(checkpoint.operators) !== text)
      throw new Violation(`checkpoint ${checkpoint.id} has changed since it completed`);
  }
}
