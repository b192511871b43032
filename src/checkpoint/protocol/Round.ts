/**
 * One round of connecting: parts of the job find their inputs first and open afterwards, in the order in which RxJS
 * would have subscribed them, so that nothing flows before everything is in its place.
 */
export class Round {
  // Each inner pipeline has a round, most of them with one opening: null while there are none (more).
  private first: Opening | null = null;
  private others: Opening[] | null = null;
  /** How often those are among the openings that may be more than once: they open where they are last. */
  private repeated: Map<Opening, number> | null = null;
  private timers: RestoredTimer[] | null = null;
  /** Whether what connects in it has opened, or is about to. */
  isOpen = false;
  /** With which round its overdue timers fire, which is before it opens. */
  private begunWith: Round | null = null;
  private checks: Set<Promise<(() => void) | null>> | null = null;

  /** @param isWithinTurn - whether all that connects is new, and opens before the turn is over in which it does. */
  constructor(readonly isWithinTurn: boolean = false) {}

  /** Whether anything can have happened in it. */
  get hasBegun(): boolean {
    return this.begunWith !== null;
  }

  /** Whether overdue timers fire at the moment. */
  get isFiring(): boolean {
    return this.begunWith?.isOpen === false;
  }

  /** Whether what connects next is the first to open. */
  get isEmpty(): boolean {
    return this.first === null;
  }

  queue(opening: Opening): void {
    if (this.first === null) this.first = opening;
    else if (this.others === null) this.others = [opening];
    else this.others.push(opening);
  }

  /** For what may have been queued before: a shared source opens where its last branch of the round connects. */
  queueAgain(opening: Opening): void {
    // The first one is in no Map while it is alone.
    if (this.first !== null) {
      const repeated = (this.repeated ??= new Map());
      repeated.set(opening, (repeated.get(opening) ?? (opening === this.first ? 1 : 0)) + 1);
    }
    this.queue(opening);
  }

  /**
   * Nothing opens before `check` has come back: with null, or with what tells the pipeline that it cannot be restored.
   * For restored parts that cannot be checked at once, such as a file.
   */
  awaitCheck(check: Promise<(() => void) | null>): void {
    (this.checks ??= new Set()).add(check);
  }

  /** For a round within this one, of what is above a shared part: it opens when this one does. */
  awaitChecksOf(inner: Round): void {
    if (inner.checks === null) return;
    const checks = (this.checks ??= new Set());
    for (const check of inner.checks) checks.add(check);
  }

  /** Waits for all checks, and tells those that failed. */
  async checked(): Promise<void> {
    for (const fail of await Promise.all([...(this.checks ?? [])])) fail?.();
  }

  get hasChecks(): boolean {
    return this.checks !== null;
  }

  queueTimer(timer: RestoredTimer): void {
    (this.timers ??= []).push(timer);
  }

  /** For what should have happened before the checkpoint, by the arguments of today: it comes before all timers. */
  queueOverdue(fire: () => void): void {
    this.queueTimer({ due: -Infinity, serial: 0, arm: () => false, fire });
  }

  /** Timers that came due while nothing ran are the first turns, in the order of their due times; then all opens. */
  open(): void {
    if (!this.isWithinTurn) this.startTimers();
    this.openParts();
  }

  /** For a part that waited while others of its round opened. */
  startTimers(): void {
    startTimers(this.readyTimers());
  }

  openParts(): void {
    this.begunWith ??= this;
    this.isOpen = true;
    const { first } = this;
    if (first === null) return;
    if (this.isLast(first)) first.open();
    if (this.others !== null) for (const opening of this.others) if (this.isLast(opening)) opening.open();
  }

  private isLast(opening: Opening): boolean {
    const left = this.repeated?.get(opening);
    if (left === undefined) return true;
    this.repeated!.set(opening, left - 1);
    return left === 1;
  }

  private readyTimers(begunWith: Round = this): RestoredTimer[] {
    this.begunWith = begunWith;
    const timers = this.timers ?? [];
    this.timers = null;
    for (const opening of [this.first, ...(this.others ?? [])])
      for (const timer of opening?.readyPart?.()?.readyTimers(begunWith) ?? []) timers.push(timer);
    return timers;
  }
}

function startTimers(timers: RestoredTimer[]): void {
  timers.sort((a, b) => (a.due === b.due ? a.serial - b.serial : a.due - b.due));
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
