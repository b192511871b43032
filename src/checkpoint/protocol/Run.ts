import type { SchedulerLike, TimestampProvider } from 'rxjs';

import type { CheckpointError } from '../../errors/CheckpointError.js';
import { EntryDuringBarrierError } from '../../errors/EntryDuringBarrierError.js';
import type { AsynchronousInput, AsynchronousInputListener } from './AsynchronousInput.js';
import { Capture } from './Capture.js';
import { Claims } from './Claims.js';
import { FormerStates } from './FormerStates.js';
import type { JobClock } from './JobClock.js';
import type { JournalKeeper } from './Journal.js';
import type { LiveHandle } from './LiveHandle.js';
import type { Barrier, Participant } from './Participant.js';
import type { CheckpointClock, Region } from './Region.js';
import { Revival } from './Revival.js';
import { Roster } from './Roster.js';
import { Round } from './Round.js';
import type { SharedPart } from './SharedPart.js';
import type { Snapshot } from './Snapshot.js';
import type { ErrorType } from './StoredError.js';
import type { Upgrade } from './Upgrade.js';
import { formerNames } from './Upgrade.js';

/** Takes what fails a pipeline. */
interface PipelineEnd {
  error(error: unknown): void;
}

/**
 * One run of a job, as its participants see it: who takes part, whose turn it is, and what is to be restored. See
 * `docs/barriers.md` for the protocol.
 *
 * Turns: every entry into the graph from outside is handled all the way down before it ends. `depth` counts the
 * entries that are on the stack; a barrier may start when it is 0 only, or it would overtake a value on its way down.
 */
export class Run implements CheckpointClock {
  depth = 0;
  /** Goes up when a source that emits many records in one go has to look up: this is all that it asks between two. */
  interruptions = 0;
  private isBarrierWanted = false;

  /** All who have registered: see `participants`. */
  readonly roster: Roster<Participant> = new Roster<Participant>();
  readonly asynchronousInputs: Set<AsynchronousInput> = new Set<AsynchronousInput>();
  /** What is to be restored, and who takes which. */
  readonly claims: Claims;
  /** The versions of participants' states, where they are not 1. */
  private readonly versions = new WeakMap<Participant, number>();
  /** The shared nodes that are in use, by their definition: one instance in a job. */
  readonly shared: Map<object, SharedPart> = new Map<object, SharedPart>();
  /** The restored live Observables (groups, windows) that still emit, by id. */
  readonly live: Map<number, object> = new Map<number, object>();

  /** The last checkpoint of which the barrier has passed, and the newest that is complete (set by the job). */
  lastBarrier = 0;
  completed = 0;
  /** Of shared parts that have gone, by their definition, and the last barrier before. */
  private readonly formerRegions = new Map<object, { readonly region: Region; readonly goneAfter: number }>();

  /** What ends the pipelines that have connected, by their names. */
  readonly ends: Map<string, PipelineEnd> = new Map<string, PipelineEnd>();

  /** Set by tests that want to hear of every participant that a barrier has come to. */
  onAcknowledged: ((participant: Participant, barrier: Barrier) => void) | null = null;

  /** Set by the coordinator, which may be waiting for them. */
  onAsynchronousInputs: AsynchronousInputListener | null = null;

  /** Says whether a pipeline is present. Set by the job; a test kit's is a single pipeline. */
  presence: ((pipeline: string) => boolean) | null = null;

  /** Says for whom something of that name is stored. Set by the job. */
  ownersOfStored: ((name: string) => readonly string[]) | null = null;

  /** Takes the parts of an ended live Observable's handle; set by those who can make one. */
  createEnded: ((handle: LiveHandle) => object) | null = null;

  /** For the captures of its checkpoints. */
  readonly formerStates: FormerStates = new FormerStates();
  readonly capture: Capture;
  readonly revival: Revival;

  private round: Round | null = null;
  private isSweeping = false;
  private isTorn = false;
  /** How many teardowns are on the stack. */
  private teardowns = 0;

  constructor(
    errorTypes: readonly ErrorType[],
    private readonly options: {
      /** Called between turns when a barrier is wanted. */
      readonly onBetweenTurns: () => void;
      readonly requireUids: boolean;
      /** Where job-wide serial numbers go on. */
      readonly serial: number;
      /** Of a job with a storage. */
      readonly journals?: JournalKeeper;
      readonly clock?: JobClock;
      readonly storage?: object;
    },
  ) {
    // From 1: outside of a job live Observables have the id 0.
    this.serial = Math.max(1, options.serial);
    this.capture = new Capture(errorTypes);
    this.revival = new Revival(errorTypes, (handle) => this.findLive(handle));
    this.claims = new Claims(this);
  }

