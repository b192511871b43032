import type { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import { CheckpointFailedError } from '../../src/errors/CheckpointFailedError.js';
import type { Promised } from './Ledger.js';
import type { Tracks } from './Tracks.js';
import { Violation } from './Violation.js';
import type { Vitals } from './Vitals.js';

/** The life that is asked. */
export interface Requested {
  readonly vitals: Vitals;
  readonly tracks: Tracks;
  readonly checkpoints: CheckpointSubject;
  /** What its completed checkpoints promise, by their ids. */
  readonly promises: ReadonlyMap<number, ReadonlyMap<string, Promised>>;
}

type Kind = 'savepoint' | 'stop' | 'stop with a savepoint' | 'drain' | 'drain with a savepoint';

const kinds: readonly Kind[] = [
  ...(['savepoint', 'savepoint', 'savepoint', 'savepoint'] as const),
  ...(['stop', 'stop with a savepoint', 'drain', 'drain', 'drain with a savepoint'] as const),
];

/** Savepoints that somebody asks for, stops and drains. Some of them end the life. */
export class Requests {
  isStopping = false;
  isDraining = false;
  /** Whether a drain may still have to find out that the name of its savepoint is free. */
  isNaming = false;
  /** How many there were. */
  count = 0;
  private pending = 0;

  constructor(private readonly life: Requested) {}

  /** Whether the job is on its way to its end. */
  get areLast(): boolean {
    return this.isStopping || this.isDraining;
  }

  /** @param moment - of this one. */
  make(moment: number): void {
    const { vitals } = this.life;
    const { random, coverage } = vitals.options;
    let kind = random.pick(kinds);
    if (kind.startsWith('drain') && (!this.mayDrain || this.pending > 0)) kind = 'savepoint';
    const name = `sp${moment}-${++this.count}`;
    this.isStopping = kind.startsWith('stop');
    this.isDraining = kind.startsWith('drain');
    coverage.step(kind);
    vitals.trace?.(`${kind} ${name}`);
    vitals.stir();
    if (kind.startsWith('drain')) this.drains();
    this.isNaming = kind === 'drain with a savepoint';
    this.pending++;
    this.ask(kind, name).then(
      (checkpointId) => {
        this.pending--;
        if (vitals.isDead) return;
        vitals.trace?.(`${kind} ${name} is of checkpoint ${checkpointId}`);
        vitals.stir();
        vitals.checked(() => this.taken(kind, name, checkpointId));
      },
      (error: unknown) => this.refused(kind, error),
    );
  }

  /** The name of its savepoint will never be known to be free. */
  gaveUpNaming(): void {
    if (this.isNaming) this.drainsNot();
  }

  private async ask(kind: Kind, name: string): Promise<number> {
    const { checkpoints } = this.life;
    if (kind === 'stop' || kind === 'drain') return (await checkpoints.stop({ drain: kind === 'drain' })).id;
    if (kind === 'savepoint') return (await checkpoints.savepoint(name)).checkpointId;
    return (await checkpoints.stop({ savepoint: name, drain: kind.startsWith('drain') })).checkpointId;
  }

  private taken(kind: Kind, name: string, checkpointId: number): void {
    const { promises: all, vitals } = this.life;
    const promises = all.get(checkpointId);
    if (promises === undefined) throw new Violation(`${kind} ${name} is of no checkpoint that was completed`);
    if (kind.startsWith('drain') && ![...promises.values()].every(({ hasCompleted }) => hasCompleted))
      throw new Violation(`${kind} ${name} is of pipelines that have not completed`);
    if (kind.includes('savepoint')) vitals.options.ledger.goals.set(name, promises);
    if (!kind.startsWith('drain')) return;
    vitals.options.coverage.step('drained');
    vitals.death = 'stopped';
  }

  private refused(kind: Kind, error: unknown): void {
    const { vitals } = this.life;
    this.pending--;
    vitals.stir();
    if (vitals.isDead) return;
    vitals.trace?.(`${kind} failed: ${String(error)}`);
    const reason = error instanceof CheckpointFailedError ? error.reason : undefined;
    // What it is copied from has to stay for so long, whatever else is removed by whoever has the storage.
    // Without a checkpoint the storage took too long to say whether the name is free.
    const isLost = reason === 'storage-failed' && (error as CheckpointFailedError).checkpointId !== undefined;
    if (isLost && !vitals.hadFault && !vitals.isRobbed) vitals.fail(new Violation((error as Error).message));
    if (kind.startsWith('stop')) this.isStopping = false;
    // Pipelines that it began to drain have ended.
    if (kind.startsWith('drain')) this.drainsNot();
  }

  /** Whether it can be foreseen what comes out if it is drained. */
  private get mayDrain(): boolean {
    const { tracks, vitals } = this.life;
    const { options, hadCompany, clock } = vitals;
    const { world, plots } = options;
    // It waits for the start, and nobody can tell how long it takes then to look up whether its name is free.
    if (!tracks.haveStarted) return false;
    // What others have journaled meanwhile nobody knows.
    if (hadCompany && world.inputs === 'journaled') return false;
    const areForeseen = [...plots.values()].every((plot) => plot.canBeDrained);
    return world.policies.mode === 'exactly-once' && areForeseen && !clock.jumps;
  }

  /** What comes out from now on is that of a job that is drained. */
  private drains(): void {
    const { tracks, vitals } = this.life;
    for (const track of tracks.values()) if (!track.isOver) track.drain(vitals.clock.time.now);
  }

  /** It does not drain: it had not begun to run. */
  private drainsNot(): void {
    this.isDraining = false;
    this.isNaming = false;
    for (const track of this.life.tracks.values()) track.goOn();
  }
}
