import type { StrikeReport } from './birdstrikes.js';
import type { DescribedCheckpoint } from './describeCheckpoint.js';

/** What a job's process tells the one that started it: JSON, one message a line, on its standard output. */
export type JobMessage =
  | Progress
  | (DescribedCheckpoint & { readonly type: 'checkpoint' })
  | { readonly type: 'report'; readonly report: StrikeReport }
  | { readonly type: 'problem'; readonly message: string };

/** A record's turn has come. Records are numbered from 1; 0 is none. */
export interface Progress {
  readonly type: 'progress';
  /** The first and the last one that this process has read from the file. */
  readonly firstRead: number;
  readonly lastRead: number;
  /** The first and the last one whose turn has come in this process. */
  readonly firstHandled: number;
  readonly lastHandled: number;
}

export function tell(message: JobMessage): void {
  process.stdout.write(JSON.stringify(message) + '\n');
}
