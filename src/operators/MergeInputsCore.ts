import type { ObservableInput, Subscriber } from 'rxjs';

import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';

interface MergeInputsState {
  /** The next input to subscribe to. */
  next: number;
  active: number;
}

/** What merge and concat do: at most `concurrent` inputs at a time, in their order. */
export class MergeInputsCore<R> extends OperatorCore<R, MergeInputsState> {
  s: MergeInputsState = { next: 0, active: 0 };
  private isStarting = false;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly concurrent: number,
  ) {
    super(dest, site, sources);
  }

  protected override begin(): void {
    this.startMore();
  }

  onNext(value: unknown): void {
    this.dest.next(value as R);
  }

  onComplete(): void {
    this.s.active--;
    this.startMore();
  }

  /** An input is unsubscribed before the next one starts. */
  protected override get unsubscribesFirst(): boolean {
    return true;
  }

  /** Inputs that end at once come back here: the outermost call goes on with the rest, so the stack stays flat. */
  private startMore(): void {
    if (this.isStarting) return;
    const { s, sources, dest } = this;
    this.isStarting = true;
    try {
      while (s.next < sources.length && s.active < this.concurrent && !dest.closed) {
        s.active++;
        this.start(s.next++);
      }
    } finally {
      this.isStarting = false;
    }
    if (s.active === 0 && s.next >= sources.length) dest.complete();
  }

  /** One that starts later, within a turn, opens at once. */
  private start(index: number): void {
    if (this.site === null) this.subscribeInput(index);
    else this.site.run.join(() => this.subscribeInput(index));
  }

  protected captureState(): MergeInputsState {
    return { ...this.s };
  }

  protected restoreState({ next, active }: MergeInputsState): void {
    this.s = { next, active };
  }
}
