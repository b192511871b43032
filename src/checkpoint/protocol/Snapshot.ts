/** `waiting`: not subscribed yet; `live`: subscribed; `done`: completed, or not wanted any more. */
export type InputStatus = 'waiting' | 'live' | 'done';

/** What one participant hands over at a barrier. Immutable. */
export interface ParticipantSnapshot {
  /**
   * The operator's own state: structured-clone values, each operator documents its shape. Or a Promise of that, for which
   * the barrier does not wait.
   */
  readonly state: unknown;
  /** For sources: where to resume, after the last emitted record. */
  readonly position?: unknown;
  /** False when the checkpoint fell between connecting and opening: what opening does is still to be done. */
  readonly opened?: boolean;
  /** One for each static input, where an operator has several fates for them. */
  readonly inputs?: readonly InputStatus[];
  /**
   * Of a shared part without subscribers, which nothing may reach at a restore. `dormant`: nothing in it moves on until
   * somebody comes; `active`: it goes on for nobody.
   */
  readonly unused?: 'dormant' | 'active';
}

/** A participant's snapshot as a checkpoint keeps it. Immutable; the same object as before when nothing changed. */
export interface Snapshot extends ParticipantSnapshot {
  /** The names of the pipelines that use the participant: several when they share it. Sorted. */
  readonly pipelines: readonly string[];
  /** Of the state, as the operator's uid says; left out when it is 1. */
  readonly version?: number;
}
