import type { Capture } from './Capture.js';
import type { Seated } from './Roster.js';
import type { Scope } from './Scope.js';
import type { ParticipantSnapshot } from './Snapshot.js';

/**
 * The notification that separates the values of one checkpoint from those of the next. It flows down the chain like a
 * value does; whoever has state acknowledges with a snapshot before passing it on.
 */
export interface Barrier {
  /** The checkpoint's id. */
  readonly id: number;
  /** When the checkpoint was triggered, in ms since the epoch. */
  readonly timestamp: number;
  /** Takes the participant's snapshot, now. Calling it again for the same participant does nothing. */
  acknowledge(participant: Participant): void;
}

/** Whatever has state in a job: an operator, a source or a sink that takes part in checkpoints. */
export interface Participant extends Seated {
  /** Unique in the job and the same after a restart: the uid, or a structural name. */
  readonly name: string;
  /** Where in the job it stands, which decides what it lives and restarts with. */
  readonly scope: Scope;
  /** True when no live input of it carries barriers, so that they have to start here. */
  isRoot(): boolean;
  /** Acknowledges, then passes the barrier on, at once. */
  barrier(barrier: Barrier): void;
  /** Hands over the state as it is now. What it returns must not change any more: `capture` sees to users' values. */
  snapshotState(capture: Capture): ParticipantSnapshot;
  /** Ends it, also if somebody outside of the job still holds on to it: all pipelines that it belongs to are gone. */
  stop(): void;
  /** Enlists what takes part through it, and comes and goes too often to do so itself. */
  enlist?(): void;
  /** Of a source: comes to its end now, as if it had emitted all that there is. What is below it flushes what it holds. */
  drain?(): void;
  /** Told once the checkpoint is durable. */
  checkpointCompleted?(id: number): void;
}
