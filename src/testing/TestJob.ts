import { Alignment } from '../checkpoint/Alignment.js';
import type { PipelineStatus } from '../checkpoint/Checkpoint.js';
import { History } from '../checkpoint/History.js';
import { Capture } from '../checkpoint/protocol/Capture.js';
import type { Pipeline, PipelineConnection, PipelineSink } from '../checkpoint/protocol/Pipeline.js';
import { Region } from '../checkpoint/protocol/Region.js';
import { Round } from '../checkpoint/protocol/Round.js';
import { restoreProblem, restoreReport } from '../checkpoint/restoreReport.js';
import { Run } from '../checkpoint/protocol/Run.js';
import type { ErrorType } from '../checkpoint/protocol/StoredError.js';
import { CheckpointFailedError } from '../errors/CheckpointFailedError.js';
import { DuplicateUidError } from '../errors/DuplicateUidError.js';
import { pipelinesNamed } from '../errors/pipelinesNamed.js';
import { RegionRestartError } from '../errors/RegionRestartError.js';
import { collectAtOnce } from './collectAtOnce.js';
import type { Recording } from './Recording.js';
import { TestCheckpoint } from './TestCheckpoint.js';

export interface TestPipeline {
  readonly name: string;
  readonly pipeline: Pipeline<unknown>;
  readonly recording: Recording;
}

export interface TestJobOptions {
  readonly clock: { readonly frame: number };
  readonly errorTypes: readonly ErrorType[];
  readonly requireUids: boolean;
  readonly restoredFrom: TestCheckpoint | null;
  /** The number that the next checkpoint gets. */
  readonly nextId: () => number;
  readonly onTaken: (checkpoint: TestCheckpoint) => void;
}

interface Attachment extends TestPipeline {
  readonly connection: PipelineConnection;
}

/**
 * One life of a test's job, from its start or from a checkpoint. It does what `Job` and `Coordinator` do, but all of it
 * at once: there is no storage to wait for.
 */
export class TestJob {
  readonly run: Run;
  private readonly attached = new Map<string, Attachment>();
  private readonly departed = new Set<string>();
  /** As of the newest checkpoint. */
  private readonly history = new History();
  private readonly statuses: Record<string, PipelineStatus> = {};
  /** Also while the inputs of the last one are released: no other begins before all are. */
  private alignment: Alignment | null = null;
  private isTriggered = false;
  private failure: { readonly error: unknown } | null = null;

  constructor(private readonly options: TestJobOptions) {
    const { restoredFrom, errorTypes, requireUids } = options;
    this.run = new Run(errorTypes, {
      onBetweenTurns: () => this.betweenTurns(),
      requireUids,
      serial: restoredFrom?.serial ?? 0,
    });
    this.run.onAsynchronousInputs = {
      joined: (input) => this.alignment?.joined(input),
      left: (input) => this.alignment?.left(input),
    };
    if (restoredFrom !== null) {
      this.remember(restoredFrom);
      Object.assign(this.statuses, restoredFrom.pipelines);
    }
  }

  // Pipelines

  /** Connects and checks all, and then lets them flow. */
  start(pipelines: readonly TestPipeline[]): void {
    const round = new Round();
    for (const pipeline of pipelines) this.attach(pipeline, round);
    if (round.hasChecks)
      throw new Error(
        'A source of the pipeline has to be checked asynchronously before it can be restored (a file, say), and in virtual time nothing can wait. ' +
          'Let the pipeline under test begin with hot or cold marbles.',
      );
    if (this.options.restoredFrom === null) round.open();
    else this.openHeld(round);
  }

  /** The life before ended when the inputs were about to be released: what they had held back comes when all are open. */
  private openHeld(round: Round): void {
    this.alignment = new Alignment([], () => {});
    round.open();
    this.release(this.alignment);
  }

  stop(name: string): void {
    const attachment = this.depart(name);
    if (attachment === undefined) return;
    this.run.tearDown(() => {
      attachment.connection.unsubscribe();
      this.stopDeserted();
    });
  }

  private attach(pipeline: TestPipeline, round: Round): void {
    const { name, recording } = pipeline;
    if (this.statuses[name] === 'completed') return recording.complete();
    const { run } = this;
    const others = new Set([...run.participants].map((participant) => participant.name));
    for (const dormant of run.claims.dormant.keys()) others.add(dormant);
    this.offerSnapshots(name, others);
    const region = new Region(run, name);
    const connection = pipeline.pipeline.connectTo(run, { name, region, sink: this.sinkOf(pipeline), round });
    this.checkRestore(name, others);
    run.claims.letSleep();
    run.claims.clear();
    this.statuses[name] = 'running';
    this.attached.set(name, { ...pipeline, connection });
  }

  private offerSnapshots(name: string, live: ReadonlySet<string>): void {
    for (const [operator, snapshot] of this.history.snapshots) {
      if (!snapshot.pipelines.includes(name) || live.has(operator)) continue;
      this.run.unclaimed.set(operator, snapshot);
    }
  }

