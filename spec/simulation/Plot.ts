import { Observable } from 'rxjs';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { map } from '../../src/operators/map.js';
import { merge } from '../../src/operators/merge.js';
import type { JobWorld } from '../support/checkpointLaw.js';
import { chained, outputOutsideAJob, stagesIn, write } from '../support/checkpointLaw.js';
import type { Message } from '../support/InputSpec.js';
import { deliver } from '../support/InputSpec.js';
import { ours, theirs } from '../support/Library.js';
import type { OperatorUse } from '../support/Stage.js';
import type { Random } from '../../src/testing/random.js';
import type { Commons } from './Commons.js';
import { drainedOutputs } from './drainedOutput.js';
import type { CommonStage } from './sharedWorlds.js';
import { SimulatedInputs } from './SimulatedInputs.js';
import { simulatedRemote } from './SimulatedRemote.js';
import { linesOf, stagesOn } from './stagesOn.js';
import type { StockRunOptions } from './StockRun.js';
import { outputOnTimeline } from './StockRun.js';
import type { Timeline } from './Timeline.js';
import { InnerStarts } from './InnerStarts.js';
import { aheadBy, keyOf } from './Timeline.js';

/** What a pipeline of a job has to do, and how it is built for each life. */
export interface Plot {
  /**
   * What comes out, by channel: a channel's lines come in this order, those of several interleave as they like. From
   * stock RxJS.
   */
  readonly expected: readonly (readonly string[])[];
  /** The same, when the clock has jumped. */
  expectedOn(timeline: Timeline): Plot['expected'];
  /** Whether each line begins with its time. */
  readonly isTimed: boolean;
  /** Whether it can be foreseen what comes out when the job is drained. */
  readonly canBeDrained: boolean;
  /** Whether it can be foreseen what comes out when the clock jumps. */
  readonly clockMayJump: boolean;
  /** Whether it cannot do without the storage while it runs. */
  readonly isJournaled?: boolean;
  /** Whether it may end with this error because the storage has failed, which callbacks may hear of. */
  mayFailWith?(error: unknown): boolean;
  /** There is a new disk, and nothing has happened. */
  begin?(): void;
  /** All processes are dead, and that is stored. */
  look?(files: ReadonlyMap<string, Uint8Array>): void;
  /** For one life. */
  build(random: Random, commons: Commons, life: Living): Build;
  channelOf(value: unknown): number;
  /** How a value is written down. Does to it whatever a consumer may do. */
  write(value: unknown): string;
}

/** The life that it is built for. */
export interface Living {
  readonly isDead: boolean;
  /** Runs a check of the model, which may throw. */
  checked(check: () => void): void;
  /** Something happens, of which it may die. */
  step(kind: string): void;
  /** Something goes on in microtasks. */
  stir(): void;
  /** Something was made to go wrong. */
  fault(kind: string): void;
}

export interface Build {
  readonly pipeline: CheckpointedObservable<unknown>;
  /** What comes out, by channel, if only this life can tell. It grows. */
  readonly expected?: Plot['expected'];
  /**
   * It begins with a checkpoint.
   *
   * @param isSlow - whether plain inners take their time to repeat what they had emitted.
   */
  begin(timeline: Timeline, isSlow: boolean): void;
  /** The clock jumps while it runs. */
  jumped(timeline: Timeline): void;
  /**
   * The job is drained at that time.
   *
   * @returns what comes out instead, by channel: one of these. From stock RxJS, whose inputs complete then.
   */
  drain(now: number): readonly (readonly (readonly string[])[])[];
  /** It is not after all. */
  goOn(): void;
  /** Whether it waits for something that never comes. */
  isStuck?(): boolean;
  /** Nothing more will come: what had to come out is known. */
  last?(): void;
  /** Nothing more will come, and nothing went wrong. @throws Violation */
  silence?(): void;
}

/** Operators on inputs that all have their times: the output has to be RxJS's, with its times. */
export class TimedPlot implements Plot, StockRunOptions {
  readonly isTimed = true;
  readonly expected: readonly [readonly string[]];
  readonly chain: ReturnType<typeof chained>;
  private readonly branches = new Map<string, { readonly starts: InnerStarts; readonly lines: Plot['expected'] }>();

  constructor(
    private readonly uses: readonly OperatorUse[],
    readonly world: JobWorld,
    readonly catchesUp: boolean,
    /** Whether the first two operators are a part that it shares. */
    private readonly isShared: boolean,
  ) {
    this.chain = chained(uses);
    this.expected = [outputOutsideAJob(theirs, this.chain, world)];
    this.branches.set('', { starts: new InnerStarts(), lines: this.expected });
  }

