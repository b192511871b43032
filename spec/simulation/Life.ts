import type { Subscription } from 'rxjs';

import { CheckpointSubject } from '../../src/checkpoint/CheckpointSubject.js';
import type { Checkpoint } from '../../src/checkpoint/Checkpoint.js';
import { ClaimLostError } from '../../src/errors/ClaimLostError.js';
import { DamagedCheckpointError } from '../../src/errors/DamagedCheckpointError.js';
import { StorageError } from '../../src/errors/StorageError.js';
import { StorageLockedError } from '../../src/errors/StorageLockedError.js';
import type { SyncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { syncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { format } from '../support/format.js';
import { ThrownByInput } from '../support/InputSpec.js';
import type { Coverage } from './Coverage.js';
import type { Ledger, ProbeSnapshot } from './Ledger.js';
import { Violation } from './Ledger.js';
import type { Plot } from './Plot.js';
import type { Random } from '../../src/testing/random.js';
import type { DiskFaults, DiskUser, MountedDisk, SimulatedDisk } from './SimulatedDisk.js';
import { drained, VirtualTime } from '../../src/testing/VirtualTime.js';
import type { World } from './World.js';

export interface LifeOptions {
  readonly world: World;
  /** By the names of the pipelines. */
  readonly plots: ReadonlyMap<string, Plot>;
  /** When all is over. */
  readonly lastFrame: number;
  readonly disk: SimulatedDisk;
  readonly faults: DiskFaults;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly coverage: Coverage;
  /** Ascends through all lives. */
  readonly moments: { last: number };
  /** At which step it is killed; counted from its start, or from when its pipelines have started. */
  readonly killedAt: number;
  readonly isKilledLate: boolean;
  /** Hears of everything, when a failure is told. */
  readonly trace?: ((line: string) => void) | undefined;
}

/** How a life ended: killed, with nothing left to wait for (or an error), or because it refused to begin with what it found. */
export type Death = 'killed' | 'ended' | 'refused';

const thrownByInput = {
  name: 'ThrownByInput',
  is: (error: unknown) => error instanceof ThrownByInput,
  create: (message: string) => new ThrownByInput(message),
};

/** A process from its start to its death. */
export class Life implements DiskUser {
  isDead = false;
  steps = 0;
  private readonly time = new VirtualTime();
  private readonly disk: MountedDisk;
  private readonly checkpoints: CheckpointSubject;
  private readonly tracks = new Map<string, Track>();
  private violation: Violation | null = null;
  /** The first checkpoint, and what it was when it completed. */
  private readonly kept: { readonly checkpoint: Checkpoint; readonly text: string }[] = [];
  /** Whether something may have happened that goes on in microtasks. */
  private isStirred = true;
  private hadFault = false;
  private hasStarted = false;
  private hasRefused = false;
  private hasFailed = false;
  private isStolen = false;

  constructor(private readonly options: LifeOptions) {
    const { disk, random, faults, world } = options;
    this.disk = disk.mount(this, random, faults);
    this.time.use();
    this.checkpoints = new CheckpointSubject({
      storage: this.disk.storage,
      retained: world.retained,
      errorTypes: [thrownByInput],
      timeoutMs: 1_000,
    });
  }

  async live(): Promise<Death> {
    this.begin();
    await this.goOn();
    for (const { checkpoint, text } of this.kept) {
      if (format(checkpoint.operators) !== text)
        this.violation ??= new Violation(`checkpoint ${checkpoint.id} has changed since it completed`);
    }
    const changed = this.disk.changedSinceTheft();
    if (changed !== null) this.violation ??= new Violation(`'${changed}' has changed since the claim was lost`);
    if (this.violation !== null) throw this.violation;
    if (this.hasRefused) return 'refused';
    if (this.hasFailed) return 'ended';
    return this.isDead ? 'killed' : 'ended';
  }

  // What happens

  step(kind: string): void {
    if (this.isDead) return;
    this.options.coverage.step(kind);
    this.options.trace?.(`${this.time.now} ${kind}`);
    const { killedAt, isKilledLate } = this.options;
    if (isKilledLate && !this.hasStarted) return;
    if (++this.steps !== killedAt) return;
    this.options.coverage.killed(kind);
    this.die(`killed at: ${kind}`);
  }

  fault(kind: string): void {
    this.hadFault = true;
    this.options.trace?.(`${this.time.now} fault: ${kind}`);
    this.options.coverage.fault(kind);
  }

  private die(how: string): void {
    this.isDead = true;
    this.disk.crash();
    this.options.trace?.(how);
  }

  private giveUp(how: string): void {
    this.options.coverage.ended(how);
    this.die(how);
  }

  private fail(violation: unknown): void {
    if (!this.isDead) this.violation ??= violation as Violation;
    this.die('violated');
  }

  private begin(): void {
    const { plots } = this.options;
    this.checkpoints.subscribe((checkpoint) => this.completed(checkpoint));
    this.checkpoints.failures$.subscribe(({ reason, message }) => {
      if (this.isDead) return;
      this.options.trace?.(`failure: ${reason}`);
      this.options.coverage.failure(reason);
      // All that these pipelines hold can be stored, and every participant can be reached.
      if (reason === 'declined' || reason === 'encoding-failed') this.fail(new Violation(message));
    });
    for (const [name, plot] of plots) this.start(name, plot);
  }

  private start(name: string, plot: Plot): void {
    const track = new Track(name, plot);
    this.tracks.set(name, track);
    const pipeline = plot.build(this.options.random).pipe(this.probe(track));
    track.subscription = this.checkpoints.recover(pipeline, { name }).subscribe({
      next: (value) => this.value(track, value),
      error: (error: unknown) => this.errored(track, error),
      complete: () => this.completedPipeline(track),
    });
  }

  /** Only for one that is alone: the time goes back to its checkpoint, and would for others too. */
  private restart({ name, plot, subscription }: Track): void {
    this.step('restart');
    if (this.isDead) return;
    this.isStirred = true;
    subscription?.unsubscribe();
    this.start(name, plot);
  }

  private async goOn(): Promise<void> {
    const { random, world } = this.options;
    const { time, disk } = this;
    while (!this.isDead) {
      if (this.isStirred) {
        this.isStirred = false;
        await drained();
        continue;
      }
      const isLate = time.nextDue > this.options.lastFrame;
      if (!isLate && !this.isStolen && random.chance(world.thefts)) this.theft();
      if (!isLate && random.chance(world.triggers.between)) this.trigger('between turns');
      if (!isLate && this.tracks.size === 1 && random.chance(world.restarts)) {
        const [track] = this.tracks.values();
        if (!track!.isOver) this.restart(track!);
      }
      if (disk.isBusy && (isLate || !random.chance(world.slowness))) {
        this.isStirred = true;
        disk.settleOne();
      } else if (!isLate) {
        this.step('timer');
        if (this.isDead) return;
        this.options.moments.last++;
        time.step();
      } else if (!this.isStirred) {
        return this.finish();
      }
    }
  }

  private finish(): void {
    this.options.coverage.ended('nothing left to wait for');
    for (const track of this.tracks.values()) {
      const hasStarted = track.hasStarted || track.isOver;
      if (!hasStarted && (this.hadFault || this.isStolen)) continue; // A storage that hangs keeps a pipeline from starting.
      if (!track.isOver) this.checked(() => this.options.ledger.silence(track.name, track.counts));
    }
  }

  private theft(): void {
    this.step('theft');
    if (this.isDead) return;
    this.isStolen = true;
    this.isStirred = true;
    this.disk.steal();
  }

  private trigger(where: string): void {
    this.isStirred = true;
    this.options.coverage.step(`trigger ${where}`);
    this.checkpoints.next();
  }

  /** Runs a check; a life in which one fails is over. */
  private checked(check: () => void): void {
    if (this.isDead) return;
    try {
      check();
    } catch (violation) {
      this.fail(violation);
    }
  }

  // What comes out

  private value(track: Track, value: unknown): void {
    if (this.isDead) return;
    const channel = track.plot.channelOf(value);
    const line = this.timed(track, track.plot.write(value));
    this.checked(() => this.options.ledger.value(track.name, channel, track.counts[channel]!++, line));
    this.told(track, line);
  }

  private end(track: Track, text: string): void {
    track.isOver = true;
    const line = this.timed(track, text);
    this.checked(() => this.options.ledger.end(track.name, track.counts, line));
    this.told(track, line);
  }

  private timed({ plot }: Track, text: string): string {
    return plot.isTimed ? `${this.time.now} ${text}` : text;
  }

  /** Somebody outside has seen it. */
  private told(track: Track, line: string): void {
    const { random, world, moments, trace } = this.options;
    if (this.isDead) return;
    trace?.(`${track.name}: ${line}`);
    this.isStirred = true;
    moments.last++;
    this.step('output');
    if (!this.isDead && random.chance(world.triggers.within)) this.trigger('within a turn');
  }

  private completedPipeline(track: Track): void {
    if (this.isDead) return;
    const { ledger, coverage } = this.options;
    if (!track.hasStarted && ledger.mayHaveCompleted(track.name)) {
      track.isOver = true;
      coverage.step('restored as completed');
      return;
    }
    this.end(track, 'complete');
    ledger.hasCompleted(track.name);
  }

  private errored(track: Track, error: unknown): void {
    if (this.isDead) return;
    if (this.isStolen && (error instanceof ClaimLostError || error instanceof StorageLockedError)) {
      this.options.coverage.step('a claim that was lost');
      this.giveUp('a claim that was lost');
      return;
    }
    if (!track.hasStarted && this.hadFault && error instanceof StorageError) {
      this.giveUp('a start that the storage refused');
      return;
    }
    if (!track.hasStarted && error instanceof DamagedCheckpointError && this.options.ledger.hasNothing) {
      this.hasRefused = true;
      this.giveUp('a start that was refused, with nothing durable');
      return;
    }
    this.end(track, `error ${String(error)}`);
    // Its last good part stays; here its process goes with it.
    this.hasFailed = true;
    this.giveUp('an error');
  }

  private completed(checkpoint: Checkpoint): void {
    if (this.isDead) return;
    const { id, operators, pipelines } = checkpoint;
    if (this.kept.length === 0) this.kept.push({ checkpoint, text: format(operators) });
    this.isStirred = true;
    const promises = new Map<string, { moment: number; hasCompleted: boolean }>();
    for (const [name, status] of Object.entries(pipelines)) {
      const probe = operators[this.tracks.get(name)!.probeName]?.state as ProbeSnapshot | undefined;
      promises.set(name, { moment: probe?.moment ?? -1, hasCompleted: status === 'completed' });
    }
    this.options.trace?.(`checkpoint ${id} completed: ${JSON.stringify([...promises])}`);
    this.checked(() => this.options.ledger.completed(id, promises));
    this.options.coverage.step('checkpoint completed');
  }

  // Probes

  private probe(track: Track) {
    const { moments, ledger } = this.options;
    const start = (snapshot: ProbeSnapshot | undefined): void => {
      track.hasStarted = true;
      this.hasStarted = true;
      this.options.trace?.(`${this.time.now} ${track.name} starts with ${JSON.stringify(snapshot)}`);
      this.checked(() => ledger.restored(track.name, snapshot));
    };
    const operator: SyncOperator<unknown, unknown, number[], null> = {
      operator: 'probe',
      next(value) {
        if (!track.hasStarted) start(undefined);
        this.s[track.plot.channelOf(value)]!++;
        this.out.next(value);
      },
      capture: (outputs): ProbeSnapshot => {
        if (!track.hasStarted) start(undefined);
        this.step('barrier');
        return { outputs: [...outputs], now: this.time.now, moment: moments.last };
      },
      restore: (snapshot: ProbeSnapshot) => {
        track.counts = [...snapshot.outputs];
        this.time.now = snapshot.now;
        start(snapshot);
        this.step('restore');
        return [...snapshot.outputs];
      },
    };
    return syncOperator<unknown, unknown, number[], null>(operator, null, (site) => {
      track.probeName = site!.name;
      this.time.now = 0; // until the restore, if there is one
      return track.plot.expected.map(() => 0);
    });
  }
}

/** What is known of one pipeline in one life. */
class Track {
  /** How many values have come out, by channel, those before the restored checkpoint counted. */
  counts: number[];
  hasStarted = false;
  isOver = false;
  probeName = '';
  subscription: Subscription | null = null;

  constructor(
    readonly name: string,
    readonly plot: Plot,
  ) {
    this.counts = plot.expected.map(() => 0);
  }
}