  /** Job-wide, ascending across restarts: order among timers, branches and live Observables is state. */
  serial: number;

  /** Null in a job without a storage, as test kits run it. */
  get journals(): JournalKeeper | null {
    return this.options.journals ?? null;
  }

  /** The clock that timers of that scheduler go by. */
  clockOf(scheduler: SchedulerLike): TimestampProvider {
    return this.options.clock?.of(scheduler) ?? scheduler;
  }

  /** What tells jobs of different storages apart. */
  get storage(): object {
    return this.options.storage ?? Run;
  }

  get requireUids(): boolean {
    return this.options.requireUids;
  }

  /** Whether a pipeline runs, or has completed: it does not come back. */
  isPresent(pipeline: string): boolean {
    return this.presence?.(pipeline) === true;
  }

  /** The pipelines that are still to come, and for which the newest checkpoint has something of that name: for parts that join later. */
  storedFor({ name, scope }: Participant, upgrade: Upgrade | null): readonly string[] {
    const { ownersOfStored } = this;
    if (ownersOfStored === null) return [];
    const former = upgrade === null ? [] : formerNames(name, scope.structuralPrefix, upgrade);
    return [name, ...former].flatMap(ownersOfStored);
  }

  /** A checkpoint waits for the end of the turn, or for the end of a record in a source that emits many. */
  get barrierWanted(): boolean {
    return this.isBarrierWanted;
  }

  set barrierWanted(isWanted: boolean) {
    this.isBarrierWanted = isWanted;
    this.interruptions++;
  }

  // Turns

  enter(): void {
    if (this.isSweeping) throw new EntryDuringBarrierError();
    this.depth++;
  }

  turn(work: () => void): void {
    this.enter();
    try {
      work();
    } finally {
      this.leave();
    }
  }

  leave(): void {
    if (--this.depth === 0 && this.isBarrierWanted) this.options.onBetweenTurns();
  }

  /** For a source that has entered once for many records, between two of them: lets a barrier in. */
  betweenRecords(): void {
    this.leave();
    this.enter();
  }

  /** Whether all that happens now is over before a barrier can start, and nothing is being connected. */
  get isWithinTurn(): boolean {
    return this.depth > 0 && this.round === null;
  }

  /** The same for who joins: whether it opens right away, with nothing to restore and nobody to tell. */
  get joinsAtOnce(): boolean {
    // Where a job is drained, it matters which sources are parts of it.
    return this.depth > 0 && this.round === null && !this.isDraining && this.claims.unclaimed.size === 0;
  }

  get isIdle(): boolean {
    return this.depth === 0 && !this.isSweeping && this.round === null && this.teardowns === 0;
  }

  /** From now on sources are at their end, those that open later too, and nothing is subscribed a second time. */
  isDraining = false;

  drain(): void {
    this.isDraining = true;
    for (const participant of [...this.participants]) if (this.has(participant)) participant.drain?.();
  }

  /** Takes a part of the job away. A barrier that is asked for meanwhile, by a user's teardown, waits until all of it is gone. */
  tearDown(work: () => void): void {
    this.teardowns++;
    if (this.isSweeping) this.isTorn = true;
    try {
      work();
    } finally {
      if (--this.teardowns === 0 && this.depth === 0 && this.barrierWanted) this.options.onBetweenTurns();
    }
  }

  // Barriers

  /** Starts the barrier at every root. One synchronous sweep: nothing can enter the graph meanwhile. */
  sweep(barrier: Barrier): void {
    this.isSweeping = true;
    this.isTorn = false;
    this.lastBarrier = barrier.id;
    try {
      for (const participant of this.participants) if (participant.isRoot()) participant.barrier(barrier);
    } finally {
      this.isSweeping = false;
    }
  }

  /** Whether somebody's snapshotState has taken a part of the job away: then the last sweep saw half of it. */
  get wasTorn(): boolean {
    return this.isTorn;
  }

  // Participants

  /** All who take part now. Some do since they are asked for. */
  get participants(): Roster<Participant> {
    const { roster } = this;
    for (const participant of roster) participant.enlist?.();
    return roster;
  }

  has(participant: Participant): boolean {
    return this.roster.has(participant);
  }

  register(participant: Participant, upgrade: Upgrade | null = null): Snapshot | undefined {
    this.enlist(participant);
    if (upgrade !== null && upgrade.version > 1) this.versions.set(participant, upgrade.version);
    return this.claims.claim(participant, upgrade);
  }