  get canBeDrained(): boolean {
    return this.uses.every(({ options }) => options.differsInDrains === undefined);
  }

  get clockMayJump(): boolean {
    return this.uses.every(({ options }) => options.differsInJumps === undefined);
  }

  expectedOn(timeline: Timeline): Plot['expected'] {
    return this.branch(timeline).lines;
  }

  private branch(timeline: Timeline): { readonly starts: InnerStarts; readonly lines: Plot['expected'] } {
    const key = keyOf(timeline);
    let branch = this.branches.get(key);
    if (branch === undefined) {
      const before = timeline.slice(0, -1);
      const until = timeline.at(-1)!.from - aheadBy(before);
      const starts = new InnerStarts(this.branch(before).starts, until);
      branch = { starts, lines: [outputOnTimeline(this, timeline)] };
      this.branches.set(key, branch);
    }
    return branch;
  }

  build(_random: Random, commons: Commons): Build {
    const make = (): SimulatedInputs => new SimulatedInputs(this.branch([]).starts, this.catchesUp);
    const inputs = make();
    const sharedInputs = commons.inputs(make);
    const stages = stagesIn(this.world, inputs, this.uses.length);
    if (this.isShared) {
      const shared = stagesIn(this.world, sharedInputs, 2);
      stages.splice(0, 2, shared[0]!, { ...shared[1]!, commons } as CommonStage);
    }
    return {
      pipeline: this.chain(ours, stages) as CheckpointedObservable<unknown>,
      begin: (timeline, isSlow) => {
        for (const those of [inputs, sharedInputs])
          those.begin(this.branch(timeline).starts, aheadBy(timeline), isSlow);
      },
      jumped: (timeline) => {
        for (const those of [inputs, sharedInputs]) those.jumped(this.branch(timeline).starts, aheadBy(timeline));
      },
      drain: (now) => {
        inputs.drain();
        return [drainedOutputs(this.chain, this.world, { at: now, length: this.uses.length })];
      },
      goOn: () => inputs.goOn(),
    };
  }

  channelOf(): number {
    return 0;
  }

  write(value: unknown): string {
    return `next ${write(value)}`;
  }
}

/** Operators that answer at once, on remote inputs: nobody knows when their records and barriers come. */
export class RemotePlot implements Plot {
  readonly isTimed = false;
  readonly canBeDrained = true;
  readonly clockMayJump = false;
  readonly expected: readonly (readonly string[])[];
  private readonly chain: ReturnType<typeof chained>;

  constructor(
    uses: readonly OperatorUse[],
    private readonly world: JobWorld,
  ) {
    this.chain = chained(uses);
    this.expected = this.inputs.map((messages) => this.outputFor(messages));
  }

  expectedOn(): Plot['expected'] {
    return this.expected;
  }

  private outputFor(messages: readonly Message[]): string[] {
    const input$ = new Observable((subscriber) => messages.forEach((message) => deliver(message, subscriber)));
    return linesOf(this.chain(theirs, stagesOn(input$)));
  }

  private get inputs(): (readonly Message[])[] {
    return this.world.inputs.slice(0, 2).map(({ messages }) => messages);
  }

  build(random: Random): Build {
    // Of one that is not opened again all had been sent.
    const sent = this.inputs.map(({ length }) => length);
    const branches = this.inputs.map((messages, channel) => {
      const input$ = simulatedRemote(messages, random, (count) => (sent[channel] = count));
      const branch = this.chain(ours, stagesOn(input$)) as CheckpointedObservable<unknown>;
      return branch.pipe(map((value): [number, unknown] => [channel, value]));
    });
    return {
      pipeline: merge(...branches),
      begin: () => {},
      jumped: () => {},
      // What was sent last may be held, for a barrier.
      drain: () =>
        this.inputs.map((messages, channel) =>
          Array.from({ length: sent[channel]! + 1 }, (_, count) => this.outputFor([...messages.slice(0, count), END])),
        ),
      goOn: () => {},
    };
  }

  channelOf(tagged: unknown): number {
    return (tagged as [number, unknown])[0];
  }

  write(tagged: unknown): string {
    return `next ${write((tagged as [number, unknown])[1])}`;
  }
}

const END: Message = { frame: 0, kind: 'complete', value: undefined };
