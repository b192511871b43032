import type { Subscription } from 'rxjs';

import { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { operate } from '../../src/operators/operate.js';
import { uid } from '../../src/operators/uid.js';
import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';
import { drained, VirtualTime } from '../../src/testing/VirtualTime.js';
import type { JobWorld } from './checkpointLaw.js';
import { jobStages, LAST_FRAME, write } from './checkpointLaw.js';
import { hooked } from './hooked.js';
import { ours } from './Library.js';
import type { OperatorUse } from './Stage.js';
import { errorTypes } from './VirtualJob.js';

/** From where something is done to the job. */
export type Place = 'a callback' | 'the consumer' | 'a snapshot' | 'a subscriber of the checkpoints';

/** What a snapshot says of the moment at which it was taken. */
interface Moment {
  readonly outputs: number;
  readonly now: number;
}

export interface CallbackLifeOptions {
  readonly use: OperatorUse;
  readonly world: JobWorld;
  /** When inners were first projected, which outlives a crash. */
  readonly memory: Map<string, number>;
  readonly storage: CheckpointStorage;
  readonly startsAt: number;
  /** Whenever the job calls out, from wherever. */
  readonly onCall: (place: Place, life: CallbackLife) => void;
}

/** A pipeline of one operator in a job, in virtual time, whose callbacks do to the job what a spec wants. */
export class CallbackLife {
  readonly outputs: string[] = [];
  readonly failures: string[] = [];
  readonly checkpoints: CheckpointSubject;
  /** The moment of the checkpoint it was restored from. */
  restoredFrom: Moment = { outputs: 0, now: 0 };
  completed = 0;
  hasLeft = false;
  hasCompleted = false;
  private readonly time = new VirtualTime();
  private subscription: Subscription | null = null;
  private isOver = false;

  constructor(private readonly options: CallbackLifeOptions) {
    this.time.now = options.startsAt;
    this.time.use();
    this.checkpoints = new CheckpointSubject({ storage: options.storage, errorTypes });
    this.checkpoints.subscribe(() => {
      this.completed++;
      this.call('a subscriber of the checkpoints');
    });
    this.checkpoints.failures$.subscribe(({ reason, message }) => this.failures.push(`${reason}: ${message}`));
  }

  leave(): void {
    this.hasLeft = true;
    this.isOver = true;
    this.subscription?.unsubscribe();
  }

  /** @param steps - how many timers may fire. */
  async live(steps = Infinity): Promise<this> {
    const { use, world, memory } = this.options;
    const rx = hooked(ours, () => this.call('a callback'));
    const pipeline = use.apply(rx, jobStages(world, memory)[0]!) as CheckpointedObservable<unknown>;
    this.subscription = this.checkpoints.recover(pipeline.pipe(this.tail(), uid('tail'))).subscribe({
      next: (value) => {
        this.note(`next ${write(value)}`);
        this.call('the consumer');
      },
      error: (error: unknown) => this.end(`error ${String(error)}`),
      complete: () => {
        this.hasCompleted = true;
        this.end('complete');
      },
    });
    if (this.isOver) this.subscription.unsubscribe();
    await drained();
    for (let step = 0; step < steps && !this.isOver && this.time.nextDue <= LAST_FRAME; step++) {
      this.time.step();
      await drained();
    }
    this.isOver = true;
    this.subscription.unsubscribe();
    await drained();
    return this;
  }

  private call(place: Place): void {
    if (!this.isOver) this.options.onCall(place, this);
  }

  private note(what: string): void {
    this.outputs.push(`${this.time.now} ${what}`);
  }

  private end(how: string): void {
    this.note(how);
    this.isOver = true;
  }

  /** Knows how much has come out, in checkpoints as well. */
  private tail() {
    return operate<unknown, unknown, Moment>({
      operator: 'tail',
      create: () => {
        let outputs = 0;
        return {
          next: (value, out) => {
            outputs++;
            out.next(value);
          },
          snapshotState: () => {
            this.call('a snapshot');
            return { outputs, now: this.time.now };
          },
          restoreState: (moment) => {
            this.restoredFrom = moment;
            ({ outputs } = moment);
          },
        };
      },
    });
  }
}
