import type { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import { CheckpointFailedError } from '../../src/errors/CheckpointFailedError.js';
import type { Random } from '../../src/testing/random.js';
import type { Coverage } from './Coverage.js';
import type { Ledger, Promised } from './Ledger.js';
import { Violation } from './Violation.js';

/** The life that is asked. */
export interface Requested {
  readonly isDead: boolean;
  readonly hadFault: boolean;
  /** Whether somebody else has the storage. */
  readonly isRobbed: boolean;
  readonly checkpoints: CheckpointSubject;
  /** Whether it can be foreseen what comes out if it is drained. */
  readonly mayBeDrained: boolean;
  /** What its completed checkpoints promise, by their ids. */
  readonly promises: ReadonlyMap<number, ReadonlyMap<string, Promised>>;
  stir(): void;
  checked(check: () => void): void;
  fail(violation: Violation): void;
  /** What comes out from now on is that of a job that is drained. */
  drains(): void;
  /** It does not drain: it had not begun to run. */
  drainsNot(): void;
  /** All that was to come out has, and that is durable. */
  drained(): void;
}

export interface RequestsContext {
  readonly random: Random;
  readonly ledger: Ledger;
  readonly coverage: Coverage;
  readonly trace?: ((line: string) => void) | undefined;
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

  constructor(
    private readonly life: Requested,
    private readonly context: RequestsContext,
  ) {}

  /** Whether the job is on its way to its end. */
  get areLast(): boolean {
    return this.isStopping || this.isDraining;
  }

  /** @param moment - of this one. */
  make(moment: number): void {
    const { random, coverage, trace } = this.context;
    const { life } = this;
    let kind = random.pick(kinds);
    if (kind.startsWith('drain') && (!life.mayBeDrained || this.pending > 0)) kind = 'savepoint';
    const name = `sp${moment}-${++this.count}`;
    this.isStopping = kind.startsWith('stop');
    this.isDraining = kind.startsWith('drain');
    coverage.step(kind);
    trace?.(`${kind} ${name}`);
    life.stir();
    if (kind.startsWith('drain')) life.drains();
    this.isNaming = kind === 'drain with a savepoint';
    this.pending++;
    this.ask(kind, name).then(
      (checkpointId) => {
        this.pending--;
        if (life.isDead) return;
        trace?.(`${kind} ${name} is of checkpoint ${checkpointId}`);
        life.stir();
        life.checked(() => this.taken(kind, name, checkpointId));
      },
      (error: unknown) => this.refused(kind, error),
    );
  }

  private async ask(kind: Kind, name: string): Promise<number> {
    const { checkpoints } = this.life;
    if (kind === 'stop' || kind === 'drain') return (await checkpoints.stop({ drain: kind === 'drain' })).id;
    if (kind === 'savepoint') return (await checkpoints.savepoint(name)).checkpointId;
    return (await checkpoints.stop({ savepoint: name, drain: kind.startsWith('drain') })).checkpointId;
  }

  private taken(kind: Kind, name: string, checkpointId: number): void {
    const { life } = this;
    const promises = life.promises.get(checkpointId);
    if (promises === undefined) throw new Violation(`${kind} ${name} is of no checkpoint that was completed`);
    if (kind.startsWith('drain') && ![...promises.values()].every(({ hasCompleted }) => hasCompleted))
      throw new Violation(`${kind} ${name} is of pipelines that have not completed`);
    if (kind.includes('savepoint')) this.context.ledger.goals.set(name, promises);
    if (kind.startsWith('drain')) life.drained();
  }

  /** The name of its savepoint will never be known to be free. */
  gaveUpNaming(): void {
    if (this.isNaming) this.drainsNot();
  }

  private drainsNot(): void {
    this.isDraining = false;
    this.isNaming = false;
    this.life.drainsNot();
  }

  private refused(kind: Kind, error: unknown): void {
    const { life } = this;
    this.pending--;
    life.stir();
    if (life.isDead) return;
    this.context.trace?.(`${kind} failed: ${String(error)}`);
    const reason = error instanceof CheckpointFailedError ? error.reason : undefined;
    // What it is copied from has to stay for so long, whatever else is removed by whoever has the storage.
    // Without a checkpoint the storage took too long to say whether the name is free.
    const isLost = reason === 'storage-failed' && (error as CheckpointFailedError).checkpointId !== undefined;
    if (isLost && !life.hadFault && !life.isRobbed) life.fail(new Violation((error as Error).message));
    if (kind.startsWith('stop')) this.isStopping = false;
    // Pipelines that it began to drain have ended.
    if (kind.startsWith('drain')) this.drainsNot();
  }
}
