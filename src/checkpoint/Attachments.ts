import { RegionRestartError } from '../errors/RegionRestartError.js';
import { Attendance } from './Attendance.js';
import type { History } from './History.js';
import type { Pipelines } from './Pipelines.js';
import type { Pipeline, PipelineConnection, PipelineSink } from './protocol/Pipeline.js';
import { Region } from './protocol/Region.js';
import type { Round } from './protocol/Round.js';
import type { Run } from './protocol/Run.js';
import type { RestoreOptions, UndecidedRestore } from './restorePipeline.js';
import { checkRestore, offerSnapshots } from './restorePipeline.js';
import { Waiting } from './Waiting.js';

const NOBODY: readonly string[] = Object.freeze([]);

export interface AttachmentsOptions {
  readonly run: Run;
  readonly pipelines: Pipelines;
  readonly history: History;
  /** Of the checkpoint that the job began with; 0 when there was none. */
  readonly checkpointId: number;
  /** A pipeline was unsubscribed, or ended with an error. */
  readonly onLeft: () => void;
  /** A pipeline has completed, and is gone. */
  readonly onEnded: () => void;
  /** A pipeline is about to end with an error. */
  readonly onError: (error: unknown) => void;
}

/** Starts, restores and stops the pipelines of a job, together with what they share. */
export class Attachments {
  private connecting: string | null = null;
  private readonly attendance: Attendance;
  /** Of what is there although the pipeline has left in which it was made: others use it, or did. */
  private outliving = new Set<Region>();
  private undecided: UndecidedRestore[] = [];
  private readonly waiting: Waiting = new Waiting(() => this.waits());

  constructor(private readonly options: AttachmentsOptions) {
    const { run, history, pipelines } = options;
    this.attendance = new Attendance(run.roster);
    const isAway = (owner: string): boolean => !run.isPresent(owner) && !pipelines.hasLeft(owner);
    const ownersOfStored = (name: string): readonly string[] =>
      // While a pipeline is restored, it is asked for all of it at the end.
      this.connecting === null ? (history.snapshots.get(name)?.pipelines.filter(isAway) ?? []) : [];
    run.ownersOfStored = ownersOfStored;
  }

  /**
   * Connects a pipeline, restores it, and checks that all of its snapshots found their place. Nothing flows before its
   * round is decided and opened.
   *
   * @param round - of all that start together.
   * @returns what stops it.
   */
  attach<T>(
    pipeline: Pipeline<T>,
    name: string,
    sink: PipelineSink<T>,
    round: Round,
    options: RestoreOptions = {},
  ): () => void {
    const { run, pipelines, history, checkpointId } = this.options;
    if (pipelines.hasLeft(name)) this.refuseToJoinAgain(name);
    const { attendance } = this;
    const dormant = new Map(run.claims.dormant);
    const restoring = { name, attendance, dormant, checkpointId };
    offerSnapshots(restoring, run, history);
    let connection: PipelineConnection | null = null;
    this.connecting = name;
    try {
      connection = pipeline.connectTo(run, {
        name,
        region: new Region(run, name),
        sink: this.guarded(name, sink),
        round,
      });
      this.undecided.push(checkRestore(restoring, this.options, options));
      run.claims.letSleep();
    } catch (error) {
      run.tearDown(() => connection?.unsubscribe());
      this.connecting = null;
      run.claims.sleepAgain([...dormant]);
      // What the checkpoint has of it stays as it is: those that share a part with it must not go on without it.
      if (pipelines.isStored(name)) pipelines.fail(name, error);
      this.stopDeserted();
      throw error;
    } finally {
      this.connecting = null;
      run.claims.clear();
    }
    pipelines.attach(name, { connection, sink });
    return () => this.detach(name);
  }

  /** When others that share a part with it have gone on since it left. @throws RegionRestartError */
  private refuseToJoinAgain(name: string): void {
    const { pipelines } = this.options;
    const movedOn = new Set(pipelines.successorsOf(name));
    for (const other of pipelines.sharersOf(name)) if (pipelines.hasOutlived(other, name)) movedOn.add(other);
    if (movedOn.size > 0) throw new RegionRestartError(name, [...movedOn].sort());
  }

  /**
   * All that start together are connected. What one of them had a share in, and does not reach from where it stands now, must
   * have found its place with the others.
   *
   * @returns what tells the subscribers of those that are refused.
   */
  decide(): (() => void)[] {
    const { run, pipelines } = this.options;
    this.attendance.forget();
    const refused: (() => void)[] = [];
    let undecided = this.undecided.filter(({ name }) => pipelines.isRunning(name));
    this.undecided = [];
    while (undecided.some(({ refusal }) => refusal !== null)) {
      const names = new Set(Array.from(run.participants, (participant) => participant.name));
      const isRefused = ({ refusal }: UndecidedRestore): boolean =>
        refusal?.report.orphaned.every((at) => names.has(at)) === false;
      const found = undecided.find(isRefused);
      if (found === undefined) break;
      // What it takes with it may have been the place of something else.
      undecided = undecided.filter((other) => other !== found);
      refused.push(this.refuse(found.name, found.refusal!));
    }
    const waits = this.waits();
    for (const { name, report, refusal, onRestore } of undecided) {
      const orphaned = refusal === null ? report.orphaned : Object.freeze([]);
      try {
        onRestore?.(Object.freeze({ ...report, orphaned, waitsFor: waits.get(name) ?? NOBODY }));
      } catch (error) {
        refused.push(this.refuse(name, error));
      }
    }
    this.waiting.watch();
    return refused;
  }

