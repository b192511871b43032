import type { SchedulerLike, Subscriber, Subscription } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import type { SourcePosition } from '../checkpoint/protocol/SourcePosition.js';
import { ReplayTooShortError } from '../errors/ReplayTooShortError.js';
import { EmittingSource } from '../operators/base/EmittingSource.js';
import type { Site } from '../operators/base/Site.js';
import type { Slice } from './Slice.js';

/** The items of an array in a job. Its position is the index of the next item. */
export class ArraySource<T> extends EmittingSource<T> {
  private index = 0;
  private pending: Subscription | null = null;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly array: ArrayLike<T>,
    /** Yields to the event loop between slices; null to emit all at once. */
    private readonly slice: Slice | null,
    private readonly scheduler: SchedulerLike = asyncScheduler,
  ) {
    super(dest, site);
  }

  snapshotState(): ParticipantSnapshot {
    const position: SourcePosition = { offset: this.index, recordsAfterOffset: 0 };
    return { state: null, position };
  }

  protected restore(snapshot: Snapshot): void {
    const { offset } = snapshot.position as SourcePosition;
    if (offset > this.array.length) throw new ReplayTooShortError(this.name, offset, this.array.length);
    this.index = offset;
  }

  start(): void {
    this.pending = null;
    const { array, dest, slice, run } = this;
    slice?.begin();
    // Entered once for all records: each is a turn of its own because the barrier is let in between two of them, unless
    // the source was opened within a turn.
    run.enter();
    try {
      do {
        this.emitUpTo(slice === null ? array.length : Math.min(this.index + slice.batch, array.length));
      } while (this.index < array.length && !this.isHalted && slice?.isOver() === false);
    } finally {
      run.leave();
    }
    if (dest.closed) return;
    if (this.index >= array.length) this.complete();
    else if (!this.isPaused) this.schedule();
  }

  private emitUpTo(end: number): void {
    const { array, run } = this;
    let { index } = this;
    try {
      while (index < end && !this.isHalted) {
        // While a barrier cannot start yet, another look after each record.
        const interruptions = run.barrierWanted ? -1 : run.interruptions;
        do this.out.next(array[index++] as T);
        while (index < end && run.interruptions === interruptions);
        if (!run.barrierWanted) continue;
        this.index = index;
        run.betweenRecords();
      }
    } finally {
      this.index = index;
    }
  }

  override pause(): void {
    if (this.slice !== null) super.pause();
  }

  override resume(): void {
    if (this.slice !== null) super.resume();
  }

  protected resumed(): void {
    if (this.pending === null) this.schedule();
  }

  protected stopped(): void {
    this.pending?.unsubscribe();
  }

  private schedule(): void {
    if (!this.dest.closed) this.pending = this.scheduler.schedule(() => this.start());
  }
}
