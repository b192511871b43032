import type { ObservableInput, RetryConfig, Subscriber } from 'rxjs';
import { identity } from 'rxjs';

import { DelayedAttempts } from './DelayedAttempts.js';
import type { CheckpointedOperator, MonoTypeOperatorFunction } from './base/CheckpointedObservable.js';
import type { CoreDefinition } from './base/coreOperator.js';
import { coreOperator } from './base/coreOperator.js';
import type { Site } from './base/Site.js';
import { Resubscribing, retrying } from './Resubscribing.js';

/**
 * Subscribes to the source again after an error. As in RxJS, a source starts from its beginning then; to restart from
 * the newest checkpoint instead, put RxJS's `retry` behind `recover()`.
 *
 * **Checkpoint:** the number of errors, which attempt runs, its state, and a delay that is running (a number of ms: when
 * it ends; a notifier: the error, and the notifier's state). A restore goes on within the attempt.
 *
 * ```text
 * source  -1-#
 *         retry(1)
 * result  -1--1-%-#
 * ```
 *
 * @example
 * const prices$ = live$.pipe(retry({ count: 3, delay: 1_000 }));
 * @param configOrCount - how often; or `count`, `delay` (ms, or a function that gives a notifier), `resetOnSuccess`.
 */
export function retry<T>(count?: number): MonoTypeOperatorFunction<T>;
export function retry<T>(config: RetryConfig): MonoTypeOperatorFunction<T>;
export function retry<T>(configOrCount: number | RetryConfig = Infinity): CheckpointedOperator<T, T> {
  const isConfig = typeof configOrCount === 'object' && (configOrCount as RetryConfig | null) !== null;
  const config: RetryConfig = isConfig ? configOrCount : { count: configOrCount as number };
  const { count = Infinity } = config;
  if (count <= 0) return identity as unknown as CheckpointedOperator<T, T>;
  return coreOperator<T, T>(new RetryDefinition<T>(config));
}

class RetryDefinition<T> implements CoreDefinition<T> {
  constructor(private readonly config: RetryConfig) {}

  get operator(): string {
    return 'retry';
  }

  get endsWithInputs(): boolean {
    return this.config.delay == null;
  }

  get outlivesConsumer(): boolean {
    return true;
  }

  create(dest: Subscriber<T>, site: Site | null, sources: readonly ObservableInput<unknown>[]): RetryCore<T> {
    return new RetryCore(dest, site, sources, this.config);
  }

  subscribe(dest: Subscriber<T>, sources: readonly ObservableInput<T>[]): void {
    const { delay, resetOnSuccess, count = Infinity } = this.config;
    if (delay == null && !resetOnSuccess) new Resubscribing<T>(dest, sources[0]!, count, retrying).begin();
    else this.create(dest, null, sources).connect();
  }
}

class RetryCore<T> extends DelayedAttempts<T, unknown> {
  constructor(
    dest: Subscriber<T>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly config: RetryConfig,
  ) {
    super(dest, site, sources, config.delay ?? undefined);
  }

  override onNext(value: unknown): void {
    if (this.config.resetOnSuccess) this.s.soFar = 0;
    this.out.next(value as T);
  }

  override onError(error: unknown): void {
    if (this.s.soFar++ < (this.config.count ?? Infinity)) this.plan(error);
    else this.dest.error(error);
  }

  protected override endDrained(error: unknown): void {
    this.dest.error(error);
  }
}