  private checkRestore(pipeline: string, others: ReadonlySet<string>): void {
    const { participants } = this.run;
    const names = new Set<string>();
    for (const { name } of participants) {
      if (names.has(name)) throw new DuplicateUidError(name, 'two-nodes');
      names.add(name);
    }
    const joined = [...names].filter((name) => !others.has(name));
    const checkpointId = this.options.restoredFrom?.id ?? 0;
    const report = restoreReport(this.run.claims, { checkpointId, pipeline, joined, waitsFor: [] });
    const problem = restoreProblem(this.run.claims, report, false);
    if (problem !== null) throw problem;
  }

  private sinkOf({ name, recording }: TestPipeline): PipelineSink<unknown> {
    return {
      values: recording,
      error: (error) => {
        this.depart(name);
        this.stopSharers(name, error);
        this.stopDeserted();
        recording.error(error);
      },
      complete: () => {
        this.attached.delete(name);
        recording.complete();
        this.statuses[name] = 'completed';
      },
      ended: () => this.stopDeserted(),
    };
  }

  private depart(name: string): Attachment | undefined {
    const attachment = this.attached.get(name);
    this.attached.delete(name);
    this.departed.add(name);
    return attachment;
  }

  /** Pipelines that share a part with one that failed end with it. */
  private stopSharers(name: string, error: unknown): void {
    for (const other of this.sharersOf(name)) {
      const attachment = this.attached.get(other);
      this.stop(other);
      attachment?.recording.error(new RegionRestartError(other, [name], error));
    }
  }

  private sharersOf(name: string): string[] {
    const sharings = this.run.sharings.filter(({ recent }) => recent.includes(name));
    const sharers = new Set(sharings.flatMap(({ all }) => all));
    return [...sharers].filter((other) => this.attached.has(other));
  }

  /** What outlives its subscribers must not outlive its pipelines. */
  private stopDeserted(): void {
    const isThere = (name: string): boolean => this.attached.has(name);
    for (const participant of [...this.run.participants]) {
      if (participant.scope.region.pipelines.some(isThere)) continue;
      participant.stop();
      this.run.unregister(participant);
    }
    this.run.claims.forgetDormant(isThere);
  }

  // Checkpoints

  /** An input has come to a barrier of its own, and waits until it is asked for it. */
  trigger(): void {
    this.isTriggered = true;
    this.begin();
  }

  private begin(): void {
    if (!this.isTriggered || this.alignment !== null) return;
    this.isTriggered = false;
    this.alignment = new Alignment(this.run.asynchronousInputs, () => {
      this.run.barrierWanted = true;
      this.betweenTurns(); // The last input may deliver within a turn.
    });
    this.alignment.ask(this.options.nextId());
  }

  private betweenTurns(): void {
    const { run, alignment } = this;
    if (!run.barrierWanted || alignment === null || !run.isIdle) return;
    run.barrierWanted = false;
    try {
      if (this.attached.size > 0) this.take();
    } catch (error) {
      this.failure ??= { error };
    } finally {
      this.release(alignment);
    }
  }

  private take(): void {
    const { run, attached, history } = this;
    const { nextId, clock, errorTypes, onTaken } = this.options;
    const [id, { frame }, pipelines] = [nextId(), clock, { ...this.statuses }];
    this.refuseBrokenRegion(id);
    const snapshots = collectAtOnce(run, new Capture(errorTypes, id, frame));
    for (const [name, snapshot] of history.ofAbsent(pipelines, new Set(attached.keys())))
      if (!snapshots.has(name)) snapshots.set(name, snapshot);
    const checkpoint = new TestCheckpoint({ id, frame, snapshots, pipelines, serial: run.serial });
    this.remember(checkpoint);
    run.checkpointCompleted(id);
    for (const { recording } of attached.values()) recording.barrier();
    onTaken(checkpoint);
    for (const participant of [...run.participants]) participant.checkpointCompleted?.(id);
  }

  private remember(checkpoint: TestCheckpoint): void {
    this.history.snapshots = checkpoint.snapshots();
    this.history.pipelines = checkpoint.pipelines;
  }

  private refuseBrokenRegion(checkpointId: number): void {
    for (const { name, scope } of this.run.participants) {
      const gone = scope.region.pipelines.filter((pipeline) => this.departed.has(pipeline));
      if (gone.length === 0) continue;
      const message =
        `Checkpoint ${checkpointId} cannot be taken: others that share '${name}' went on without ${pipelinesNamed(gone)}, ` +
        'so their states do not belong together any more. Unsubscribe them in the same frame.';
      throw new CheckpointFailedError({ reason: 'region-broken', checkpointId, operator: name, message });
    }
  }

  private release(alignment: Alignment): void {
    alignment.release();
    this.alignment = null;
    this.begin();
  }

  // After the flush

  /** @throws what a checkpoint failed with. */
  check(): void {
    if (this.failure !== null) throw this.failure.error;
  }

  /** The inputs for whose barriers a checkpoint still waits. */
  get missingInputs(): readonly string[] {
    return this.alignment?.missingInputs ?? [];
  }
}
