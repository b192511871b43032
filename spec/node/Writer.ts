import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Answer, Command } from './writingProcess.js';

/** Another process that runs a job, see `writingProcess.ts`. */
export class Writer {
  private static readonly all: Writer[] = [];
  readonly answers: Answer[] = [];
  private readonly child: ChildProcess;
  private waiting: (() => void)[] = [];

  constructor() {
    this.child = fork(join(__dirname, 'writingProcess.ts'), { execArgv: ['--import', 'tsx'] });
    Writer.all.push(this);
    this.child.on('message', (answer: Answer) => {
      this.answers.push(answer);
      for (const look of this.waiting.splice(0)) look();
    });
  }

  static async started(directory: string): Promise<Writer> {
    const writer = new Writer();
    writer.send({ start: { directory } });
    await writer.next('started');
    return writer;
  }

  static readonly killAll = async (): Promise<void> => {
    for (const writer of Writer.all.splice(0)) await writer.kill();
  };

  get pid(): number {
    return this.child.pid!;
  }

  send(command: Command): void {
    this.child.send(command);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Waits for an answer of this kind, and takes it. */
  async next<K extends Answer['is']>(kind: K): Promise<Answer & { is: K }> {
    for (;;) {
      const index = this.answers.findIndex(({ is }) => is === kind);
      if (index >= 0) return this.answers.splice(index, 1)[0] as Answer & { is: K };
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }
}
