import type { ObservableInput, ObservedValueOf, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { freezeSeed } from './base/freezeSeed.js';
import type { Site } from './base/Site.js';
import type { ScanStep } from './ScanStep.js';
import { mapScanState } from './ScanStep.js';
import type { SwitchSnapshot, SwitchState } from './switchInternals.js';
import { SwitchCore } from './switchInternals.js';

/**
 * Accumulates like `scan`, with an accumulator that returns an Observable: whatever comes from the latest one is emitted,
 * and is the next state.
 *
 * **Checkpoint:** the state, the active inner's value, index and the state that it started with, and its own state. A
 * restore calls `accumulator` again for it, with that state: a checkpointed inner goes on where it was; any other is
 * subscribed again, and as many of its values are skipped as it had emitted. In a job the state is frozen: return new
 * objects.
 *
 * ```text
 * source  -1----%-2---|
 *         switchScan((sum, x) => of(sum + x).pipe(delay(1)), 0)
 * result  --1---%--3--|
 * ```
 *
 * @example
 * const page$ = moves$.pipe(switchScan((page, move) => fetchPage(page.number + move), firstPage));
 * @param accumulator - gives what to subscribe to, for the state, the value and its index.
 * @param seed - the first state.
 * @throws what `accumulator` throws, and errors of inners, go to the subscriber.
 */
export function switchScan<T, R, O extends ObservableInput<unknown>>(
  accumulator: (acc: R, value: T, index: number) => O,
  seed: R,
): CheckpointedOperator<T, ObservedValueOf<O>> {
  const project = ({ acc, value }: ScanStep<R, T>, index: number): O => accumulator(acc, value, index);
  return coreOperator<T, ObservedValueOf<O>>({
    operator: 'switchScan',
    outlivesConsumer: true,
    mapState: mapScanState,
    create: (dest, site, sources) => new SwitchScanCore<T, R, ObservedValueOf<O>>(dest, site, sources, project, seed),
  });
}

interface SwitchScanState<A> extends SwitchState {
  acc: A;
}

interface SwitchScanSnapshot<T, A> extends SwitchSnapshot<ScanStep<A, T>> {
  readonly acc: A;
}

class SwitchScanCore<T, A, R> extends SwitchCore<T, R, ScanStep<A, T>> {
  override s: SwitchScanState<A>;

  constructor(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    projection: (step: ScanStep<A, T>, index: number) => ObservableInput<unknown>,
    seed: A,
  ) {
    super(dest, site, sources, projection);
    freezeSeed(seed, site);
    this.s = { index: 0, acc: seed };
  }

  protected override toProject(value: T): ScanStep<A, T> {
    return { acc: this.s.acc, value };
  }

  override onInnerNext(value: unknown): void {
    this.s.acc = value as A;
    this.out.next(value as R);
  }

  protected override captureState(capture: Capture): SwitchScanSnapshot<T, A> {
    return { ...super.captureState(capture), acc: capture.own(this.s.acc, 'acc') };
  }

  protected override restoreState(state: SwitchScanSnapshot<T, A>, revival: Revival): void {
    super.restoreState(state, revival);
    this.s.acc = revival.own(state.acc);
  }
}
