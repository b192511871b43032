import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import type { Report } from './report.js';

/** After so long a child counts as stuck. */
const STUCK_MS = 60_000;

export interface ChildCommand {
  /** The bundled program. */
  readonly program: string;
  /** The name of the crash pipeline. */
  readonly pipeline: string;
  /** The directory of its files. */
  readonly files: string;
  /** The directory of its checkpoints. */
  readonly storage: string;
  readonly checkpointEveryMs: number;
}

/** One life of the child process, and what it has reported. */
export class ChildRun {
  readonly reports: Report[] = [];
  /** What it wrote to stderr, which should be nothing. */
  complaints = '';
  onReport: (report: Report) => void = () => {};
  /** Settled when the process is gone and all it wrote has been read. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private isKilled = false;
  private unfinishedLine = '';

  constructor({ program, pipeline, files, storage, checkpointEveryMs }: ChildCommand) {
    const command = [program, pipeline, files, storage, String(checkpointEveryMs)];
    this.child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => this.read(text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.complaints += text));
    const stuck = setTimeout(() => {
      this.complaints += `It had not ended after ${STUCK_MS} ms.`;
      this.child.kill('SIGKILL');
    }, STUCK_MS);
    this.ended = once(this.child, 'close').then(() => clearTimeout(stuck));
  }

  get pid(): number {
    return this.child.pid!;
  }

  kill(): void {
    this.isKilled = this.child.exitCode === null && this.child.kill('SIGKILL');
  }

  /** Whether it was killed, and had not exited by itself just before. */
  get wasKilled(): boolean {
    return this.isKilled && this.child.signalCode === 'SIGKILL';
  }

  /** Once it has ended. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  has(type: Report['type']): boolean {
    return this.reports.some((report) => report.type === type);
  }

  all<Type extends Report['type']>(type: Type): (Report & { type: Type })[] {
    return this.reports.filter((report): report is Report & { type: Type } => report.type === type);
  }

  private read(text: string): void {
    const lines = (this.unfinishedLine + text).split('\n');
    this.unfinishedLine = lines.pop()!;
    for (const line of lines) {
      const report = JSON.parse(line) as Report;
      this.reports.push(report);
      this.onReport(report);
    }
  }
}
