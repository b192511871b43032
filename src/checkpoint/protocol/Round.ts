/**
 * One round of connecting: parts of the job find their inputs first and open afterwards, in the order in which RxJS
 * would have subscribed them, so that nothing flows before everything is in its place.
 */
export class Round {
  /** A Set, since a part may be moved to the end: a shared source opens where its last branch of the round connects. */
  private readonly openings = new Set<Opening>();
  // Null while there are none: each inner pipeline has a round.
  private timers: RestoredTimer[] | null = null;
  private checks: Promise<(() => void) | null>[] | null = null;

  queue(opening: Opening): void {
    this.openings.delete(opening);
    this.openings.add(opening);
  }

  /**
   * Nothing opens before `check` has come back: with null, or with what tells the pipeline that it cannot be restored.
   * For restored parts that cannot be checked at once, such as a file.
   */
  awaitCheck(check: Promise<(() => void) | null>): void {
    (this.checks ??= []).push(check);
  }

  /** For a round within this one, of what is above a shared part: it opens when this one does. */
  awaitChecksOf(inner: Round): void {
    if (inner.checks !== null) (this.checks ??= []).push(...inner.checks);
  }

  /** Waits for all checks, and tells those that failed. */
  async checked(): Promise<void> {
    for (const fail of await Promise.all(this.checks ?? [])) fail?.();
  }

  get hasChecks(): boolean {
    return this.checks !== null;
  }

  queueTimer(timer: RestoredTimer): void {
    (this.timers ??= []).push(timer);
  }

  /** Timers that came due while nothing ran are the first turns, in the order of their due times; then all opens. */
  open(): void {
    const timers = this.readyTimers();
    if (timers !== null) startTimers(timers);
    this.openParts();
  }

  openParts(): void {
    for (const opening of this.openings) opening.open();
  }

  private readyTimers(): RestoredTimer[] | null {
    let { timers } = this;
    this.timers = null;
    for (const opening of this.openings) {
      const more = opening.readyPart?.()?.readyTimers();
      if (more) timers = timers === null ? more : [...timers, ...more];
    }
    return timers;
  }
}

function startTimers(timers: RestoredTimer[]): void {
  timers.sort((a, b) => a.due - b.due || a.serial - b.serial);
  // Armed before anything fires, or a timer that firing schedules would come before older ones of the same time.
  const overdue = timers.filter((timer) => !timer.arm());
  for (const timer of overdue) timer.fire();
}

export interface Opening {
  open(): void;
  /** What opens together with it, unless it has to wait for others. */
  readyPart?(): Round | null;
}

export interface RestoredTimer {
  /** In ms of its scheduler. */
  readonly due: number;
  /** Tells the order among timers that are due at the same time. */
  readonly serial: number;
  /** Schedules what is left of it; false when it is overdue. */
  arm(): boolean;
  /** Does nothing once the timer was cancelled. */
  fire(): void;
}
