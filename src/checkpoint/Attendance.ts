import { DuplicateUidError } from '../errors/DuplicateUidError.js';
import type { Participant } from './protocol/Participant.js';
import type { Roster } from './protocol/Roster.js';

/**
 * Who was there when a pipeline began to connect, and who has come with it. Names are not asked for again as long as nobody
 * leaves: of thousands of pipelines that start together each looks at its own.
 */
export class Attendance {
  private readonly known = new Set<string>();
  private departures = -1;
  /** Up to this one they are known. */
  private seats = 0;

  constructor(private readonly roster: Roster<Participant>) {}

  /** Takes down the names of all that are there now. */
  take(): ReadonlySet<string> {
    const { roster, known } = this;
    if (roster.departures !== this.departures) {
      known.clear();
      this.seats = 0;
      this.departures = roster.departures;
    }
    for (const { name } of roster.from(this.seats)) known.add(name);
    this.seats = roster.end;
    return known;
  }

  /** All that start together have come: a job may have very many participants, whose names nobody needs until then. */
  forget(): void {
    this.known.clear();
    this.departures = -1;
  }

  /**
   * The names of those who have come since.
   *
   * @throws DuplicateUidError
   */
  newcomers(): readonly string[] {
    const { roster, known, seats } = this;
    const names = new Set<string>();
    const isSettled = roster.departures === this.departures;
    for (const participant of roster.from(isSettled ? seats : 0)) {
      const { name } = participant;
      const isKnown = known.has(name);
      if (names.has(name) || (isSettled && isKnown)) throw new DuplicateUidError(name, 'two-nodes');
      names.add(name);
      // What takes part through those who were there before has come before as well.
      if (!isKnown) participant.enlist?.();
    }
    return isSettled ? [...names] : [...names].filter((name) => !known.has(name));
  }
}
