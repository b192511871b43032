import { MultiBar, Presets } from 'cli-progress';
import type { SingleBar } from 'cli-progress';

/** Of the bar that stood there before. */
const CLEAR_REST_OF_LINE = '\x1b[K';

/** Lines of text, and progress bars below them where there is a terminal. */
export class Screen {
  private readonly bars = process.stdout.isTTY
    ? new MultiBar({ format: '{name} {bar} {value}/{total}', forceRedraw: true }, Presets.shades_grey)
    : null;
  private isStopped = false;

  log(text: string): void {
    if (this.isStopped) return;
    if (this.bars === null) console.log(text);
    else this.bars.log(`${text}${CLEAR_REST_OF_LINE}\n`);
  }

  bar(name: string, total: number): ProgressBar {
    return new ProgressBar(this.bars?.create(total, 0, { name }) ?? null);
  }

  /** Leaves the bars as they are; nothing is logged any more. */
  stop(): void {
    this.isStopped = true;
    this.bars?.update(); // What was logged since the last time would be lost.
    this.bars?.stop();
  }
}

export class ProgressBar {
  constructor(private readonly bar: SingleBar | null) {}

  update(value: number): void {
    this.bar?.update(value);
  }
}
