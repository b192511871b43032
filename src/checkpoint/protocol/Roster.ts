/** What can be in a roster: it knows its seat there, and a seat that it has left is not its own any more. */
export interface Seated {
  /** -1 for who was never in one. In one roster at a time. */
  seat: number;
}

/** Fewer seats are not worth closing ranks for. */
const FEW_VACANT = 32;

/**
 * Those who are there, in the order in which they came. Inner pipelines come and go with each value, so both are to cost
 * next to nothing: no hash, and nothing stays behind. (The tables that a Set outgrows by coming and going alone still
 * hold what was in them, and through each other keep garbage alive that is young.)
 */
export class Roster<T extends Seated> implements Iterable<T> {
  private seats: (T | null)[] = [];
  private vacant = 0;
  /** How many have left so far. As long as that is the same, seats are. */
  departures = 0;

  get size(): number {
    return this.seats.length - this.vacant;
  }

  has(member: T): boolean {
    return member.seat >= 0 && this.seats[member.seat] === member;
  }

  add(member: T): void {
    if (this.has(member)) return;
    member.seat = this.seats.length;
    this.seats.push(member);
  }

  /** Whether it was there. */
  delete(member: T): boolean {
    if (!this.has(member)) return false;
    this.departures++;
    const { seats } = this;
    if (member.seat < seats.length - 1) this.vacate(member);
    else {
      // Who came last is the first to leave, as a rule.
      seats.pop();
      if (this.vacant > 0) this.dropVacant();
    }
    member.seat = -1;
    return true;
  }

  private vacate({ seat }: T): void {
    this.seats[seat] = null;
    if (++this.vacant > FEW_VACANT && this.vacant > this.seats.length / 2) this.closeRanks();
  }

  private dropVacant(): void {
    const { seats } = this;
    for (; seats.length > 0 && seats[seats.length - 1] === null; this.vacant--) seats.pop();
  }

  private closeRanks(): void {
    // Into a new array: somebody may be walking along the old one.
    this.seats = this.seats.filter((member) => member !== null);
    this.seats.forEach((member, seat) => (member!.seat = seat));
    this.vacant = 0;
  }

  /** Who leaves meanwhile is passed over; who comes meanwhile may be. */
  *[Symbol.iterator](): Iterator<T> {
    for (const member of this.seats) if (member !== null && this.has(member)) yield member;
  }

  /** Who came last; null if nobody is there. */
  get newest(): T | null {
    return this.seats.at(-1) ?? null;
  }

  /** The number of the seat that whoever comes next will have. */
  get end(): number {
    return this.seats.length;
  }

  /** Those in the seats from this one on. Nobody leaves meanwhile. */
  *from(seat: number): Iterable<T> {
    for (; seat < this.seats.length; seat++) {
      const member = this.seats[seat];
      if (member !== null) yield member!;
    }
  }
}
