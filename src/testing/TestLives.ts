import type { VirtualTimeScheduler } from 'rxjs';

import { isName } from '../checkpoint/protocol/isName.js';
import type { Pipeline } from '../checkpoint/protocol/Pipeline.js';
import type { Run } from '../checkpoint/protocol/Run.js';
import type { ErrorType } from '../checkpoint/protocol/StoredError.js';
import { InvalidPipelineNameError } from '../errors/InvalidPipelineNameError.js';
import type { HotTape } from './HotTape.js';
import type { Recording } from './Recording.js';
import type { TestCheckpoint } from './TestCheckpoint.js';
import type { TestPipeline } from './TestJob.js';
import { TestJob } from './TestJob.js';

export interface LivesOptions {
  readonly scheduler: VirtualTimeScheduler;
  readonly errorTypes: readonly ErrorType[];
  readonly requireUids: boolean;
}

/** A pipeline that a test expects something of. */
export interface Candidate {
  readonly pipeline: Pipeline<unknown>;
  readonly recording: Recording;
  readonly name: string | undefined;
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** A source that runs on its own through all lives. */
type Replayable = Pick<HotTape<unknown>, 'start' | 'rewind' | 'played'>;

interface RestoredLife {
  readonly checkpointId: number;
  readonly pipelines: (TestPipeline & { readonly unsubscribedFrame: number })[];
}

/** The lives of one test's job: the first, and after it those that begin with a checkpoint, one after the other. */
export class TestLives {
  /** In the order of their numbers, from 1. */
  private readonly checkpoints: TestCheckpoint[] = [];
  /** How far each hot source was at each checkpoint. */
  private readonly played = new Map<TestCheckpoint, ReadonlyMap<Replayable, number>>();
  private readonly hotTapes: Replayable[] = [];
  private newTapes: Replayable[] = [];
  private job: TestJob;
  /** The pipelines of the life that runs, and who waits for its frame. */
  private names = new Map<string, Pipeline<unknown>>();
  private starts = new Map<number, TestPipeline[]>();
  private restored: RestoredLife[] = [];

  constructor(private readonly options: LivesOptions) {
    this.job = this.createJob(null);
  }

  private createJob(restoredFrom: TestCheckpoint | null): TestJob {
    const { scheduler: clock, errorTypes, requireUids } = this.options;
    const nextId = (): number => this.checkpoints.length + 1;
    const onTaken = (checkpoint: TestCheckpoint): void => {
      this.checkpoints.push(checkpoint);
      this.played.set(checkpoint, new Map(this.hotTapes.map((tape) => [tape, tape.played])));
    };
    return new TestJob({ clock, errorTypes, requireUids, restoredFrom, nextId, onTaken });
  }

  addHot(tape: Replayable): void {
    this.newTapes.push(tape);
  }

  /** A `%` has come that no checkpoint waits for. */
  begin(run: Run): boolean {
    if (run !== this.job.run) return false;
    this.job.trigger();
    return true;
  }

  /** @throws Error when there is none. */
  checkpoint(id: number): TestCheckpoint {
    const checkpoint = this.checkpoints[id - 1];
    if (checkpoint !== undefined) return checkpoint;
    const taken = this.checkpoints.map(({ id: number, frame }) => `${number} (at frame ${frame})`).join(', ');
    const missing = this.job.missingInputs.join(', ');
    throw new Error(
      `There is no checkpoint ${id}: the test took ${taken === '' ? 'none' : taken}. ` +
        (missing === ''
          ? "One is taken where a '%' of a hot or cold source is reached while a pipeline with that source runs."
          : `One that was begun still waits for the '%' of ${missing}, which was not reached.`),
    );
  }

  // Pipelines

  /** It starts in its frame, in one round with all others of that frame. */
  add({ pipeline, recording, name, subscribedFrame, unsubscribedFrame }: Candidate): void {
    const { scheduler } = this.options;
    const own = name ?? freeName(this.names);
    checkName(own, this.names);
    this.names.set(own, pipeline);
    const frame = scheduler.frame + subscribedFrame;
    const start = { name: own, pipeline, recording };
    const together = this.starts.get(frame);
    if (together === undefined) {
      this.starts.set(frame, [start]);
      scheduler.schedule(() => this.start(frame), subscribedFrame);
    } else {
      together.push(start);
    }
    scheduler.schedule(() => this.job.stop(own), unsubscribedFrame);
  }

  private start(frame: number): void {
    const pipelines = this.starts.get(frame) ?? [];
    this.starts.delete(frame);
    this.job.start(pipelines);
  }

  /** With those before it that begin with the same checkpoint, as long as their names differ. */
  addRestored(checkpointId: number, { pipeline, recording, name, unsubscribedFrame }: Candidate): void {
    const own = name ?? [...this.names].find(([, known]) => known === pipeline)?.[0] ?? 'main';
    checkName(own, new Map());
    const start = { name: own, pipeline, recording, unsubscribedFrame };
    const last = this.restored.at(-1);
    if (last?.checkpointId === checkpointId && last.pipelines.every((other) => other.name !== own))
      last.pipelines.push(start);
    else this.restored.push({ checkpointId, pipelines: [start] });
  }

  // Time

  /** @param flush - lets virtual time run until nothing is left to do. */
  flush(flush: () => void): void {
    for (const tape of this.newTapes) tape.start();
    this.hotTapes.push(...this.newTapes.splice(0));
    flush();
    this.job.check();
    const { scheduler } = this.options;
    const end = scheduler.frame;
    const lives = this.restored.splice(0);
    if (lives.length === 0) return;
    for (const life of lives) this.live(life, flush);
    scheduler.frame = Math.max(end, scheduler.frame);
    // What a test expects after that begins from nothing.
    this.endLife();
    this.job = this.createJob(null);
  }

  private live({ checkpointId, pipelines }: RestoredLife, flush: () => void): void {
    const { scheduler } = this.options;
    const checkpoint = this.checkpoint(checkpointId);
    this.endLife();
    this.job = this.createJob(checkpoint);
    scheduler.frame = checkpoint.frame;
    for (const { name, unsubscribedFrame } of pipelines) {
      if (unsubscribedFrame < checkpoint.frame)
        throw new Error(
          `Pipeline '${name}' is to be unsubscribed in frame ${unsubscribedFrame}, but it is restored from checkpoint ${checkpointId}, which was taken in frame ${checkpoint.frame}. ` +
            "Put its '!' behind that.",
        );
      scheduler.schedule(() => this.job.stop(name), unsubscribedFrame - checkpoint.frame);
    }
    // As in the first life they are scheduled before anything that the job schedules.
    for (const tape of this.hotTapes) tape.rewind(this.played.get(checkpoint)?.get(tape) ?? 0);
    this.job.start(pipelines);
    flush();
    this.job.check();
  }

  /** As when a process is killed: nobody is told, nothing is torn down. */
  private endLife(): void {
    this.options.scheduler.actions.length = 0;
    this.names = new Map();
    this.starts = new Map();
  }
}

function freeName(taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has('main')) return 'main';
  let number = 2;
  while (taken.has(`main-${number}`)) number++;
  return `main-${number}`;
}

function checkName(name: string, taken: ReadonlyMap<string, unknown>): void {
  if (!isName(name)) throw new InvalidPipelineNameError(name);
  if (taken.has(name))
    throw new Error(`Two pipelines of the test are called '${name}'. Give one of them another name: { name: '…' }.`);
}
