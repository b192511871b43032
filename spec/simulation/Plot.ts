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
  build(random: Random): CheckpointedObservable<unknown>;
  channelOf(value: unknown): number;
  /** How a value is written down. Does to it whatever a consumer may do. */
  write(value: unknown): string;
}

/** Operators on inputs that all have their times: the output has to be RxJS's, with its times. */
export class TimedPlot implements Plot {
  readonly isTimed = true;
  readonly expected: readonly [readonly string[]];
  private readonly chain: ReturnType<typeof chained>;
  private readonly memory = new Map<string, number>();

  constructor(
    uses: readonly OperatorUse[],
    private readonly world: JobWorld,
  ) {
    this.chain = chained(uses);
    this.expected = [outputOutsideAJob(theirs, this.chain, world)];
  }

  build(): CheckpointedObservable<unknown> {
    return this.chain(ours, jobStages(this.world, this.memory)) as CheckpointedObservable<unknown>;
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
  readonly expected: readonly (readonly string[])[];
  private readonly chain: ReturnType<typeof chained>;

  constructor(
    uses: readonly OperatorUse[],
    private readonly world: JobWorld,
  ) {
    this.chain = chained(uses);
    this.expected = this.inputs.map((messages) =>
      outputOf(
        this.chain(theirs, stagesOn(new Observable((subscriber) => messages.forEach((m) => deliver(m, subscriber))))),
      ),
    );
  }

  private get inputs(): (readonly Message[])[] {
    return this.world.inputs.slice(0, 2).map(({ messages }) => messages);
  }

  build(random: Random): CheckpointedObservable<unknown> {
    const branches = this.inputs.map((messages, channel) => {
      const branch = this.chain(ours, stagesOn(simulatedRemote(messages, random))) as CheckpointedObservable<unknown>;
      return branch.pipe(map((value): [number, unknown] => [channel, value]));
    });
    return merge(...branches);
  }

  channelOf(tagged: unknown): number {
    return (tagged as [number, unknown])[0];
  }

  write(tagged: unknown): string {
    return `next ${write((tagged as [number, unknown])[1])}`;
  }
}

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
