import type { ObservableInput } from 'rxjs';
import { from } from 'rxjs';

import { OperatorCore } from './base/OperatorCore.js';

interface ResumeNextState {
  /** The next input to subscribe to. */
  next: number;
}

/** What onErrorResumeNext does: one input after the other, however each ends. */
export class ResumeNextCore<R> extends OperatorCore<R, ResumeNextState> {
  s: ResumeNextState = { next: 0 };
  private isStarting = false;
  private isDue = false;

  override get isUnguarded(): boolean {
    return true;
  }

  protected override begin(): void {
    this.startNext();
  }

  // Not the end of an input starts the next, but that it is gone: see `subscribeInput`.

  override onComplete(): void {}

  override onError(): void {}

  protected override subscribeInput(index: number): void {
    const { site } = this;
    if (site === null) {
      super.subscribeInput(index);
      this.inputs[index]!.add(() => this.startNext());
      return;
    }
    site.run.join(() => {
      super.subscribeInput(index);
      this.inputs[index]!.add(() => this.dest.closed || this.startNext());
    });
  }

  private startNext(): void {
    // One that ends while it is being subscribed comes back to the loop, so the stack stays flat.
    this.isDue = true;
    if (this.isStarting) return;
    this.isStarting = true;
    try {
      while (this.isDue) {
        this.isDue = false;
        if (this.s.next >= this.sources.length) return this.dest.complete();
        this.subscribeInput(this.s.next++);
      }
    } finally {
      this.isStarting = false;
    }
  }

  protected captureState(): ResumeNextState {
    return { ...this.s };
  }

  protected override restoreStructure({ next }: ResumeNextState): void {
    this.s = { next };
  }

  protected restoreState(): void {}
}

/** Those that can be subscribed at all: RxJS passes over the others as if they had failed. */
export function subscribable(inputs: readonly unknown[]): ObservableInput<unknown>[] {
  return inputs.filter((input): input is ObservableInput<unknown> => {
    try {
      void from(input as ObservableInput<unknown>);
      return true;
    } catch {
      return false;
    }
  });
}
