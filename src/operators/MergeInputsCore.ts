import type { ObservableInput, Subscriber } from 'rxjs';

import { DEEPEST_NESTING } from './base/nesting.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';

interface MergeInputsState {
  /** The next input to subscribe to. */
  next: number;
  active: number;
}

interface MergeInputsSnapshot extends MergeInputsState {
  /** Not all of the first inputs have opened. */
  readonly isBeginning: boolean;
}

/** What merge and concat do: at most `concurrent` inputs at a time, in their order. */
export class MergeInputsCore<R> extends OperatorCore<R, MergeInputsState> {
  s: MergeInputsState = { next: 0, active: 0 };
  private isBeginning = false;
  private nesting = 0;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly concurrent: number,
  ) {
    super(dest, site, sources);
  }

  protected override begin(): void {
    this.isBeginning = true;
    this.startMore();
    if (this.site === null) this.isBeginning = false;
    else this.queueEndOfBeginning(this.site);
  }

  /** In a job the first inputs are subscribed once all of them have opened: one that ends at once has to wait as well. */
  private queueEndOfBeginning({ run }: Site): void {
    run.connecting.queue({
      open: () => {
        this.isBeginning = false;
        if (this.dest.closed) return;
        run.enter();
        try {
          this.startMore();
        } finally {
          run.leave();
        }
      },
    });
  }

  override onComplete(): void {
    this.s.active--;
    // Those that end at once while the first are started come back to that loop.
    if (!this.isBeginning) this.startMore();
  }

  /** An input is unsubscribed before the next one starts. */
  protected override get unsubscribesFirst(): boolean {
    return true;
  }

  private startMore(): void {
    const { s, sources, dest } = this;
    if (this.nesting === DEEPEST_NESTING) return;
    this.nesting++;
    try {
      while (s.next < sources.length && s.active < this.concurrent && !dest.closed) {
        s.active++;
        this.start(s.next++);
      }
    } finally {
      this.nesting--;
    }
    if (s.active === 0 && s.next >= sources.length) dest.complete();
  }

  /** One that starts later, within a turn, opens at once. */
  private start(index: number): void {
    if (this.site === null) this.subscribeInput(index);
    else this.site.run.join(() => this.subscribeInput(index));
  }

  protected captureState(): MergeInputsSnapshot {
    return { ...this.s, isBeginning: this.isBeginning };
  }

  protected restoreState({ next, active, isBeginning }: MergeInputsSnapshot): void {
    this.s = { next, active };
    this.isBeginning = isBeginning;
    if (isBeginning) this.queueEndOfBeginning(this.site!);
  }
}
