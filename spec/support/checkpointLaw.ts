import type { Observable } from 'rxjs';
import { asyncScheduler, from } from 'rxjs';
import fc from 'fast-check';
import { TestScheduler } from 'rxjs/testing';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { of } from '../../src/sources/of.js';
import { format } from './format.js';
import type { InputSpec, Message, Value } from './InputSpec.js';
import { repeatableSpecs } from './InputSpec.js';
import type { Library } from './Library.js';
import { ours, theirs } from './Library.js';
import { changeAsUsersMay } from './Recording.js';
import type { OperatorUse, Stage } from './Stage.js';
import { timedObservable, timedSource } from './timedSource.js';
import type { Cut, Life } from './VirtualJob.js';
import { liveInVirtualTime } from './VirtualJob.js';

/** What a random pipeline in a job is built on. */
export interface JobWorld {
  readonly inputs: readonly InputSpec[];
  readonly inners: readonly InputSpec[];
  /** Plain inners are run again after a restore, checkpointed ones go on. */
  readonly innersArePlain: boolean;
}

/** How many operators in a row one world is enough for. */
export const LONGEST_CHAIN = 3;

const inputCount = 1 + 2 * LONGEST_CHAIN;

/** @param length - of the inputs, in marbles. */
export const jobWorldsOf = (length: number): fc.Arbitrary<JobWorld> =>
  fc.record({
    inputs: fc.array(repeatableSpecs(length), { minLength: inputCount, maxLength: inputCount }),
    inners: fc.array(repeatableSpecs(3), { minLength: 3, maxLength: 3 }),
    innersArePlain: fc.boolean(),
  });

export const jobWorlds = jobWorldsOf(6);

/** Whether all inputs let subscribing come back before they emit. */
export function isAsynchronous({ inputs }: JobWorld): boolean {
  return inputs.every(({ kind, messages }) => kind !== 'sync' && messages[0]?.frame !== 0);
}

export type Build = (rx: Library, stages: readonly Stage[]) => Observable<unknown>;

/*
 * No two things of different origin happen at the same time, since after a restore their order is anybody's guess:
 * every input, inner, pause and duration has a fraction of a frame of its own, and room for some multiples of it, since
 * what begins when something else ends adds up. All are powers of two, so that the sums are exact.
 */
const INNERS = 7;
const inputOffset = (index: number): number => 2 ** -(2 + 2 * index);
const innerOffset = (position: number, index: number): number => 2 ** -(15 + INNERS * position + index);
const pauseOffset = (position: number): number => 2 ** -(36 + position);
const durationOffset = (position: number): number => 2 ** -(41 + 3 * position);
export const LAST_FRAME = 15;

function stretch(messages: readonly Message[], offset: number): readonly Message[] {
  return messages.map((message) => ({ ...message, frame: message.frame + offset }));
}

/** When an inner was first projected: the world outside of the job, which a crash does not reset. */
type Memory = Map<string, number>;

/** Emits at the same times whenever it is subscribed, as a server does that keeps what it has sent. */
function rerunInner(messages: readonly Message[], name: string, memory: Memory): Observable<Value> {
  return timedObservable(messages, () => {
    const now = asyncScheduler.now();
    const start = memory.get(name) ?? now;
    memory.set(name, start);
    return now - start;
  });
}

/** Where the inputs of a pipeline come from. */
export interface Surroundings {
  /** Emits at its frames, counted from when it is opened. @param input - its number, if it is one of the world's. */
  timed(messages: readonly Message[], input?: number): Observable<Value>;
  /** Emits all and completes. */
  atOnce(values: Value[]): Observable<Value>;
  /** A plain inner of that name. */
  rerun(messages: readonly Message[], name: string): Observable<Value>;
  /** What becomes of each input, and of the pauses of each operator, which are counted from -1 down. */
  wrapped?(input$: Observable<Value>, index: number): Observable<Value>;
}

/** One for each of the operators of a chain; the first one's source is the chain's. */
export function stagesIn(world: JobWorld, surroundings: Surroundings, length = LONGEST_CHAIN): Stage[] {
  const { inputs, inners, innersArePlain } = world;
  const wrapped = (input$: Observable<Value>, i: number): Observable<Value> =>
    surroundings.wrapped?.(input$, i) ?? input$;
  const input = (i: number): Observable<Value> => wrapped(bare(i), i);
  const bare = (i: number): Observable<Value> => {
    const spec = inputs[i];
    if (spec === undefined) return surroundings.atOnce([]); // Who asks for none brings inputs of its own.
    if (spec.kind !== 'sync' || !spec.marbles.endsWith('|'))
      return surroundings.timed(stretch(spec.messages, inputOffset(i)), i);
    return surroundings.atOnce(spec.messages.slice(0, -1).map(({ value }) => value));
  };
  const source = input(0);
  return Array.from({ length }, (_, position): Stage => {
    const messagesOf = (index: number): readonly Message[] =>
      stretch(inners[index % inners.length]!.messages, innerOffset(position, index));
    // Of so many no two have the same fraction; the others take no time.
    const isTimed = (index: number): boolean => index < INNERS;
    const pipedInner = (_: unknown, index: number): Observable<Value> =>
      isTimed(index) ? surroundings.timed(messagesOf(index)) : surroundings.atOnce([]);
    const plainInner = (_: unknown, index: number): Observable<Value> =>
      isTimed(index) ? surroundings.rerun(messagesOf(index), `${position}.${index}`) : surroundings.atOnce([]);
    return {
      source,
      others: [input(1 + 2 * position), input(2 + 2 * position)],
      inner: innersArePlain ? plainInner : pipedInner,
      pipedInner,
      pause: (n) =>
        wrapped(
          surroundings.timed(stretch([{ frame: n, kind: 'complete', value: undefined }], pauseOffset(position))),
          -1 - position,
        ),
      note: () => {},
      // In proportion, or two of one duration would take as long as one that is twice as long.
      ms: (frames) => (frames === 0 ? durationOffset(position) : frames * (1 + durationOffset(position))),
    };
  });
}

