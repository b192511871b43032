import { SyncSubscriber } from './SyncSubscriber.js';

export interface CountingState {
  /** How many values have come: the index of the next one. */
  index: number;
}

/** For operators whose only state is how many values they have had. */
export abstract class CountingSubscriber<T, R> extends SyncSubscriber<T, R, CountingState> {
  s: CountingState = { index: 0 };

  protected captureState(): CountingState {
    return { ...this.s };
  }

  protected restoreState(state: CountingState): void {
    this.s = { ...state };
  }
}
