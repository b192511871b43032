import type { ClaimedStorage } from '../storage/ClaimedStorage.js';
import { Attachments } from './Attachments.js';
import type { Checkpoint } from './Checkpoint.js';
import { clockIn, journalFacts } from './CheckpointMeta.js';
import { codecTypes } from './codecTypes.js';
import { Committers } from './Committers.js';
import { Coordinator } from './Coordinator.js';
import { Drain } from './Drain.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { beingDrained, damagedJournal, reportCleanup } from './jobFailures.js';
import { JobJournals } from './JobJournals.js';
import { leaveNothing } from './leaveNothing.js';
import type { JobOptions, OpenedStorage } from './openJob.js';
import { openJob } from './openJob.js';
import { Pipelines } from './Pipelines.js';
import { JobClock } from './protocol/JobClock.js';
import type { Pipeline, PipelineSink } from './protocol/Pipeline.js';
import type { Round } from './protocol/Round.js';
import { Run } from './protocol/Run.js';
import type { RestoreOptions } from './restorePipeline.js';
import type { JobStart, RestoreFrom } from './RestorePoint.js';
import { isOrigin } from './RestorePoint.js';
import type { Savepoint } from './Savepoint.js';
import { SavepointsUnderWay } from './SavepointsUnderWay.js';
import type { CheckpointStore } from './store/CheckpointStore.js';
import type { JournalUsers } from './store/Journals.js';
import type { Origin } from './store/Origin.js';
import { within } from './within.js';

/**
 * One run of everything that is attached to a CheckpointSubject: from the first pipeline that starts to the last one
 * that ends. It holds the storage's lock, and starts, stops and restores its pipelines.
 */
export class Job {
  readonly coordinator: Coordinator;
  private readonly storage: ClaimedStorage;
  private readonly store: CheckpointStore;
  private readonly start: JobStart;
  private readonly run: Run;
  private readonly pipelines: Pipelines;
  private readonly attachments: Attachments;
  private readonly journals: JobJournals;
  private readonly committers: Committers;
  private readonly savepoints: SavepointsUnderWay;
  /** Together, behind a checkpoint: somebody means to go on from it. */
  private isStopped = false;
  /** For the checkpoints of this job. */
  private origin: Origin | undefined;
  private draining: Drain | null = null;

  private constructor(
    private readonly options: JobOptions,
    { storage, store, start, history, serial }: OpenedStorage,
  ) {
    this.storage = storage;
    this.store = store;
    this.start = start;
    this.origin = start.origin;
    const { errorTypes, scheduler, slices, policies, listener, onCompleted, onFailed } = options;
    // Not at once: somebody may steal the claim from within a turn.
    storage.watch((reason) => void Promise.resolve().then(() => this.lose(reason)));
    const { timeoutMs, compression } = policies;
    this.committers = new Committers(options.committers, { timeoutMs, scheduler, onFailed });
    this.journals = new JobJournals({
      storage,
      types: codecTypes,
      newestId: () => store.highestId(),
      participants: () => Array.from(this.run.participants, ({ name }) => name),
      onDamaged: (damage) => onFailed(damagedJournal(damage)),
      onCleanupFailed: reportCleanup(onFailed),
    });
    const clock = new JobClock(scheduler, start.checkpoint && clockIn(start.checkpoint));
    this.run = new Run(errorTypes, {
      onBetweenTurns: () => this.coordinator.betweenTurns(),
      clock,
      requireUids: policies.requireUids,
      serial,
      journals: this.journals,
      storage: options.storage,
    });
    this.pipelines = new Pipelines(this.run, history);
    const checkpointId = start.checkpoint?.id ?? 0;
    this.attachments = new Attachments({
      run: this.run,
      pipelines: this.pipelines,
      history,
      checkpointId,
      onLeft: () => this.draining?.ended(),
      onEnded: () => this.ended(),
      onError: (error) => this.draining?.failed(error),
    });
    this.coordinator = new Coordinator({
      run: this.run,
      store,
      journals: this.journals,
      history,
      errorTypes,
      scheduler,
      clock,
      slices,
      policies,
      listener,
      onCompleted: (checkpoint) => {
        this.committers.completed(checkpoint.id);
        onCompleted(checkpoint);
      },
      onFailed,
      onIntolerable: (error) => this.attachments.fail(error),
      pipelines: () => ({
        statuses: this.pipelines.liveStatuses,
        running: new Set(this.pipelines.running),
        journalUsers: this.journalUsers,
        origin: this.origin,
      }),
      jobStatus: () => this.status,
      refusal: () => this.pipelines.refusal(this.draining !== null),
    });
    this.run.onAsynchronousInputs = this.coordinator;
    const { journals } = this;
    this.savepoints = new SavepointsUnderWay({ storage, store, journals, timeoutMs, scheduler, compression });
  }