  /** For who is new, and has no snapshot. */
  enlist(participant: Participant): void {
    this.roster.add(participant);
    participant.scope.enter();
  }

  versionOf(participant: Participant): number | undefined {
    return this.versions.get(participant);
  }

  /** Snapshots that nobody has claimed yet, by participant name. */
  get unclaimed(): Map<string, Snapshot> {
    return this.claims.unclaimed;
  }

  unregister(participant: Participant): void {
    if (this.roster.delete(participant)) participant.scope.leave();
  }

  /** A restart would begin with this checkpoint. */
  checkpointCompleted(id: number): void {
    this.completed = id;
    this.claims.forgetReserved(id);
    for (const [key, { goneAfter }] of this.formerRegions) if (goneAfter < id) this.formerRegions.delete(key);
  }

  /**
   * Who has moved on together since the newest checkpoint, part by part: those who used it since, and those who have to restart
   * with them. A part that is still there goes on for all that ever used it.
   */
  get sharings(): readonly { readonly recent: readonly string[]; readonly all: readonly string[] }[] {
    const regions = new Set<Region>();
    for (const { scope } of this.participants) regions.add(scope.region);
    const sharings = Array.from(regions, ({ recent, pipelines }) => ({ recent, all: pipelines }));
    for (const { region } of this.formerRegions.values())
      if (!regions.has(region)) sharings.push({ recent: region.recent, all: region.recent });
    return sharings;
  }

  /** Of a shared part that several pipelines have used: after it is gone they still belong together, until the next checkpoint. */
  keepRegion(key: object, region: Region): void {
    this.formerRegions.set(key, { region, goneAfter: this.lastBarrier });
  }

  formerRegion(key: object): Region | undefined {
    return this.formerRegions.get(key)?.region;
  }

  // Asynchronous inputs

  /** From now on the input is asked for its barrier before each sweep. To be called before it emits anything. */
  joinAsynchronous(input: AsynchronousInput): void {
    this.asynchronousInputs.add(input);
    this.onAsynchronousInputs?.joined(input);
  }

  leaveAsynchronous(input: AsynchronousInput): void {
    if (this.asynchronousInputs.delete(input)) this.onAsynchronousInputs?.left(input);
  }

  // Connecting and opening

  /** Runs `connect` in a round (of its own by default) and gives it back, to be opened once all is checked. */
  connect(connect: () => void, round: Round = new Round()): Round {
    const outer = this.round;
    this.round = round;
    try {
      connect();
    } finally {
      this.round = outer;
    }
    outer?.awaitChecksOf(round);
    return round;
  }

  /**
   * A part that joins cannot be connected. `retry` would try that for ever, and `catchError` hide it: it fails the pipeline,
   * past all of its operators. One that is being connected itself is refused by who does that.
   */
  refuse(error: CheckpointError, { users }: Region): void {
    // It may be found outside of a turn: no barrier is to see half of it.
    this.tearDown(() => {
      // Those that share the part are told by the job.
      for (const pipeline of users) this.ends.get(pipeline)?.error(error);
    });
  }

  /** Connects a part that joins: within the round that is being connected, or in one of its own that opens at once. */
  join(connect: () => void): void {
    const round = this.beginJoining();
    try {
      connect();
    } finally {
      this.endJoining(round);
    }
    round?.open();
  }

  /**
   * The same for who does so often. What connects is to be followed by `endJoining`, whatever happens, and the round to be
   * opened after that.
   *
   * @returns null within the round that is being connected.
   */
  beginJoining(): Round | null {
    return this.round === null ? (this.round = new Round(this.joinsAtOnce)) : null;
  }

  endJoining(round: Round | null): void {
    if (round !== null) this.round = null;
  }

  /** Whether somebody who joins may have a snapshot. */
  get isRestoring(): boolean {
    return this.claims.unclaimed.size > 0;
  }

  get isConnecting(): boolean {
    return this.round !== null;
  }

  /** The round that is being connected; connecting happens nowhere else. */
  get connecting(): Round {
    if (this.round === null) throw new Error('rxjs-checkpoint, broken invariant: connecting outside of a round.');
    return this.round;
  }

  private findLive(handle: LiveHandle): object {
    const live = this.live.get(handle.id);
    if (live !== undefined) return live;
    if (this.createEnded === null)
      throw new Error('rxjs-checkpoint, broken invariant: a handle without anybody to revive it.');
    return this.createEnded(handle);
  }
}
