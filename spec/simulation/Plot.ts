import { Observable } from 'rxjs';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { map } from '../../src/operators/map.js';
import { merge } from '../../src/operators/merge.js';
import type { JobWorld } from '../support/checkpointLaw.js';
import { chained, jobStages, outputOutsideAJob, write } from '../support/checkpointLaw.js';
import type { Message } from '../support/InputSpec.js';
import { deliver } from '../support/InputSpec.js';
import { ours, theirs } from '../support/Library.js';
import type { OperatorUse, Stage } from '../support/Stage.js';
import type { Random } from '../../src/testing/random.js';
import { drainedOutputs } from './drainedOutput.js';
import { simulatedRemote } from './SimulatedRemote.js';

/** What a pipeline of a job has to do, and how it is built for each life. */
export interface Plot {
  /**
   * What comes out, by channel: a channel's lines come in this order, those of several interleave as they like. From
   * stock RxJS.
   */
  readonly expected: readonly (readonly string[])[];
  /** Whether each line begins with its time. */
  readonly isTimed: boolean;
  /** Whether it can be foreseen what comes out when the job is drained. */
  readonly canBeDrained: boolean;
  /** For one life. */
  build(random: Random): Build;
  channelOf(value: unknown): number;
  /** How a value is written down. Does to it whatever a consumer may do. */
  write(value: unknown): string;
}

export interface Build {
  readonly pipeline: CheckpointedObservable<unknown>;
  /**
   * The job is drained at that time.
   *
   * @returns what comes out instead, by channel: one of these. From stock RxJS, whose inputs complete then.
   */
  drain(now: number): readonly (readonly (readonly string[])[])[];
  /** It is not after all. */
  goOn(): void;
}

/** When plain inners were first projected. What a drain makes of that is not for the lives that come after it. */
class InnerStarts extends Map<string, number> {
  private drainedSince: number | null = null;
  private readonly memory: Map<string, number>;

  constructor(memory: Map<string, number>) {
    super();
    this.memory = memory;
  }

  override get(name: string): number | undefined {
    const start = super.get(name) ?? this.memory.get(name);
    // In a life that was not drained then.
    return start !== undefined && start > (this.drainedSince ?? start) ? super.get(name) : start;
  }

  override set(name: string, start: number): this {
    if (this.drainedSince === null) this.memory.set(name, start);
    return super.set(name, start);
  }

  drain(now: number): void {
    this.drainedSince = now;
  }

  goOn(): void {
    this.drainedSince = null;
  }
}

/** Operators on inputs that all have their times: the output has to be RxJS's, with its times. */
export class TimedPlot implements Plot {
  readonly isTimed = true;
  readonly expected: readonly [readonly string[]];
  private readonly chain: ReturnType<typeof chained>;
  private readonly memory = new Map<string, number>();

  constructor(
    private readonly uses: readonly OperatorUse[],
    private readonly world: JobWorld,
  ) {
    this.chain = chained(uses);
    this.expected = [outputOutsideAJob(theirs, this.chain, world)];
  }

  get canBeDrained(): boolean {
    return this.uses.every(({ code }) => !unforeseen.test(code));
  }

  build(): Build {
    const starts = new InnerStarts(this.memory);
    return {
      pipeline: this.chain(ours, jobStages(this.world, starts)) as CheckpointedObservable<unknown>,
      drain: (now) => {
        starts.drain(now);
        return [drainedOutputs(this.chain, this.world, { at: now, length: this.uses.length })];
      },
      goOn: () => starts.goOn(),
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
  readonly expected: readonly (readonly string[])[];
  private readonly chain: ReturnType<typeof chained>;

  constructor(
    uses: readonly OperatorUse[],
    private readonly world: JobWorld,
  ) {
    this.chain = chained(uses);
    this.expected = this.inputs.map((messages) => this.outputFor(messages));
  }

  private outputFor(messages: readonly Message[]): string[] {
    const input$ = new Observable((subscriber) => messages.forEach((message) => deliver(message, subscriber)));
    return outputOf(this.chain(theirs, stagesOn(input$)));
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

/** It repeats nothing, which is no way of RxJS's, and has sources of its own, which the model cannot end. */
const unforeseen =
  /repeat|retry|connected later|caught|NEVER|EMPTY|interval|timer|generate|range|\bof\(|from| in |\[\d/i;

const END: Message = { frame: 0, kind: 'complete', value: undefined };

/** What the operators have besides their source is for those that combine; none of them runs here. */
function stagesOn(source: Observable<unknown>): Stage[] {
  const stage = { source, note: () => {} } as unknown as Stage;
  return [stage, stage, stage];
}

function outputOf(output$: Observable<unknown>): string[] {
  const lines: string[] = [];
  output$.subscribe({
    next: (value) => lines.push(`next ${write(value)}`),
    error: (error: unknown) => lines.push(`error ${String(error)}`),
    complete: () => lines.push('complete'),
  });
  return lines;
}
