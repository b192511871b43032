import type { RestoreCheck } from '../../src/checkpoint/dryRun.js';
import { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import type { RestoreReport } from '../../src/errors/OrphanedSnapshotError.js';
import { memoryStorage } from '../../src/storage/memoryStorage.js';
import { Commons } from './Commons.js';
import type { LifeOptions } from './LifeOptions.js';
import { thrownByInput } from './LifeOptions.js';
import type { Living } from './Plot.js';
import type { ProbeListener } from './Track.js';
import { Track } from './Track.js';
import { Violation } from './Violation.js';

/** Of what a start is told. */
const told = ['matched', 'new', 'orphaned', 'renamed', 'migrated', 'checkpointId'] as const;

const unheard: Living = { isDead: false, checked: () => {}, step: () => {}, stir: () => {}, fault: () => {} };

const nobody: ProbeListener = {
  connected: () => {},
  started: () => {},
  restored: () => {},
  barrier: () => {
    throw new Violation('a barrier in a dry run');
  },
};

/** What a dry run says of a life before it begins, over a copy of what it will find. */
export class Rehearsal {
  private constructor(private readonly outcome: RestoreCheck | { readonly error: unknown }) {}

  /** Of a life with one pipeline. */
  static async of(name: string, { plots, random, program, deployments, world, disk, from }: LifeOptions) {
    const storage = memoryStorage();
    for (const [file, bytes] of disk.files) await storage.write(file, bytes);
    const plot = plots.get(name)!;
    const build = plot.build(random, new Commons(), unheard);
    const track = new Track(name, plot, build, program, deployments, world.policies.mode);
    const checkpoints = new CheckpointSubject({ storage, errorTypes: [thrownByInput] });
    const pipeline = track.pipeline(nobody);
    try {
      return new Rehearsal(
        await checkpoints.check(pipeline, { name, from, allowNonRestoredState: program.allowsLoss }),
      );
    } catch (error) {
      return new Rehearsal({ error });
    }
  }

  /** The life has been told what it began with. @throws Violation */
  started(report: RestoreReport): void {
    const { outcome } = this;
    if ('error' in outcome || outcome.problems.length > 0)
      throw new Violation(`a dry run said that it could not start: ${this.why}`);
    for (const key of told)
      if (JSON.stringify(outcome[key]) !== JSON.stringify(report[key]))
        throw new Violation(
          `a dry run said of '${key}' ${JSON.stringify(outcome[key])}, and not ${JSON.stringify(report[key])}`,
        );
  }

  /** Its program does not fit. @throws Violation */
  refused(error: unknown): void {
    if (this.why !== String(error)) throw new Violation(`a dry run said '${this.why}', and not '${String(error)}'`);
  }

  private get why(): string {
    const { outcome } = this;
    return String('error' in outcome ? outcome.error : outcome.problems[0]);
  }
}