export function jobStages(world: JobWorld, memory: Memory): Stage[] {
  return stagesIn(world, {
    timed: (messages) => timedSource(messages),
    atOnce: (items) => of<Value[]>(...items),
    rerun: (messages, name) => rerunInner(messages, name, memory),
  });
}

/** @param wrapped - what becomes of each input, and of the pauses of each operator, which are counted from -1 down. */
export function plainStages(world: JobWorld, wrapped?: Surroundings['wrapped']): Stage[] {
  const memory = new Map<string, number>();
  return stagesIn(world, {
    timed: (messages) => timedObservable(messages, () => 0),
    atOnce: (items) => from(items),
    rerun: (messages, name) => rerunInner(messages, name, memory),
    ...(wrapped && { wrapped }),
  });
}

/** The operators one after the other, each on numbers again. */
export function chained(uses: readonly OperatorUse[]): Build {
  return (rx, stages) =>
    uses.reduce<Observable<unknown>>((source, { apply }, position) => {
      const stage = stages[position]!;
      return apply(rx, position === 0 ? stage : { ...stage, source: source.pipe(rx.map(toValue)) });
    }, stages[0]!.source);
}

function toValue(x: unknown): Value {
  if (typeof x === 'number' || x === undefined) return x;
  return Array.isArray(x) ? x.length + (toValue(x[0]) ?? 0) : 5;
}

/** The output of a pipeline outside of any job. */
export function outputOutsideAJob(rx: Library, build: Build, world: JobWorld, lastFrame = LAST_FRAME): string[] {
  const scheduler = new TestScheduler(() => true);
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(`${scheduler.frame} ${line}`);
  scheduler.run(() => {
    scheduler.maxFrames = lastFrame;
    build(rx, plainStages(world)).subscribe({
      next: (value) => note(`next ${write(value)}`),
      error: (error: unknown) => note(`error ${String(error)}`),
      complete: () => note('complete'),
    });
  });
  return lines;
}

export function write(value: unknown): string {
  const line = format(value);
  changeAsUsersMay(value);
  return line;
}

/** A job's whole life without a crash, and how it compares with RxJS. */
export class LawCheck {
  private readonly memory: Memory = new Map<string, number>();
  readonly whole: Life;

  constructor(
    private readonly build: Build,
    private readonly world: JobWorld,
    private readonly lastFrame = LAST_FRAME,
  ) {
    this.whole = this.live(null);
  }

  private live(from: Cut | null, killedAfterCuts?: number): Life {
    const pipeline = (): CheckpointedObservable<unknown> => {
      const built = this.build(ours, jobStages(this.world, this.memory));
      return built as CheckpointedObservable<unknown>;
    };
    return liveInVirtualTime({ pipeline, write, from, killedAfterCuts, lastFrame: this.lastFrame });
  }

  /** Everything that is wrong, empty if nothing is. */
  differences({ likeRxjs, remains }: { readonly likeRxjs: boolean; readonly remains: boolean }): string[] {
    const { whole } = this;
    const found = [...whole.problems];
    if (!remains) found.push(...whole.leftBehind.map((name) => `left behind: ${name}`));
    if (likeRxjs) {
      const expected = outputOutsideAJob(theirs, this.build, this.world, this.lastFrame);
      if (!isEqual(whole.outputs, expected))
        found.push(`RxJS: ${expected.join(' · ')}\n  job: ${whole.outputs.join(' · ')}`);
    }
    if (found.length > 0) return found;
    whole.cuts.forEach((cut, i) => found.push(...this.restoreFrom(cut, i)));
    if (found.length === 0) found.push(...this.crashAtEveryTurn());
    return found;
  }

  private restoreFrom(cut: Cut, i: number): string[] {
    const { whole } = this;
    const rest = this.live(cut);
    const outputs = [...whole.outputs.slice(0, cut.outputs), ...rest.outputs];
    const where = `cut ${i} at ${cut.frame}: `;
    const found = rest.problems.map((problem) => where + problem);
    if (!isEqual(outputs, whole.outputs)) {
      found.push(
        `${where}without a crash: ${whole.outputs.join(' · ')}\n  restored after ${cut.outputs}: ${rest.outputs.join(' · ')}\n  ${JSON.stringify([...cut.snapshots])}`,
      );
    }
    return found;
  }

  /** Each life ends soon after it began, and the next goes on from its last checkpoint. */
  private crashAtEveryTurn(): string[] {
    const outputs: string[] = [];
    let from: Cut | null = null;
    let cuts = 2;
    for (let crashes = 0; crashes < 50 + 5 * this.whole.cuts.length; crashes++) {
      const life: Life = this.live(from, cuts);
      if (life.problems.length > 0) return life.problems.map((problem) => `crash ${crashes}: ${problem}`);
      outputs.push(...life.outputs);
      const last = life.cuts[cuts - 1];
      if (life.hasEnded || last === undefined) break;
      // The first checkpoints are taken before anything has happened: live longer until something does.
      cuts = life.outputs.length > 0 || last.frame !== from?.frame ? 2 : cuts + 1;
      from = last;
    }
    const { whole } = this;
    if (isEqual(outputs, whole.outputs)) return [];
    return [`without a crash: ${whole.outputs.join(' · ')}\n  crashing at every turn: ${outputs.join(' · ')}`];
  }
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
