import type { Observable, ObservableNotification, Observer } from 'rxjs';
import { identity } from 'rxjs';

import type { CheckpointedObservable } from '../../src/index.js';
import { uid } from '../../src/index.js';
import type { Cut } from '../../src/testing/CutJob.js';
import { CutJob } from '../../src/testing/CutJob.js';
import type { Random } from '../../src/testing/random.js';
import { VirtualTime } from '../../src/testing/VirtualTime.js';
import { format } from './format.js';
import type { Library } from './Library.js';
import { ours, theirs } from './Library.js';
import { errorTypes } from './VirtualJob.js';

/** A moment, and how long there is nobody afterwards. */
interface Absence {
  readonly at: number;
  readonly forMs: number;
}

type Absences = readonly Absence[];

/** One run: what came out, and what must not happen. */
interface ProgramLife {
  readonly outputs: readonly string[];
  readonly cuts: readonly Cut[];
  readonly problems: readonly string[];
}

interface LifeOptions {
  readonly from: Cut | null;
  readonly start: number;
  /** Whether checkpoints are taken between all turns. */
  readonly hasCuts: boolean;
  readonly pass: (time: VirtualTime, outputs: string[]) => void;
}

const LAST_FRAME = 200;
const MOST_OUTPUTS = 100;
const MOST_TIMERS = 300;

/** A program that says nothing about restores: it breaks down in RxJS, takes too long, or is refused at its first start. */
export class UselessProgram extends Error {}

type Program = (rx: Library) => Observable<unknown>;

export function programOf(code: string): Program {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- so that a failure prints what can be run
  const body = new Function('rx', 'named', 'twice', 'weight', code) as (...args: unknown[]) => Observable<unknown>;
  return (rx) => body(rx, rx === ours ? uid : () => identity, twice, weight);
}

const twice =
  (use: (shared$: unknown) => unknown, ...operators: never[]) =>
  (source$: Observable<unknown>): unknown =>
    use((source$.pipe as (...steps: never[]) => unknown)(...operators));

/** A number for each value. */
function weight(value: unknown): number {
  if (typeof value === 'number') return Math.abs(Math.trunc(value));
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + weight(item), 0);
  return typeof value === 'object' && value !== null && 'kind' in value ? String(value.kind).length : 1;
}

function lineOf(frame: number, notification: ObservableNotification<unknown>): string {
  if (notification.kind === 'N') return `${frame} ${format(notification.value)}`;
  return notification.kind === 'E' ? `${frame} # ${String(notification.error)}` : `${frame} |`;
}

/** Fires what is due until then. */
function pass(time: VirtualTime, until: number, outputs: readonly string[]): void {
  for (let timers = 0; time.nextDue <= until; timers++) {
    time.step();
    if (timers > MOST_TIMERS || outputs.length > MOST_OUTPUTS) throw new UselessProgram();
  }
}

/** Names what jobs refuse (rule 11) and what they tell in another way (decision 0051). */
const refused = /SharedWithoutUidError|ObjectUnsubscribedError/;

function useful(outputs: readonly string[]): readonly string[] {
  if (outputs.length > MOST_OUTPUTS || outputs.some((line) => refused.test(line))) throw new UselessProgram();
  return outputs;
}

const endAfter = (absences: Absences): number => absences.reduce((end, { forMs }) => end + forMs, LAST_FRAME);

/** The same in a process that is blocked at times. */
function passBlocked(time: VirtualTime, absences: Absences, outputs: readonly string[]): void {
  for (const { at, forMs } of absences) {
    pass(time, at, outputs);
    time.now = at + forMs;
  }
  pass(time, endAfter(absences), outputs);
}

function outputInRxjs(program: Program, absences: Absences): readonly string[] {
  const time = new VirtualTime();
  const outputs: string[] = [];
  const note = (notification: ObservableNotification<unknown>): void =>
    void outputs.push(lineOf(time.now, notification));
  const observer: Observer<unknown> = {
    next: (value) => note({ kind: 'N', value }),
    error: (error: unknown) => note({ kind: 'E', error }),
    complete: () => note({ kind: 'C' }),
  };
  try {
    time.within(() => {
      const subscription = program(theirs).subscribe(observer);
      passBlocked(time, absences, outputs);
      subscription.unsubscribe();
    });
  } catch (error) {
    throw new UselessProgram(String(error));
  }
  return useful(outputs);
}

/** A run in a job, from a checkpoint or from the start on. */
function live(program: Program, { from, start, hasCuts, pass }: LifeOptions): ProgramLife {
  const time = new VirtualTime();
  time.now = start;
  const outputs: string[] = [];
  const job = new CutJob({
    pipeline: () => program(ours) as CheckpointedObservable<unknown>,
    ...{ errorTypes, from },
    now: () => time.now,
    onOutput: (notification) => outputs.push(lineOf(time.now, notification)),
  });
  job.run.barrierWanted = hasCuts;
  time.within(() => {
    try {
      const round = job.connect();
      if (round !== null) job.open(round);
      pass(time, outputs);
    } catch (error) {
      if (error instanceof UselessProgram) throw error;
      job.problems.push(`thrown: ${String(error)}`);
    }
    job.unsubscribe();
  });
  const { cuts, problems } = job;
  useful(problems);
  return { outputs: useful(outputs), cuts, problems };
}

