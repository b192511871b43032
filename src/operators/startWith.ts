import type { Observable, ObservableInput, SchedulerLike, Subscriber, ValueFromArray } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { lift } from './base/lift.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import { popScheduler } from './base/trailingArguments.js';
import { mergeScheduled } from './mergeScheduled.js';

/**
 * Emits the given values before those of the source.
 *
 * **Checkpoint:** how many of them were emitted. A restore emits the rest only, so none is repeated.
 *
 * ```text
 * source  ---a-%-b-|
 *         startWith(x)
 * result  x--a-%-b-|
 * ```
 *
 * @example
 * const total$ = sums$.pipe(startWith(0));
 * @param values - to emit first.
 */
export function startWith<T>(value: null): CheckpointedOperator<T, T | null>;
export function startWith<T>(value: undefined): CheckpointedOperator<T, T | undefined>;
/** @deprecated Use `scheduled` and `concatAll` of rxjs instead of a scheduler. */
export function startWith<T, A extends readonly unknown[] = T[]>(
  ...valuesAndScheduler: [...A, SchedulerLike]
): CheckpointedOperator<T, T | ValueFromArray<A>>;
export function startWith<T, A extends readonly unknown[] = T[]>(
  ...values: A
): CheckpointedOperator<T, T | ValueFromArray<A>>;
export function startWith<T>(...values: unknown[]): CheckpointedOperator<T, unknown> {
  const prefix = [...values];
  const scheduler = popScheduler(prefix);
  if (scheduler === undefined) {
    return coreOperator<T, unknown>({
      operator: 'startWith',
      endsWithInputs: true,
      create: (dest, site, sources) => new StartWithCore(dest, site, sources, prefix),
    });
  }
  const apply = (source: Observable<T>): Observable<unknown> => {
    const prefixed = (input: Observable<T>): Observable<unknown> =>
      mergeScheduled('startWith', [prefix, input], 1, scheduler);
    if (source instanceof CheckpointedObservable) return prefixed(source);
    return lift<T, unknown>(source, (dest, lifted) => void prefixed(lifted).subscribe(dest));
  };
  return apply as CheckpointedOperator<T, unknown>;
}

interface StartWithState {
  emitted: number;
}

class StartWithCore extends OperatorCore<unknown, StartWithState> {
  s: StartWithState = { emitted: 0 };
  private isBeginning = false;
  private hasEndedAtOnce = false;

  constructor(
    dest: Subscriber<unknown>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly prefix: readonly unknown[],
  ) {
    super(dest, site, sources);
  }

  protected override needsOpening(): boolean {
    return this.s.emitted < this.prefix.length;
  }

  protected override onOpen(): void {
    const { prefix, dest, s, site } = this;
    while (s.emitted < prefix.length && !dest.closed) {
      // Each value is a turn of its own, unless we were opened within one.
      site?.run.enter();
      try {
        dest.next(prefix[s.emitted++]);
      } finally {
        site?.run.leave();
      }
    }
  }

  protected override begin(): void {
    if (this.dest.closed) return;
    this.isBeginning = true;
    super.begin();
    this.isBeginning = false;
    if (this.hasEndedAtOnce) this.dest.complete();
  }

  override onComplete(): void {
    if (this.isBeginning) this.hasEndedAtOnce = true;
    else this.dest.complete();
  }

  /** As in `concat`. */
  protected override get unsubscribesFirst(): boolean {
    return true;
  }

  protected captureState(): StartWithState {
    return { ...this.s };
  }

  protected override restoreStructure({ emitted }: StartWithState): void {
    this.s = { emitted };
  }

  protected restoreState(): void {}
}
