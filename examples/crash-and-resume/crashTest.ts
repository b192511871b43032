import { rm } from 'node:fs/promises';

import type { StrikeReport } from './birdstrikes.js';
import { describeCheckpoint } from './describeCheckpoint.js';
import { count } from './format.js';
import type { JobMessage } from './JobMessage.js';
import { JobProcess } from './JobProcess.js';
import { random } from './random.js';
import type { ProgressBar, Screen } from './Screen.js';

export interface CrashTestOptions {
  readonly path: string;
  /** How many records the file has. */
  readonly records: number;
  /** For checkpoints; emptied first. */
  readonly stateDirectory: string;
  /** Of the moments of the kills. */
  readonly seed: number;
  readonly screen: Screen;
}

export interface CrashTestResult {
  readonly restarted: StrikeReport | null;
  readonly uninterrupted: StrikeReport | null;
  readonly kills: readonly Kill[];
  /** How many records the process that finished handled itself. */
  readonly handledByLast: number;
}

/** A process that was killed, and where the next one went on. */
export interface Kill {
  /** The last record that any process had read by then, and handled. */
  readonly lastRead: number;
  readonly lastHandled: number;
  /** The last ones in the checkpoint that the next process went on from; 0 if there was none yet. */
  readonly restoredRead: number;
  readonly restoredHandled: number;
}

const MOST_KILLS = 6;
/** A process is killed after so many records of its own … */
const FEWEST_RECORDS = 400;
const MOST_RECORDS = 2_000;
/** … and up to so many ms, so that it may be in the middle of anything, such as writing a checkpoint. */
const LONGEST_WAIT_MS = 30;

/** Runs the pipeline in processes that are killed, until one finishes, and beside it in one that is left alone. */
export async function crashTest(options: CrashTestOptions): Promise<CrashTestResult> {
  await rm(options.stateDirectory, { recursive: true, force: true });
  const [uninterrupted, attempts] = await Promise.all([runUninterrupted(options), runUntilFinished(options)]);
  const { firstHandled, lastHandled } = attempts[attempts.length - 1]!.progress;
  return {
    restarted: attempts.reduce<StrikeReport | null>((latest, { report }) => report ?? latest, null),
    uninterrupted: uninterrupted.report,
    kills: killsOf(attempts),
    handledByLast: firstHandled === 0 ? 0 : lastHandled - firstHandled + 1,
  };
}

async function runUninterrupted({ path, records, screen }: CrashTestOptions): Promise<JobProcess> {
  const bar = screen.bar('left alone  ', records);
  const job = new JobProcess([path]);
  const end = await job.run((message) => {
    if (message.type === 'progress') bar.update(message.lastHandled);
    if (message.type === 'problem') screen.log(message.message);
  });
  if (end !== 'finished') throw new Error('The uninterrupted run failed; see above.');
  return job;
}

async function runUntilFinished(options: CrashTestOptions): Promise<JobProcess[]> {
  const { path, records, screen, seed, stateDirectory } = options;
  const bar = screen.bar('killed often', records);
  const next = random(seed);
  const attempts: JobProcess[] = [];
  for (;;) {
    const job = new JobProcess([path, stateDirectory]);
    attempts.push(job);
    const killer = attempts.length <= MOST_KILLS ? new Killer(job, next) : null;
    const end = await job.run((message) => {
      killer?.onMessage(message);
      show(message, { job, number: attempts.length, bar, screen });
    });
    killer?.cancel();
    if (end === 'finished') return attempts;
    if (end === 'failed') throw new Error('The job failed; see above.');
    screen.log(`Process ${attempts.length} was killed after record ${count(job.progress.lastHandled)}.`);
  }
}

/** Kills a process at a random moment. */
class Killer {
  private readonly records: number;
  private readonly waitMs: number;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly job: JobProcess,
    next: () => number,
  ) {
    this.records = Math.round(FEWEST_RECORDS + next() * (MOST_RECORDS - FEWEST_RECORDS));
    this.waitMs = next() * LONGEST_WAIT_MS;
  }

  onMessage(message: JobMessage): void {
    if (message.type !== 'progress' || message.lastHandled - message.firstHandled + 1 < this.records) return;
    this.timer ??= setTimeout(() => this.job.kill(), this.waitMs);
  }

  /** The process has ended by itself. */
  cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }
}

function show(message: JobMessage, on: { job: JobProcess; number: number; bar: ProgressBar; screen: Screen }): void {
  const { job, number, bar, screen } = on;
  switch (message.type) {
    case 'progress':
      if (message.lastHandled === message.firstHandled) {
        screen.log(
          `Process ${number} (pid ${job.pid}) ${number === 1 ? 'starts' : 'goes on'} at record ${count(message.firstHandled)}.`,
        );
      }
      return bar.update(message.lastHandled);
    case 'checkpoint':
      return screen.log(`  ${describeCheckpoint(message)}`);
    case 'problem':
      return screen.log(`  ${message.message}`);
    case 'report':
  }
}

function killsOf(attempts: readonly JobProcess[]): Kill[] {
  let lastRead = 0;
  let lastHandled = 0;
  return attempts.slice(0, -1).map(({ progress }, i) => {
    const next = attempts[i + 1]!.progress;
    lastRead = Math.max(lastRead, progress.lastRead);
    lastHandled = Math.max(lastHandled, progress.lastHandled);
    return {
      lastRead,
      lastHandled,
      // One that read nothing had nothing left to read.
      restoredRead: next.firstRead === 0 ? lastRead : next.firstRead - 1,
      restoredHandled: next.firstHandled === 0 ? lastHandled : next.firstHandled - 1,
    };
  });
}
