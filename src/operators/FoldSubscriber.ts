import type { Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import { freezeSeed } from './base/freezeSeed.js';
import type { Site } from './base/Site.js';
import { SyncSubscriber } from './base/SyncSubscriber.js';

export interface FoldState<A> {
  hasValue: boolean;
  value: A;
  index: number;
}

/** What `scan` and `reduce` have in common: values are folded into a state. They differ in when they emit it. */
export abstract class FoldSubscriber<V, A> extends SyncSubscriber<V, A, FoldState<A>> {
  s: FoldState<A>;

  /** @param seed - the first state, in an array; empty when the first value is to be it. */
  constructor(
    dest: Subscriber<A>,
    site: Site | null,
    private readonly accumulator: (acc: A, value: V, index: number) => A,
    seed: readonly [A?],
  ) {
    super(dest, site);
    freezeSeed(seed[0], site);
    this.s = { hasValue: seed.length > 0, value: seed[0] as A, index: 0 };
  }

  protected fold(value: V): A {
    const { accumulator, s } = this;
    const index = s.index++;
    if (s.hasValue) return (s.value = accumulator(s.value, value, index));
    s.hasValue = true;
    return (s.value = value as unknown as A);
  }

  protected captureState(capture: Capture): FoldState<A> {
    const { hasValue, value, index } = this.s;
    return { hasValue, value: capture.own(value, 'value'), index };
  }

  protected restoreState(state: FoldState<A>, revival: Revival): void {
    this.s = { ...state, value: revival.own(state.value) };
  }
}
