import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Where results and messages go. Colours are for terminals only, and not if NO_COLOR is set. */
export class Output {
  constructor(
    private readonly stdout: NodeJS.WriteStream,
    private readonly stderr: NodeJS.WriteStream,
  ) {
    for (const stream of [stdout, stderr])
      stream.on('error', (error: NodeJS.ErrnoException) => this.lost(stream, error));
  }

  /** What is still to be said would not be heard, or without its beginning. */
  private lost(stream: NodeJS.WriteStream, { code, message }: NodeJS.ErrnoException): never {
    // `| head` has seen enough; nothing is wrong.
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') process.exit(process.exitCode ?? 0);
    // At once, since the process ends: what was printed before is not all of it.
    if (stream === this.stdout) writeSync(2, `error: The output could not be written: ${message}.\n`);
    process.exit(1);
  }

  /** A result; resolves when there is room for more. */
  async write(content: string | Uint8Array): Promise<void> {
    if (!this.stdout.write(content)) await once(this.stdout, 'drain');
  }

  async line(text: string = ''): Promise<void> {
    await this.write(`${text}\n`);
  }

  /** Something beside the result. */
  say(text: string): void {
    this.stderr.write(`${text}\n`);
  }

  fail(text: string): void {
    this.say(`${styled(this.stderr, 'red', 'error:')} ${text}`);
  }

  style(style: Style, text: string): string {
    return styled(this.stdout, style, text);
  }

  get isTerminal(): boolean {
    return this.stdout.isTTY;
  }
}

function styled(stream: NodeJS.WriteStream, style: Style, text: string): string {
  // hasColors() knows NO_COLOR, FORCE_COLOR and TERM.
  return stream.isTTY && stream.hasColors() ? styleText(style, text) : text;
}
