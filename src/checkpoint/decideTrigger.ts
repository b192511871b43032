/**
 * Who asks for a checkpoint, the most urgent first:
 * - `savepoint`: a user, for one to make a savepoint of.
 * - `completion`: the job itself, when a pipeline has completed.
 * - `user`: `checkpoint()`, somebody who waits for it.
 * - `trigger`: `next()`, so each value of a trigger; the next one is as good.
 */
export type CheckpointKind = 'savepoint' | 'completion' | 'user' | 'trigger';

/** All that the decision depends on. */
export interface TriggerSituation {
  readonly kind: CheckpointKind;
  /** `idle`: no pipeline runs, or none yet; `finished`: none runs, since all have completed. */
  readonly job: 'running' | 'finished' | 'idle';
  /** Whether one has begun whose barriers have not all come: barriers do not overtake each other. */
  readonly isAligning: boolean;
  /** How many are on their way, or accepted; savepoints left out. */
  readonly pending: number;
  readonly maxConcurrent: number;
  /** Since the last checkpoint was completed; null if none was in this run of the job. */
  readonly sinceCompletedMs: number | null;
  readonly minPauseMs: number;
}

export type TriggerDecision =
  /** It begins when the turn is over. */
  | { readonly action: 'begin' }
  /** It begins when there is room, and is decided on anew then. */
  | { readonly action: 'wait' }
  | { readonly action: 'refuse'; readonly reason: 'not-running' | 'finished' | 'too-many-pending' }
  | { readonly action: 'refuse'; readonly reason: 'min-pause'; readonly remainingMs: number };

/** Whether a checkpoint that is asked for begins, has to wait, or is refused. */
export function decideTrigger(situation: TriggerSituation): TriggerDecision {
  const { kind, job, isAligning, pending, maxConcurrent } = situation;
  if (job !== 'running' && kind !== 'completion')
    return { action: 'refuse', reason: job === 'finished' ? 'finished' : 'not-running' };
  if (kind === 'savepoint') return { action: isAligning ? 'wait' : 'begin' };
  const hasRoom = !isAligning && pending < maxConcurrent;
  if (kind !== 'trigger') return { action: hasRoom ? 'begin' : 'wait' };
  if (!hasRoom) return { action: 'refuse', reason: 'too-many-pending' };
  const remainingMs = pauseLeft(situation);
  return remainingMs > 0 ? { action: 'refuse', reason: 'min-pause', remainingMs } : { action: 'begin' };
}

/** A clock that was set back says nothing of the pause: better a checkpoint too many than none for hours. */
function pauseLeft({ sinceCompletedMs, minPauseMs }: TriggerSituation): number {
  return sinceCompletedMs === null || sinceCompletedMs < 0 ? 0 : Math.max(0, minPauseMs - sinceCompletedMs);
}
