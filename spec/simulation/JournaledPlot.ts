import { Observable, Subject } from 'rxjs';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import type { SyncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { syncOperator } from '../../src/operators/base/SyncSubscriber.js';
import { map } from '../../src/operators/map.js';
import { merge } from '../../src/operators/merge.js';
import { uid } from '../../src/operators/uid.js';
import { StorageError } from '../../src/errors/StorageError.js';
import { journaled } from '../../src/sources/journaled.js';
import type { Random } from '../../src/testing/random.js';
import type { JobWorld } from '../support/checkpointLaw.js';
import { chained, write } from '../support/checkpointLaw.js';
import type { InputSpec, Value } from '../support/InputSpec.js';
import { values } from '../support/InputSpec.js';
import { ours, theirs } from '../support/Library.js';
import type { OperatorUse } from '../support/Stage.js';
import { CommonOrder } from './CommonOrder.js';
import type { Commons } from './Commons.js';
import type { Entry } from './JournalModel.js';
import { END, JournalModel } from './JournalModel.js';
import type { Build, Living, Plot } from './Plot.js';
import { linesOf, stagesOn } from './stagesOn.js';
import { storedEntries } from './storedEntries.js';

/** How many values a source sends more than the messages of the input that it is made of. */
const MORE = 6;
const letters = Object.values(values);

/**
 * Operators that answer at once, on hot sources whose values are journaled. What has to come out is told as it goes: stock
 * RxJS is given each value when something is made of it for the first time.
 */
export class JournaledPlot implements Plot {
  readonly isTimed = false;
  readonly isJournaled = true;
  readonly canBeDrained = true;
  readonly clockMayJump = true;
  expected: readonly (readonly string[])[] = [];
  private sources: readonly JournalModel[] = [];
  private order = new CommonOrder();
  private readonly chain: ReturnType<typeof chained>;
  private readonly inputs: readonly InputSpec[];

  constructor(
    private readonly name: string,
    uses: readonly OperatorUse[],
    world: JobWorld,
  ) {
    this.chain = chained(uses);
    this.inputs = world.inputs.slice(0, 2);
  }

  begin(): void {
    const channels = this.inputs.map((_, channel) => {
      const { lines, tell } = this.stockRun();
      return { lines, model: new JournalModel(`${this.name}-source${channel}`, tell) };
    });
    this.expected = channels.map(({ lines }) => lines);
    this.sources = channels.map(({ model }) => model);
    this.order = new CommonOrder();
  }

  private stockRun() {
    const stock$ = new Subject<Value>();
    const lines: readonly string[] = linesOf(this.chain(theirs, stagesOn(stock$)));
    const tell = (entry: Entry): void => (entry === END ? stock$.complete() : stock$.next(valueOf(entry)));
    return { lines, tell, fail: (error: unknown) => stock$.error(error) };
  }

  /** What comes out in all of a life that ends with these. */
  private outputOf(entries: readonly Entry[]): readonly string[] {
    const { lines, tell } = this.stockRun();
    for (const entry of entries) tell(entry);
    tell(END);
    return lines;
  }

  mayFailWith(error: unknown): boolean {
    if (error instanceof StorageError) return true;
    const line = `error ${String(error)}`;
    return this.sources.some(({ entries }) => {
      const { lines, tell, fail } = this.stockRun();
      entries.forEach(tell);
      fail(new Error('the storage has failed'));
      return lines.at(-1) === line;
    });
  }

  look(files: ReadonlyMap<string, Uint8Array>): void {
    const stored = storedEntries(files);
    for (const model of this.sources) {
      model.died();
      model.found(stored.get(model.name) ?? new Map<number, Entry>());
    }
  }

  expectedOn(): Plot['expected'] {
    return this.expected;
  }

  build(random: Random, _commons: Commons, life: Living): Build {
    const { order } = this;
    const subscriptions: number[] = [];
    // Of one that is restored as completed nothing comes.
    const passed = this.sources.map(() => Infinity);
    const branches = this.sources.map((model, channel) => {
      const subscribed = (): number => (subscriptions[channel] = model.subscribed());
      const source$ = journaled(hot(model, subscribed, this.inputs[channel]!, random)).pipe(
        uid(model.name),
        witness(model, life, { order, passed, channel }),
      );
      const branch = this.chain(ours, stagesOn(source$)) as CheckpointedObservable<unknown>;
      return branch.pipe(map((value): [number, unknown] => [channel, value]));
    });
    return {
      pipeline: merge(...branches),
      begin: () => {},
      jumped: () => {},
      // Whether what was sent last comes before the end depends on what its journal is told.
      drain: () =>
        this.sources.map((model, channel) => {
          const { counted, upcoming } = model.drain(subscriptions[channel]);
          return Array.from({ length: upcoming.length + 1 }, (_, count) =>
            this.outputOf([...counted, ...upcoming.slice(0, count)]),
          );
        }),
      goOn: () => this.sources.forEach((model) => model.goOn()),
      silence: () => this.sources.forEach((model) => model.silence()),
    };
  }

  channelOf(tagged: unknown): number {
    return (tagged as [number, unknown])[0];
  }

  write(tagged: unknown): string {
    return `next ${write((tagged as [number, unknown])[1])}`;
  }
}

function valueOf(entry: number): Value {
  return letters[(entry * 7) % letters.length];
}

/** Sends what it likes as long as somebody listens; what it has sent does not come again. */
function hot(
  model: JournalModel,
  subscribed: () => number,
  { messages, marbles }: InputSpec,
  random: Random,
): Observable<number> {
  return new Observable((subscriber) => {
    const subscription = subscribed();
    const most = messages.length + MORE;
    let timer: ReturnType<typeof setTimeout>;
    const send = (): void => {
      for (let left = 1 + random.below(3); left > 0 && model.total < most; left--)
        subscriber.next(model.send(subscription));
      if (model.total < most) return void (timer = setTimeout(send, random.below(4)));
      if (!marbles.endsWith('|')) return;
      model.complete(subscription);
      subscriber.complete();
    };
    if (random.chance(0.3)) send();
    else timer = setTimeout(send, random.below(4));
    return () => {
      model.unsubscribed(subscription);
      clearTimeout(timer);
    };
  });
}

/** The journal's place among those of its pipeline, and how many of each have come in this life. */
interface Standing {
  readonly order: CommonOrder;
  readonly passed: number[];
  readonly channel: number;
}

/** Tells the model what comes out of a journal, and how many there were before. */
function witness(model: JournalModel, life: Living, { order, passed, channel }: Standing) {
  const came = (at: number, entry: Entry): void =>
    life.checked(() => {
      passed[channel] = at;
      if (model.came(at, entry)) order.came(passed, channel);
      passed[channel] = at + 1;
    });
  const operator: SyncOperator<number, Value, number, null> = {
    operator: 'witness',
    next(entry) {
      came(this.s++, entry);
      this.out.next(valueOf(entry));
    },
    finish() {
      came(this.s, END);
    },
    capture: (count) => count,
    restore: (count: number) => (passed[channel] = count),
  };
  return syncOperator<number, Value, number, null>(operator, null, () => (passed[channel] = 0));
}
