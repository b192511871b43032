import type { RegionRestartError } from '../../src/errors/RegionRestartError.js';
import type { Random } from '../../src/testing/random.js';
import { Commons } from './Commons.js';
import type { Track } from './Track.js';
import { Violation } from './Violation.js';

/** The pipelines of a life, by their names, and what they have in common: one of those that share a part may be away. */
export class Tracks extends Map<string, Track> {
  commons = new Commons();

  /** Whether all are there. */
  get areWhole(): boolean {
    for (const { isAway } of this.values()) if (isAway) return false;
    return true;
  }

  /** Whether all have begun to run, or ended. */
  get haveStarted(): boolean {
    for (const { hasStarted, isOver } of this.values()) if (!hasStarted && !isOver) return false;
    return true;
  }

  /** Whether one of them has not ended. */
  get areRunning(): boolean {
    for (const { isOver } of this.values()) if (!isOver) return true;
    return false;
  }

  /** Lets the job look at the clock, as a timer does that is set. */
  readClock(): void {
    for (const { jobClock } of this.values()) jobClock?.now();
  }

  /** Who may leave while others go on, or, having left, come back; undefined if nobody can. */
  anyToMove(random: Random): Track | undefined {
    const running = [...this.values()].filter(({ isOver, hasStarted }) => !isOver && hasStarted);
    const away = [...this.values()].find(({ hasLeft }) => hasLeft);
    if (away !== undefined) return running.length > 0 ? away : undefined;
    return running.length > 1 ? random.pick(running) : undefined;
  }

  /**
   * A barrier comes: while one is away there is none, until the part is over.
   *
   * @returns whether that is so: what is carried over for it is of another time, and the model has but one clock.
   * @throws Violation
   */
  isCutBehindTheEnd(): boolean {
    if (this.areWhole) return false;
    if (!this.commons.isOver) throw new Violation('a checkpoint is taken of a part that one has left');
    return true;
  }

  /**
   * It starts: alone it cannot, until the part is over.
   *
   * @returns whether that is so: the time goes back for it, and not for the others.
   * @throws Violation
   */
  returnsBehindTheEnd({ name, isReturning }: Track): boolean {
    if (!isReturning) return false;
    const goOn = [...this.values()].some((other) => other.name !== name && other.hasStarted && !other.isOver);
    if (goOn && !this.commons.isOver) throw new Violation(`${name} came back to a part that others have gone on with`);
    return goOn;
  }

  /** Whether one is refused because it has come back while others have gone on; it is away again. */
  isSentAway(track: Track, { cause }: RegionRestartError): boolean {
    if (!track.isReturning || cause !== undefined) return false;
    track.isOver = track.hasLeft = true;
    return true;
  }
}
