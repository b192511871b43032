import type { Observable } from 'rxjs';
import { Subject } from 'rxjs';

import type { CheckpointFailedError, CheckpointFailure } from '../errors/CheckpointFailedError.js';
import { guarded } from './guarded.js';

/** Passes on what goes wrong, and sees to it that nothing serious goes unheard. */
export class FailureReports {
  private readonly failures = new Subject<CheckpointFailedError>();
  readonly failures$: Observable<CheckpointFailedError> = this.failures.asObservable();

  /** @param onRefused - told of checkpoints that never began; of those that have an id the coordinator tells. */
  constructor(private readonly onRefused: (failure: CheckpointFailedError) => void) {}

  report(failure: CheckpointFailedError): void {
    if (failure.checkpointId === undefined && isOfCheckpoint.has(failure.reason)) this.onRefused(failure);
    if (this.failures.observed) guarded(() => this.failures.next(failure));
    // eslint-disable-next-line no-console -- a failing checkpoint that nobody hears of would be found out after a crash
    else if (!harmless.has(failure.reason)) console.warn(`rxjs-checkpoint: ${failure.message}`);
  }
}

const harmless = new Set<CheckpointFailure['reason']>([
  ...(['not-running', 'finished', 'too-many-pending', 'min-pause'] as const),
  ...(['subsumed', 'cancelled', 'aborted'] as const),
]);

const isOfCheckpoint = new Set<CheckpointFailure['reason']>([
  ...(['not-running', 'finished', 'too-many-pending', 'min-pause'] as const),
  ...(['region-broken', 'cancelled', 'aborted'] as const),
]);
