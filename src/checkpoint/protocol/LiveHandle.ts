/**
 * What a group or a window that was handed out has come to: still emitting, or how it ended. An abandoned one will never
 * emit nor end, since what fed it is gone; a closed one also refuses whoever comes.
 */
export type LiveStatus = 'live' | 'completed' | 'errored' | 'abandoned' | 'closed';

/**
 * Stands in a snapshot for a live Observable (a group, a window). A restore puts the re-created one in its place. The
 * id is job-wide, because owner and key do not tell a group from its successor with the same key.
 */
export class LiveHandle {
  constructor(
    readonly id: number,
    readonly status: LiveStatus,
    /** The group's key: captured like any value. */
    readonly key: unknown,
    /** What it errored with, for `errored`. */
    readonly error: unknown,
  ) {}
}

/** The property under which a live Observable gives its handle. */
export const LIVE: unique symbol = Symbol('rxjs-checkpoint live');

export interface Live {
  readonly [LIVE]: () => {
    readonly id: number;
    readonly status: LiveStatus;
    readonly key: unknown;
    readonly error: unknown;
  };
}

export function isLive(value: object): value is Live {
  return LIVE in value;
}
