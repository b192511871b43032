import type { Subscription } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { RestoreReport } from '../../src/errors/OrphanedSnapshotError.js';
import type { JobClock } from '../../src/checkpoint/protocol/JobClock.js';
import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import type { SyncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { syncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { uid } from '../../src/operators/uid.js';
import { Draining } from './Draining.js';
import type { Coverage } from './Coverage.js';
import { withCounter } from './counter.js';
import type { Deployments, Fit } from './Deployments.js';
import type { Places } from './ExpectedLines.js';
import { ExpectedLines } from './ExpectedLines.js';
import type { ProbeSnapshot } from './Ledger.js';
import type { Build, Plot } from './Plot.js';
import type { Counter, Program } from './Program.js';
import { uidOf } from './Program.js';
import type { Timeline } from './Timeline.js';
import { Violation } from './Violation.js';
import type { WorldPolicies } from './World.js';

/** What is known of one pipeline in one life. */
export class Track {
  /** Which lines may come next, by channel. */
  places: Places[];
  expected: ExpectedLines;
  hasStarted = false;
  isOver = false;
  /** Whether it was unsubscribed, while others go on. */
  hasLeft = false;
  /** Whether it has come back alone. */
  isReturning = false;
  subscription: Subscription | null = null;
  /** How many values have come out, those before its start counted. */
  count = 0;
  /** What its program made of what it began with. */
  fit: Fit;
  /** What the counters have told of the value that is coming out. */
  readonly counted = new Map<string, number>();
  /** By which its timers go. */
  jobClock: JobClock | null = null;
  /** Set as long as its job is drained. */
  draining: Draining | null = null;

  constructor(
    readonly name: string,
    readonly plot: Plot,
    readonly build: Build,
    readonly program: Program,
    readonly deployments: Deployments,
    private readonly mode: WorldPolicies['mode'],
    /** The same in each restart. */
    public probeName = '',
  ) {
    this.expected = this.expectedOn([]);
    this.places = plot.expected.map(() => new Set([0]));
    this.fit = deployments.fit(program, name, -1, 0);
  }

  private expectedOn(timeline: Timeline): ExpectedLines {
    return new ExpectedLines(this.name, this.build.expected ?? this.plot.expectedOn(timeline), this.mode);
  }

  /** Whether others go on without it. */
  get isAway(): boolean {
    return this.hasLeft || (this.isReturning && !this.hasStarted);
  }

  /** It begins with that. @param isSlow - whether plain inners take their time to repeat what they had emitted. */
  begin({ outputs, moment, now }: ProbeSnapshot, timeline: Timeline, isSlow: boolean): void {
    this.expected = this.expectedOn(timeline);
    this.build.begin(timeline, isSlow);
    this.places = outputs.map((count) => this.expected.places(count));
    this.count = outputs.reduce((sum, count) => sum + count, 0);
    this.fit = this.deployments.fit(this.program, this.name, moment, this.count);
    // A drain that was asked for before the start waits for it.
    if (this.draining !== null) this.drain(now);
  }

  /** The clock jumps while it runs: all that has come out was due before. */
  jumped(timeline: Timeline): void {
    this.expected = this.expectedOn(timeline);
    this.build.jumped(timeline);
  }

  /** The pipeline with the operators that the program adds, and the probe. */
  pipeline(listener: ProbeListener): CheckpointedObservable<unknown> {
    const { name, program, counted } = this;
    const add = (source: CheckpointedObservable<unknown>, counter: Counter): CheckpointedObservable<unknown> =>
      withCounter(source, name, counter, (count) => counted.set(uidOf(name, counter), count));
    return program.counters.reduce(add, this.build.pipeline).pipe(probe(this, listener), uid(`${name}-probe`));
  }

  /** It has begun to run. */
  checkBegun(): void {
    const { refusals } = this.fit;
    if (refusals.length > 0) throw new Violation(`${this.name} began, in place of refusing: ${refusals.join()}`);
  }

  /** A value comes out. @throws Violation */
  value(channel: number, line: string): void {
    this.checkCounts();
    const places = this.places[channel]!;
    if (this.draining === null) this.places[channel] = this.expected.value(channel, places, line);
    else {
      this.draining.value(channel, line);
      // It may turn out that it is not drained: what it has emitted until then counts.
      this.places[channel] = this.expected.after(channel, places, line);
    }
  }

  /** It ends. @throws Violation */
  end(line: string): void {
    if (this.draining !== null) return this.draining.end(line);
    this.expected.end(this.places, line);
  }

  mayEnd(line: string): boolean {
    return (this.draining ?? this.expected).mayEnd(line, this.places);
  }

  /** Nothing more will come. @param wasCalm - whether nothing went wrong. @throws Violation */
  silence(wasCalm: boolean): void {
    if (this.build.isStuck?.() === true) return;
    this.build.last?.();
    // What is still to come out of a journal waits for a storage that may never answer.
    if (this.draining !== null) return wasCalm || !this.plot.isJournaled ? this.draining.silence() : undefined;
    if (wasCalm) this.build.silence?.();
    this.expected.silence(this.places);
  }

  /** Whether it was told what it began with. @throws Violation */
  checkReport(report: RestoreReport, coverage: Coverage): void {
    const said = [report.renamed.map(({ operator }) => operator), report.migrated.map(({ operator }) => operator)];
    const kinds = ['renamed', 'migrated', 'lost'] as const;
    [...said, report.orphaned].forEach((names, i) => {
      const kind = kinds[i]!;
      const due = [...this.fit[kind]].sort().join();
      if ([...names].sort().join() !== due)
        throw new Violation(`${this.name} reports as ${kind} '${names.join()}', and not '${due}'`);
      if (names.length > 0) coverage.step(`state that is ${kind}`);
    });
  }

  private checkCounts(): void {
    this.checkBegun();
    this.count++;
    for (const [uid, { since }] of this.fit.counters) {
      const counted = this.counted.get(uid);
      if (counted !== this.count - since)
        throw new Violation(`${uid} has counted ${counted}, and not ${this.count - since}`);
    }
  }

  /** Its job is drained. */
  drain(now: number): void {
    this.draining = new Draining(this.name, now, this.build.drain(now), this.places);
  }

  /** It is not after all. */
  goOn(): void {
    this.draining = null;
    this.build.goOn();
  }
}

export interface ProbeListener {
  connected(): void;
  /** The pipeline starts; with nothing, or with what was in a checkpoint. */
  started(snapshot: ProbeSnapshot | undefined): void;
  restored(): void;
  /** A barrier passes. */
  barrier(): Omit<ProbeSnapshot, 'outputs'>;
}

/** At the end of a pipeline: counts what comes out, and puts that into each checkpoint. */
function probe(track: Track, listener: ProbeListener) {
  const start = (snapshot: ProbeSnapshot | undefined): void => {
    track.hasStarted = true;
    listener.started(snapshot);
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
      return { outputs: [...outputs], ...listener.barrier() };
    },
    restore: (snapshot: ProbeSnapshot) => {
      start(snapshot);
      listener.restored();
      return [...snapshot.outputs];
    },
  };
  return syncOperator<unknown, unknown, number[], null>(operator, null, (site) => {
    track.probeName = site!.name;
    track.jobClock = site!.run.clockOf(asyncScheduler) as JobClock;
    listener.connected();
    return track.plot.expected.map(() => 0);
  });
}
