/**
 * The process that is killed and started again. Arguments: the CSV file, and a directory for checkpoints; without the
 * latter it runs the same pipeline as a plain RxJS Observable, with nothing to restore it from.
 */
import { interval } from 'rxjs';
import { CheckpointSubject } from 'rxjs-checkpoint';
import { fileStorage } from 'rxjs-checkpoint/node';

import type { StrikeReport } from './birdstrikes.js';
import { strikeReport } from './birdstrikes.js';
import { handledIn } from './handledIn.js';
import { tell } from './JobMessage.js';
import { messageOf } from './messageOf.js';

const [path, stateDirectory] = process.argv.slice(2) as [string, string?];

const progress = { type: 'progress' as const, firstRead: 0, lastRead: 0, firstHandled: 0, lastHandled: 0 };

const report$ = strikeReport(path, {
  linesPerSecond: 1_000,
  onRead: (record) => {
    progress.firstRead ||= record;
    progress.lastRead = record;
  },
  onHandled: (record) => {
    progress.firstHandled ||= record;
    progress.lastHandled = record;
    tell(progress);
  },
});

const observer = {
  next: (report: StrikeReport) => tell({ type: 'report', report }),
  error: fail,
};

if (stateDirectory === undefined) {
  report$.subscribe(observer);
} else {
  const checkpoints = new CheckpointSubject({ storage: fileStorage(stateDirectory), trigger: interval(500) });
  checkpoints.subscribe((checkpoint) => {
    const { id, sizeBytes, durationMs } = checkpoint;
    tell({ type: 'checkpoint', id, record: handledIn(checkpoint), sizeBytes, durationMs });
  });
  checkpoints.failures$.subscribe(({ reason, message }) => {
    // A checkpoint that is left out because the one before takes long is no problem: the next one follows.
    if (reason !== 'too-many-pending') tell({ type: 'problem', message });
  });
  checkpoints.recover(report$).subscribe(observer);
}

function fail(error: unknown): void {
  tell({ type: 'problem', message: messageOf(error) });
  process.exitCode = 1;
}
