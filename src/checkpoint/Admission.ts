import type { Job } from './Job.js';
import { Round } from './protocol/Round.js';

/** A pipeline that wants to join. */
export interface Arrival {
  readonly name: string;
  /**
   * Attaches it to the job, to be opened with the round.
   *
   * @returns what tells its subscriber of an end that came with the attempt.
   */
  readonly attach: (job: Job, round: Round) => (() => void) | null;
}

/**
 * Lets pipelines into a job. All that have come until now are attached before anything flows: those that share a source
 * and were subscribed in one go miss none of its records, whichever is the first.
 */
export class Admission {
  /** Those that wait, and for which job. */
  private readonly arrivals = new Map<Arrival, Promise<Job>>();
  private admitting: Promise<void> = Promise.resolve();
  private rounds = 0;
  /** Whether it is being decided right now who may join: a checkpoint waits until that is known. */
  isDeciding = false;

  /** @param onStart - called before pipelines open. */
  constructor(private readonly onStart: () => void) {}

  /** Resolves when it was attached and opened; rejects when the job cannot be opened. */
  admit(arrival: Arrival, opening: Promise<Job>): Promise<void> {
    this.arrivals.set(arrival, opening);
    // One round after the other: a part that is shared must not open while those of the round before are checked.
    const admission = this.admitting.then(() => this.startRound(opening));
    this.rounds++;
    const ended = (): void => void this.rounds--;
    this.admitting = admission.then(ended, ended);
    return admission;
  }

  /** Resolves when those that have come until now were attached or refused; null if nobody has to wait. */
  get started(): Promise<void> | null {
    return this.rounds === 0 ? null : this.admitting;
  }

  /** It waits no more. */
  drop(arrival: Arrival): void {
    this.arrivals.delete(arrival);
  }

  private async startRound(opening: Promise<Job>): Promise<void> {
    const job = await opening;
    await job.ready();
    const round = new Round();
    const outcomes: ReturnType<Arrival['attach']>[] = [];
    this.isDeciding = true;
    try {
      for (const arrival of this.arrivedFor(opening, job)) {
        this.arrivals.delete(arrival);
        outcomes.push(arrival.attach(job, round));
      }
      outcomes.push(...job.decide());
    } finally {
      this.isDeciding = false;
    }
    if (round.hasChecks) await round.checked();
    if (job.isRunning) {
      this.onStart();
      job.open(round);
    }
    for (const tell of outcomes) tell?.();
  }

  /** In the order in which they came, but those first that the checkpoint has: what they share is theirs, and who is new joins them. */
  private arrivedFor(opening: Promise<Job>, job: Job): Arrival[] {
    const arrived = [...this.arrivals].flatMap(([arrival, goal]) => (goal === opening ? [arrival] : []));
    const isKnown = ({ name }: Arrival): boolean => job.restores(name);
    return [...arrived.filter(isKnown), ...arrived.filter((arrival) => !isKnown(arrival))];
  }
}
