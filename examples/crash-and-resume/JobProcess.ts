import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { StrikeReport } from './birdstrikes.js';
import type { JobMessage, Progress } from './JobMessage.js';

const jobPath = fileURLToPath(new URL('job.ts', import.meta.url));

/** How a process ended. */
export type JobEnd = 'finished' | 'killed' | 'failed';

/** One process of the job, and what it has told so far. */
export class JobProcess {
  progress: Progress = { type: 'progress', firstRead: 0, lastRead: 0, firstHandled: 0, lastHandled: 0 };
  report: StrikeReport | null = null;

  private readonly child: ChildProcess;

  /** @param arguments_ - the CSV file, and the directory for checkpoints if there are to be any. */
  constructor(arguments_: readonly string[]) {
    // With the options of this process, so that it understands TypeScript too.
    this.child = spawn(process.execPath, [...process.execArgv, jobPath, ...arguments_], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  /** Gives every message to `onMessage`, and resolves when the process has ended and all it told was heard. */
  async run(onMessage: (message: JobMessage) => void): Promise<JobEnd> {
    const exit = once(this.child, 'exit') as Promise<[code: number | null, signal: string | null]>;
    for await (const line of createInterface({ input: this.child.stdout! })) {
      const message = parse(line);
      if (message === null) continue;
      this.note(message);
      onMessage(message);
    }
    const [code, signal] = await exit;
    return signal === 'SIGKILL' ? 'killed' : code === 0 ? 'finished' : 'failed';
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** As abruptly as it gets: the process has no chance to do anything about it. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private note(message: JobMessage): void {
    if (message.type === 'progress') this.progress = message;
    else if (message.type === 'report') this.report = message.report;
  }
}

function parse(line: string): JobMessage | null {
  try {
    return JSON.parse(line) as JobMessage;
  } catch {
    return null; // Half a line: it was killed within the other half.
  }
}