  /** Claims the storage and loads the newest checkpoint. */
  static open(options: JobOptions): Promise<Job> {
    return openJob(options, async (opened) => {
      const job = new Job(options, opened);
      await job.loadJournals();
      opened.storage.throwIfLost();
      const { checkpoint } = opened.start;
      if (checkpoint !== undefined) options.listener.restored(checkpoint.id, options.scheduler.now());
      if (checkpoint !== undefined) job.committers.restored(checkpoint.id);
      return job;
    });
  }

  private async loadJournals(): Promise<void> {
    const { names, metas } = this.store.found;
    const { checkpoint, returnsTo, origin, carried } = this.start;
    const facts = new Map(Array.from(metas, ([id, meta]) => [id, journalFacts(meta)]));
    const { positions } = journalFacts(checkpoint?.meta ?? {});
    const generation = Math.max(0, ...Array.from(facts.values(), (of) => of.generation));
    if (checkpoint === undefined || returnsTo === null || origin === undefined)
      return this.journals.load(names, facts, { id: checkpoint?.id ?? 0, positions, origin, generation });
    const { from } = origin;
    const back = { from, id: this.store.highestId(), positions, carried, intact: metas, generation };
    const start = await this.journals.startBack(names, back);
    this.origin = start.origin;
    return this.journals.load(names, facts, start);
  }

  /** Resolves when a pipeline can be attached at once: nothing is on its way, and journals stand where it restarts. */
  async ready(): Promise<void> {
    await this.coordinator.idle();
    while (this.journals.isOutdated(this.journalUsers)) {
      await within(this.options.policies.timeoutMs, this.options.scheduler, this.journals.idle());
      await this.journals.reload(this.journalUsers);
      await this.coordinator.idle();
    }
    this.storage.throwIfLost();
  }

  private readonly journalUsers: JournalUsers = {
    isRunning: (name) => this.pipelines.isRunning(name),
    isOver: (name) => this.pipelines.hasCompleted(name) || this.isDropped(name),
    mayHave: (name, source) => this.pipelines.get(name)?.connection.mayHave(source) ?? !this.isDropped(name),
  };

  private isDropped(name: string): boolean {
    return this.options.dropPipelines.includes(name);
  }

  hasCompleted(name: string): boolean {
    return this.pipelines.hasCompleted(name);
  }

  /** Whether the newest checkpoint has a pipeline. */
  restores(name: string): boolean {
    return this.pipelines.isStored(name);
  }

  get isRunning(): boolean {
    return this.status === 'running';
  }

  get status(): 'running' | 'finished' | 'idle' {
    return this.pipelines.status;
  }

  /** Whether a pipeline that asks for this may join. */
  beganWith(from: RestoreFrom): boolean {
    return from === this.options.from || isOrigin(this.origin, from);
  }

  /** What it began with, for messages. */
  get beginning(): string {
    return this.start.description;
  }