/** How long there is nobody: not at all, or less or more than most timers take. */
const absencesMs = [0, 0.5, 7.25, 33.125, 200];

/**
 * Runs a program in a job, and from some of its checkpoints on, each after some time, and so once more. Every run has to
 * give what RxJS gives if its process was blocked for that time.
 *
 * @returns what is wrong, null if nothing is; and how many restores there were.
 */
export class ProgramTrial {
  restores = 0;
  private readonly program: Program;
  private readonly isShared: boolean;
  /** Timers of 0 ms: whether they or what is just opening come first after a restore is anybody's guess. */
  private readonly hasInstants: boolean;

  constructor(
    code: string,
    private readonly choice: Random,
    private readonly mostRestores: number,
    /** Whether what is shared is there when the pipeline starts. */
    sharesAtStart = true,
  ) {
    this.program = programOf(code);
    this.isShared = sharesAtStart && /shared\d\$|twice\(/.test(code);
    this.hasInstants = /timer\(0|\], rx\.asyncScheduler|scheduler:|observeOn/.test(code);
  }

  fault(): string | null {
    const whole = this.blocked([], true);
    const difference = differenceOf(whole, this.expected([]));
    if (difference !== null) return `without a crash: ${difference}`;
    for (let i = 0; i < this.mostRestores; i++) {
      const fault = this.restoreFrom(whole);
      if (fault !== null) return fault;
    }
    return null;
  }

  /** What is shared from the start is subscribed to in another order by a job: that is compared with a job that is not killed. */
  private expected(absences: Absences): readonly string[] {
    return this.isShared ? this.blocked(absences).outputs : outputInRxjs(this.program, absences);
  }

  private blocked(absences: Absences, hasCuts = false): ProgramLife {
    const pass = (time: VirtualTime, outputs: string[]): void => passBlocked(time, absences, outputs);
    return live(this.program, { from: null, start: 0, hasCuts, pass });
  }

  /** Kills and restores it, and what was restored again, at times. */
  private restoreFrom(whole: ProgramLife): string | null {
    const { program, choice } = this;
    let absences: Absences = [];
    let life = whole;
    let start = 0;
    /** Whether nothing has happened yet at the time at which this life begins, or all of it. */
    let isClean = false;
    let seen = 0;
    const where: string[] = [];
    for (let goesOn = true; goesOn;) {
      const forMs = choice.pick(absencesMs);
      const isAnyMoment = forMs === 0 && !this.hasInstants;
      const mayBe = (i: number): boolean => isAnyMoment || (i === 0 && isClean) || isWhenAllIsDone(life, i, start);
      const cuts = life.cuts.filter((_, i) => mayBe(i));
      if (cuts.length === 0) return null;
      const cut = choice.pick(cuts);
      const isFirst: boolean = cut === life.cuts[0] && isClean;
      isClean = isFirst || forMs > 0;
      seen += cut.outputs;
      start = cut.frame + forMs;
      const last = absences.at(-1);
      // Before anything that was due has fired, it is as if nobody had been there in between.
      if (isFirst && last !== undefined)
        absences = [...absences.slice(0, -1), { at: last.at, forMs: last.forMs + forMs }];
      else if (forMs > 0) absences = [...absences, { at: cut.frame, forMs }];
      const end = endAfter(absences);
      goesOn = choice.chance(0.4);
      const expected = this.expected(absences);
      life = live(program, { from: cut, start, hasCuts: goesOn, pass: (time, outputs) => pass(time, end, outputs) });
      this.restores++;
      const difference = differenceOf(life, expected.slice(seen));
      where.push(`killed at ${cut.frame}, restored after ${forMs} ms`);
      if (difference !== null) return `${where.join(', ')}: ${difference}`;
    }
    return null;
  }
}

/** The process is blocked between two times, not between two things that happen at once. */
function isWhenAllIsDone({ cuts, outputs }: ProgramLife, i: number, start: number): boolean {
  const { frame, outputs: before } = cuts[i]!;
  return frame > start && frame !== cuts[i + 1]?.frame && !outputs[before]?.startsWith(`${frame} `);
}

function differenceOf({ outputs, problems }: ProgramLife, expected: readonly string[]): string | null {
  if (problems.length > 0) return problems.join('\n');
  if (outputs.join('\n') === expected.join('\n')) return null;
  return `expected\n  ${expected.join(' · ')}\ngot\n  ${outputs.join(' · ')}`;
}
