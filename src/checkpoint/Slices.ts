import type { TimestampProvider } from 'rxjs';

/** Work that can be interrupted wherever it yields. */
export interface SlicedWork<T> {
  readonly steps: Generator<void, T, void>;
  /** Asked before each slice: work that nobody waits for any more is left. */
  isWanted(): boolean;
  done(result: T): void;
  failed(error: unknown): void;
}

/**
 * Does long work in slices, between which the event loop has a turn, so that timers fire, records flow and pages are
 * drawn meanwhile. What takes no longer than one slice is done at once. Under virtual time, which stands still meanwhile,
 * that is everything, unless `sliceMs` is 0.
 */
export class Slices {
  /** @param nextTask - calls what it is given after the event loop had a turn. */
  constructor(
    private readonly clock: TimestampProvider,
    private readonly sliceMs: number,
    private readonly nextTask: (work: () => void) => void,
  ) {}

  run<T>(work: SlicedWork<T>): void {
    if (!work.isWanted()) {
      work.steps.return(undefined as T);
      return;
    }
    let step: IteratorResult<void, T>;
    try {
      const since = this.clock.now();
      do step = work.steps.next();
      while (step.done !== true && this.clock.now() - since < this.sliceMs);
    } catch (error) {
      return work.failed(error);
    }
    if (step.done === true) work.done(step.value);
    else this.nextTask(() => this.run(work));
  }
}