  /** @see Attachments.attach */
  attach<T>(
    pipeline: Pipeline<T>,
    name: string,
    sink: PipelineSink<T>,
    round: Round,
    options?: RestoreOptions,
  ): () => void {
    return this.attachments.attach(pipeline, name, sink, round, options);
  }

  /** @see Attachments.decide */
  decide(): (() => void)[] {
    return this.attachments.decide();
  }

  /** Lets those flow that were attached in the round. */
  open(round: Round): void {
    round.open();
    this.coordinator.betweenTurns();
  }

  /** Takes a checkpoint, and makes a savepoint of it. */
  savepoint(name: string): Promise<Savepoint> {
    return this.savepoints.take(name, () => this.coordinator.request({ kind: 'savepoint', savepoint: name }));
  }

  /**
   * Takes a last checkpoint, and a savepoint of it if that has a name: right after the barrier everything is torn down,
   * so that nothing is emitted that they do not have.
   *
   * @param torn - called when that is done; if it is not, the pipelines run on whatever the Promise comes to.
   */
  stop(name: string | undefined, torn: () => void): Promise<Checkpoint | Savepoint> {
    const swept = (): void => {
      this.isStopped = true;
      for (const pipeline of this.pipelines.running) this.attachments.detach(pipeline);
      torn();
    };
    return this.savepoints.takeIfNamed(name, () =>
      this.coordinator.request({ kind: 'savepoint', savepoint: name, swept }),
    );
  }

  /**
   * Brings all pipelines to their end, and takes a checkpoint of that, and a savepoint if it has a name.
   *
   * @param begun - called when that begins; if it is not, the pipelines run on whatever the Promise comes to.
   */
  drain(name: string | undefined, begun: () => void): Promise<Checkpoint | Savepoint> {
    return this.savepoints.takeIfNamed(name, async () => {
      // All may have left while its name was asked for: what was restarted since is another job's.
      if (this.status === 'idle') return this.coordinator.request({ kind: 'savepoint', savepoint: name });
      if (this.draining !== null) {
        const failure = new CheckpointFailedError(beingDrained());
        this.options.onFailed(failure);
        throw failure;
      }
      begun();
      this.draining = new Drain(this.run, () => this.pipelines.running);
      try {
        await this.draining.finish(this.options.policies.timeoutMs, this.options.scheduler);
        return await this.coordinator.request({ kind: 'completion', savepoint: name });
      } catch (error) {
        // Its sources have ended: whoever restarts needs another job.
        this.options.onUnusable();
        throw error;
      }
    });
  }

  /** Waits for the checkpoints that are on their way, and gives the storage back. */
  async close(): Promise<void> {
    await this.coordinator.idle();
    await this.savepoints.close();
    const { store, journals, run } = this;
    const { scheduler, onFailed, policies } = this.options;
    const { timeoutMs } = policies;
    // Whether nobody will go on from the checkpoints.
    if (!this.isStopped && policies.onCancellation !== 'retain' && this.pipelines.wereAllLeft)
      await leaveNothing({ store, journals, scheduler, timeoutMs, serial: run.serial, onFailed });
    // A removal that never ends keeps nobody waiting for longer than a write: nothing refers to what it removes.
    await within(timeoutMs, scheduler, Promise.all([store.idle(), journals.idle(), this.committers.close()]));
    this.attachments.stopDeserted();
    await this.storage.release();
  }

  /** A pipeline has completed. */
  private ended(): void {
    this.draining?.ended();
    if (this.draining !== null || !this.options.policies.checkpointAfterCompletion) return;
    // A checkpoint that says so: a restart then delivers `complete` alone. A failure to write it is on failures$.
    this.coordinator.request({ kind: 'completion' }).catch(() => {});
  }

  /** The claim is lost: nothing that happens from here on would be restored. */
  private lose(error: unknown): void {
    this.options.onUnusable();
    this.attachments.fail(error);
  }
}