  /** Who has to come back before what a pipeline shares with them goes on, by its name. */
  private waits(): ReadonlyMap<string, readonly string[]> {
    const { run, pipelines } = this.options;
    const waits = new Map<string, Set<string>>();
    for (const { waiting } of run.shared.values()) {
      if (waiting === null) continue;
      for (const user of waiting.users) {
        if (!pipelines.isRunning(user)) continue;
        const others = waits.get(user) ?? new Set();
        for (const other of waiting.missing) others.add(other);
        waits.set(user, others);
      }
    }
    return new Map(Array.from(waits, ([name, others]) => [name, Object.freeze([...others].sort())]));
  }

  private refuse(name: string, error: unknown): () => void {
    const { run, pipelines, onLeft } = this.options;
    const { connection, sink } = pipelines.get(name)!;
    if (pipelines.isStored(name)) pipelines.fail(name, error);
    else pipelines.forget(name);
    run.tearDown(() => {
      connection.unsubscribe();
      this.stopDesertedBy(connection);
    });
    onLeft();
    return () => sink.error(error);
  }

  private guarded<T>(name: string, sink: PipelineSink<T>): PipelineSink<T> {
    const { pipelines } = this.options;
    let connection: PipelineConnection | undefined;
    return {
      values: sink.values,
      error: (error) => {
        connection = pipelines.get(name)?.connection;
        pipelines.fail(name, error);
        this.stopRegion(name, error);
        this.stopDesertedBy(connection);
        this.options.onError(error);
        this.options.onLeft();
        sink.error(error);
      },
      complete: () => {
        connection = pipelines.get(name)?.connection;
        pipelines.end(name);
        sink.complete();
        pipelines.complete(name);
      },
      ended: () => {
        this.stopDesertedBy(connection);
        this.options.onEnded();
      },
    };
  }

  /** Unsubscribes a pipeline. */
  detach(name: string): void {
    const attachment = this.options.pipelines.leave(name);
    if (attachment === undefined) return;
    this.options.run.tearDown(() => {
      attachment.connection.unsubscribe();
      this.stopDesertedBy(attachment.connection);
    });
    this.options.onLeft();
  }

  /** @param connection - of a pipeline that has left; undefined for one that came no further than that. */
  private stopDesertedBy(connection: PipelineConnection | undefined): void {
    const { isThere } = this;
    // Of thousands that leave, most leave nothing behind, and others use what they have shared.
    if (connection?.isEmpty === true && [...this.outliving].every((region) => region.hasEver(isThere)))
      this.options.run.claims.forgetDormant(isThere);
    else this.stopDeserted();
  }

  private get isThere(): (name: string) => boolean {
    const { pipelines } = this.options;
    return (name) => pipelines.isRunning(name) || name === this.connecting;
  }

  /**
   * What outlives its subscribers (a share that keeps its connection, a group that is subscribed from outside) must not
   * outlive its pipelines: its state would run ahead of theirs, which is carried over.
   */
  stopDeserted(): void {
    const { isThere } = this;
    const { run } = this.options;
    this.outliving = new Set();
    for (const participant of [...run.participants]) {
      const { region } = participant.scope;
      if (region.hasEver(isThere)) {
        // What is left of a pipeline's own when it leaves is found then.
        if (!region.isOwnOf(isThere)) this.outliving.add(region);
        continue;
      }
      participant.stop();
      run.unregister(participant);
    }
    run.claims.forgetDormant(isThere);
  }

  /** Ends all pipelines with an error. */
  fail(error: unknown): void {
    const ended = this.options.pipelines.running.map((name) => ({
      name,
      attachment: this.options.pipelines.get(name)!,
    }));
    for (const { name } of ended) this.detach(name);
    this.options.pipelines.abort(error);
    for (const { name, attachment } of ended) {
      this.options.pipelines.interrupt(name);
      attachment.sink.error(error);
    }
  }

  /** Pipelines that share a part restart together. */
  private stopRegion(name: string, error: unknown): void {
    for (const other of this.options.pipelines.sharersOf(name)) {
      const attachment = this.options.pipelines.get(other);
      if (attachment === undefined) continue;
      this.detach(other);
      this.options.pipelines.interrupt(other);
      attachment.sink.error(new RegionRestartError(other, [name], error));
    }
  }
}
