import { Subject } from 'rxjs';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import type { SyncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { syncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { map } from '../../src/operators/map.js';
import { merge } from '../../src/operators/merge.js';
import type { Random } from '../../src/testing/random.js';
import { chained, write } from '../support/checkpointLaw.js';
import type { Value } from '../support/InputSpec.js';
import { ours, theirs } from '../support/Library.js';
import type { OperatorUse } from '../support/Stage.js';
import type { Commons } from './Commons.js';
import type { Build, Living, Plot } from './Plot.js';
import type { OpenedInput, PulledInput, Read } from './PulledInput.js';
import { NOTHING_READ } from './PulledInput.js';
import { isStuck } from './SimulatedFiles.js';
import { linesOf, stagesOn } from './stagesOn.js';

/**
 * Operators that answer at once, on files and other inputs that are read at the pace of the job. Files are not the same in
 * all lives, so what has to come out is told as it goes: stock RxJS is given each record that comes and is due.
 */
export class PulledPlot implements Plot {
  readonly isTimed = false;
  readonly canBeDrained = true;
  readonly clockMayJump = false;
  /** Told by each life. */
  readonly expected: readonly (readonly string[])[];
  private readonly chain: ReturnType<typeof chained>;
  private inputs: readonly PulledInput[] = [];

  /** @param create - makes the inputs, for a new disk. */
  constructor(
    uses: readonly OperatorUse[],
    private readonly create: () => readonly PulledInput[],
  ) {
    this.chain = chained(uses);
    this.expected = create().map(() => []);
  }

  begin(): void {
    this.inputs = this.create();
  }

  look(): void {
    for (const input of this.inputs) input.rest?.();
  }

  expectedOn(): Plot['expected'] {
    return this.expected;
  }

  build(random: Random, _commons: Commons, life: Living): Build {
    const channels = this.inputs.map(
      (input) => new Channel(input.open(random, life), () => stockRun(this.chain), life),
    );
    const branches = channels.map((channel, index) => {
      const branch = this.chain(ours, stagesOn(channel.source$)) as CheckpointedObservable<unknown>;
      return branch.pipe(map((value): [number, unknown] => [index, value]));
    });
    return {
      pipeline: merge(...branches).pipe(memory(channels)),
      expected: channels.map(({ lines }) => lines),
      begin: () => {},
      jumped: () => {},
      drain: () => channels.map((channel) => channel.drain()),
      goOn: () => channels.forEach((channel) => channel.goOn()),
      isStuck: () => isStuck(life),
      last: () => channels.forEach((channel) => channel.last()),
    };
  }

  channelOf(tagged: unknown): number {
    return (tagged as [number, unknown])[0];
  }

  write(tagged: unknown): string {
    return `next ${write((tagged as [number, unknown])[1])}`;
  }
}

interface StockRun {
  /** They grow. */
  readonly lines: readonly string[];
  readonly input$: Subject<Value>;
}

function stockRun(chain: ReturnType<typeof chained>): StockRun {
  const input$ = new Subject<Value>();
  return { input$, lines: linesOf(chain(theirs, stagesOn(input$))) };
}

/** One input of a life, and what comes out of the operators behind it. */
class Channel {
  read: Read = NOTHING_READ;
  readonly source$: CheckpointedObservable<Value>;
  private readonly stock: StockRun;
  /** What comes out if an error ends the input of a drained job, by how much was read. */
  private failing: ReadonlyMap<number, StockRun> | null = null;

  constructor(
    private readonly input: OpenedInput,
    private readonly run: () => StockRun,
    private readonly life: Living,
  ) {
    this.stock = run();
    this.source$ = input.source$.pipe(witness(this));
  }

  get lines(): readonly string[] {
    return this.stock.lines;
  }

  /** What a checkpoint says of it. */
  restore(read: Read): void {
    this.read = read;
    for (const value of this.input.before(read)) this.stock.input$.next(value);
    if (read.hasEnded) this.stock.input$.complete();
  }

  came(record: unknown): Value {
    const { input, read } = this;
    let value: Value;
    this.life.checked(() => (value = input.came(read, record)));
    this.read = { version: input.version, count: read.count + 1, hasEnded: false };
    this.stock.input$.next(value);
    return value;
  }

  ended(): void {
    const isDrained = this.failing !== null && !this.isAtItsEnd;
    if (isDrained) return; // in this life alone
    this.life.checked(() => this.input.ended(this.read));
    this.read = { ...this.read, hasEnded: true };
    this.stock.input$.complete();
  }

  failed(error: unknown): void {
    this.life.checked(() => this.input.failed(this.read, error));
    (this.failing?.get(this.read.count) ?? this.stock).input$.error(error);
  }

  private get isAtItsEnd(): boolean {
    try {
      this.input.ended(this.read);
      return true;
    } catch {
      return false;
    }
  }

  /** @returns what comes out: it ends there, or a few records later, or with an error. */
  drain(): readonly (readonly string[])[] {
    const { input, read } = this;
    if (read.hasEnded) return [this.lines];
    input.drained?.();
    const upcoming = input.rest(read).values;
    const ways = Array.from({ length: upcoming.length + 1 }, (_, more) => {
      const values = [...input.before(read), ...upcoming.slice(0, more)];
      const [ending, failing] = [this.run(), this.run()];
      for (const value of values) for (const { input$ } of [ending, failing]) input$.next(value);
      ending.input$.complete();
      return { count: values.length, ending, failing };
    });
    this.failing = new Map(ways.map(({ count, failing }) => [count, failing]));
    return [...ways.map(({ ending }) => ending.lines), ...ways.map(({ failing }) => failing.lines)];
  }

  goOn(): void {
    this.failing = null;
  }

  /** Nothing more will come: all that had to has. */
  last(): void {
    if (this.read.hasEnded) return;
    const { values, end } = this.input.rest(this.read);
    for (const value of values) this.stock.input$.next(value);
    if (end === 'complete') this.stock.input$.complete();
    else if (end !== 'never') this.stock.input$.error(end.error);
  }
}

/** Tells a channel what comes of its source. */
function witness(channel: Channel) {
  const operator: SyncOperator<unknown, Value, null, null> = {
    operator: 'witness',
    next(record) {
      this.out.next(channel.came(record));
    },
    finish: () => channel.ended(),
    failed(error) {
      channel.failed(error);
      this.dest.error(error);
    },
    capture: () => null,
    restore: () => null,
  };
  return syncOperator<unknown, Value, null, null>(operator, null, () => null);
}

/** Puts what the model has to know of the inputs into each checkpoint. */
function memory(channels: readonly Channel[]) {
  const operator: SyncOperator<unknown, unknown, null, null> = {
    operator: 'memory',
    next(value) {
      this.out.next(value);
    },
    capture: () => channels.map(({ read }) => read),
    restore: (reads: readonly Read[]) => {
      channels.forEach((channel, i) => channel.restore(reads[i]!));
      return null;
    },
  };
  return syncOperator<unknown, unknown, null, null>(operator, null, () => null);
}
