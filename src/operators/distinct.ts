import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Leaves out values that there were before.
 *
 * **Checkpoint:** all keys so far, since `flushes` emitted last. They grow with the source, and so does each checkpoint.
 * A restore repeats nothing as long as keys are primitive. A key that is an object comes back as a copy, which is
 * another key: give a `keySelector` that picks something primitive.
 *
 * ```text
 * source  -1-2-1-%-1-3-|
 *         distinct()
 * result  -1-2---%---3-|
 * ```
 *
 * @example
 * const aircraft$ = positions$.pipe(distinct((position) => position.icao24));
 * @param keySelector - what to know values by; themselves by default.
 * @param flushes - forgets all keys whenever it emits.
 * @throws what `keySelector` throws goes to the subscriber as an error, and so does an error of `flushes`.
 */
export function distinct<T, K>(
  keySelector?: (value: T) => K,
  flushes?: ObservableInput<unknown>,
): MonoTypeOperatorFunction<T> {
  let selector = itself;
  if (keySelector) selector = keySelector as KeySelector;
  if (flushes) {
    return coreOperator<T, T>(
      {
        operator: 'distinct',
        mapState: keeping.mapState,
        endsWithInputs: true,
        create: (dest, site, sources) => new DistinctCore(dest, site, sources, selector),
      },
      [flushes],
    );
  }
  return syncOperator(
    distinctOperator as SyncOperator<T, T, Set<unknown>, KeySelector>,
    selector,
    () => new Set<unknown>(),
  );
}

type KeySelector = (value: unknown) => unknown;

interface DistinctSnapshot {
  readonly keys: Set<unknown>;
}

const keeping = {
  capture: (keys: Set<unknown>, capture: Capture): DistinctSnapshot => ({ keys: capture.held(keys, 'keys') }),
  restore: ({ keys }: DistinctSnapshot, revival: Revival): Set<unknown> => revival.held(keys),
  /** A user knows the keys, one by one. */
  mapState: ({ keys }: DistinctSnapshot, map: (key: unknown) => unknown): DistinctSnapshot => ({
    keys: new Set(Array.from(keys, map)),
  }),
};

const distinctOperator: SyncOperator<unknown, unknown, Set<unknown>, KeySelector> = {
  operator: 'distinct',
  ...keeping,
  next(value) {
    const { s: keys, args: keySelector } = this;
    try {
      const key = keySelector(value);
      if (keys.has(key)) return;
      keys.add(key);
      this.out.next(value);
    } catch (error) {
      this.dest.error(error);
    }
  },
};

class DistinctCore extends OperatorCore<unknown, Set<unknown>> {
  s = new Set<unknown>();

  constructor(
    dest: Subscriber<unknown>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly keySelector: KeySelector,
  ) {
    super(dest, site, sources);
  }

  override onNext(value: unknown, input: number): void {
    if (input !== 0) return this.s.clear();
    const { keySelector } = this;
    const key = keySelector(value);
    if (this.s.has(key)) return;
    this.s.add(key);
    this.dest.next(value);
  }

  protected captureState(capture: Capture): DistinctSnapshot {
    return keeping.capture(this.s, capture);
  }

  protected restoreState(state: DistinctSnapshot, revival: Revival): void {
    this.s = keeping.restore(state, revival);
  }
}

function itself(value: unknown): unknown {
  return value;
}
