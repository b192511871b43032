import type { Observable, ObservableInput, RepeatConfig, Subscriber } from 'rxjs';
import { EMPTY } from 'rxjs';

import { arrayNode } from '../sources/arrayNode.js';
import { DelayedAttempts } from './DelayedAttempts.js';
import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { CoreDefinition } from './base/coreOperator.js';
import { coreOperator } from './base/coreOperator.js';
import type { Site } from './base/Site.js';
import { repeating, Resubscribing } from './Resubscribing.js';

/**
 * Subscribes to the source again when it completes.
 *
 * **Checkpoint:** how often it has completed, which attempt runs, its state, and a delay that is running (a number of
 * ms: when it ends; a notifier: its state). A restore goes on within the attempt.
 *
 * ```text
 * source  -1-|
 *         repeat(2)
 * result  -1--%-1-|
 * ```
 *
 * @example
 * const polled$ = poll$.pipe(repeat({ delay: 10_000 }));
 * @param countOrConfig - how often in all; or `count` and `delay` (ms, or a function that gives a notifier).
 */
export function repeat<T>(countOrConfig?: number | RepeatConfig): MonoTypeOperatorFunction<T> {
  const config: RepeatConfig =
    typeof countOrConfig === 'object' ? (countOrConfig ?? {}) : { count: countOrConfig ?? Infinity };
  const { count = Infinity, delay } = config;
  if (count <= 0) {
    const nothing = (source: Observable<T>): Observable<T> =>
      source instanceof CheckpointedObservable ? arrayNode<T>('repeat', []) : EMPTY;
    return nothing as CheckpointedOperator<T, T>;
  }
  return coreOperator<T, T>(new RepeatDefinition<T>(count, delay ?? undefined));
}

class RepeatDefinition<T> implements CoreDefinition<T> {
  constructor(
    private readonly count: number,
    private readonly delay: RepeatConfig['delay'],
  ) {}

  get operator(): string {
    return 'repeat';
  }

  get endsWithInputs(): boolean {
    return this.delay === undefined;
  }

  get outlivesConsumer(): boolean {
    return true;
  }

  create(dest: Subscriber<T>, site: Site | null, sources: readonly ObservableInput<unknown>[]): RepeatCore<T> {
    return new RepeatCore(dest, site, sources, this.count, this.delay);
  }

  subscribe(dest: Subscriber<T>, sources: readonly ObservableInput<T>[]): void {
    if (this.delay === undefined) new Resubscribing<T>(dest, sources[0]!, this.count, repeating).begin();
    else this.create(dest, null, sources).connect();
  }
}

class RepeatCore<T> extends DelayedAttempts<T, null> {
  private endedMeanwhile = false;

  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly count: number,
    delay: RepeatConfig['delay'],
  ) {
    super(dest, site, sources, typeof delay === 'function' ? (_reason, attempt) => delay(attempt) : delay);
  }

  override get isUnguarded(): boolean {
    return true;
  }

  override get handsOnInnerComplete(): boolean {
    return true;
  }

  override onComplete(): void {
    // Not the other way round: NaN repeats nothing.
    if (!(++this.s.soFar < this.count)) this.dest.complete();
    else if (this.isSubscribing) this.endedMeanwhile = true;
    else this.repeat();
  }

  protected override onSubscribed(): void {
    if (this.endedMeanwhile) this.repeat();
  }

  protected override endDrained(): void {
    this.dest.complete();
  }

  /** The source is left before the delay begins. */
  private repeat(): void {
    this.endedMeanwhile = false;
    this.inputs[0]?.unsubscribe();
    this.plan(null);
  }
}
