import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { Fifo } from './base/Fifo.js';
import { freezeSeed } from './base/freezeSeed.js';
import type { Site } from './base/Site.js';
import type { MergeSnapshot, MergeState } from './mergeInternals.js';
import { MergeCore } from './mergeInternals.js';
import type { ScanStep } from './ScanStep.js';
import { mapScanState } from './ScanStep.js';

/**
 * Accumulates like `scan`, with an accumulator that returns an Observable: whatever comes from it is emitted, and is the
 * next state.
 *
 * **Checkpoint:** the state, the values that wait for a free place, and for each active inner its value and index, the
 * state that it started with, and its own state. A restore calls `accumulator` again for each active inner, with that
 * state: a checkpointed inner goes on where it was; any other is subscribed again, and as many of its values are skipped
 * as it had emitted. In a job the state is frozen: return new objects.
 *
 * ```text
 * source  -1----%-2---|
 *         mergeScan((sum, x) => of(sum + x).pipe(delay(1)), 0)
 * result  --1---%--3--|
 * ```
 *
 * @example
 * const balance$ = bookings$.pipe(mergeScan((balance, booking) => book(balance, booking), 0, 1));
 * @param accumulator - gives what to subscribe to, for the state, the value and its index.
 * @param seed - the first state.
 * @param concurrent - how many inners at a time at most. Default: no limit.
 * @throws what `accumulator` throws, and errors of inners, go to the subscriber.
 */
export function mergeScan<T, R>(
  accumulator: (acc: R, value: T, index: number) => ObservableInput<R>,
  seed: R,
  concurrent: number = Infinity,
): CheckpointedOperator<T, R> {
  const project = ({ acc, value }: ScanStep<R, T>, index: number): ObservableInput<R> => accumulator(acc, value, index);
  return coreOperator<T, R>({
    operator: 'mergeScan',
    outlivesConsumer: true,
    mapState: mapScanState,
    create: (dest, site, sources) => new MergeScanCore(dest, site, sources, project, concurrent, seed),
  });
}

interface MergeScanState<T, R> extends MergeState<T> {
  acc: R;
}

interface MergeScanSnapshot<T, R> extends MergeSnapshot<T, ScanStep<R, T>> {
  readonly acc: R;
}

class MergeScanCore<T, R> extends MergeCore<T, R, ScanStep<R, T>> {
  override s: MergeScanState<T, R>;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    projection: (step: ScanStep<R, T>, index: number) => ObservableInput<R>,
    concurrent: number,
    seed: R,
  ) {
    super(dest, site, sources, projection, concurrent);
    freezeSeed(seed, site);
    this.s = { index: 0, active: 0, waiting: new Fifo(), acc: seed };
  }

  protected override toProject(value: T): ScanStep<R, T> {
    return { acc: this.s.acc, value };
  }

  override onInnerNext(value: unknown): void {
    this.s.acc = value as R;
    this.out.next(value as R);
  }

  protected override captureState(capture: Capture): MergeScanSnapshot<T, R> {
    return { ...super.captureState(capture), acc: capture.own(this.s.acc, 'acc') };
  }

  protected override restoreState(state: MergeScanSnapshot<T, R>, revival: Revival): void {
    super.restoreState(state, revival);
    this.s.acc = revival.own(state.acc);
  }
}
