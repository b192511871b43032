import { concatMap, interval } from 'rxjs';

import { CheckpointSubject, fromObservable, scan, uid } from '../../src/index.js';
import { fileStorage } from '../../src/node/fileStorage.js';

/** A process that runs a job: counts, and takes checkpoints as its parent tells it, or all the time. */
export interface Command {
  readonly start?: { readonly directory: string; readonly takeOver?: boolean; readonly isBusy?: boolean };
  readonly checkpoint?: true;
}

export type Answer =
  | { readonly is: 'started' }
  | { readonly is: 'completed'; readonly id: number }
  | { readonly is: 'failed'; readonly reason: string; readonly message: string }
  | { readonly is: 'error'; readonly code: string; readonly message: string };

let checkpoints: CheckpointSubject | undefined;
const tell = (answer: Answer): void => void process.send!(answer);

process.on('disconnect', () => process.exit());
process.on('message', ({ start, checkpoint }: Command) => {
  if (start !== undefined) run(start);
  if (checkpoint) checkpoints!.next();
});

function run({ directory, takeOver = false, isBusy = false }: NonNullable<Command['start']>): void {
  const subject = new CheckpointSubject({ storage: fileStorage(directory), takeOver });
  checkpoints = subject;
  subject.subscribe(({ id }) => tell({ is: 'completed', id }));
  subject.failures$.subscribe(({ reason, message }) => tell({ is: 'failed', reason, message }));
  const numbers$ = fromObservable(interval(1)).pipe(
    uid('numbers'),
    scan((sum, n) => sum + n, 0),
    uid('sum'),
  );
  let isStarted = false;
  subject.recover(numbers$).subscribe({
    next: () => {
      if (!isStarted) tell({ is: 'started' });
      isStarted = true;
    },
    error: (error: unknown) => {
      const { code, message } = error as { code: string; message: string };
      tell({ is: 'error', code, message });
    },
  });
  // One after the other, as fast as the disk is.
  if (isBusy)
    interval(0)
      .pipe(concatMap(() => subject.checkpoint().catch(() => undefined)))
      .subscribe();
}
