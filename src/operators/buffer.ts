import type { ObservableInput } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Input } from './base/OperatorCore.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Outlet } from './base/Outlet.js';
import { ForeignOutlet } from './base/Outlet.js';

/**
 * Collects values, and emits them as an array whenever `closingNotifier` emits, and at the end.
 *
 * **Checkpoint:** the values of the open buffer. A checkpointed notifier goes on where it was; any other is subscribed
 * again, and as many of its values are skipped as it had emitted.
 *
 * ```text
 * source    -a-b-%---c---|
 * notifier  ----x-%----x--
 *         buffer(notifier)
 * result    ----y-%----z-(w|)     y: [a, b]   z: [c]   w: []
 * ```
 *
 * @example
 * const batches$ = orders$.pipe(buffer(fromObservable(flush$)));
 * @param closingNotifier - tells when to emit. That it completes changes nothing.
 * @throws errors of the notifier go to the subscriber.
 */
export function buffer<T>(closingNotifier: ObservableInput<unknown>): CheckpointedOperator<T, T[]> {
  return coreOperator<T, T[]>(
    {
      operator: 'buffer',
      endsWithInputs: true,
      create: (dest, site, sources) => new BufferCore<T>(dest, site, sources),
    },
    [closingNotifier],
  );
}

interface BufferState<T> {
  readonly values: readonly T[];
}

class BufferCore<T> extends OperatorCore<T[], { values: T[] }> {
  s: { values: T[] } = { values: [] };

  override onNext(value: unknown, input: number): void {
    if (input === 0) this.s.values.push(value as T);
    else this.emit();
  }

  override passageOf({ index }: Input<unknown>): Outlet<T> | null {
    return index === 0 ? new ForeignOutlet<T, BufferCore<T>>(this, push) : null;
  }

  override onComplete(input: number): void {
    if (input === 1) return;
    // It stays the buffer: a notifier that emits while this one is handled gets it once more, as in RxJS.
    this.out.next(this.s.values);
    this.dest.complete();
  }

  private emit(): void {
    const { values } = this.s;
    this.s.values = [];
    this.out.next(values);
  }

  protected captureState(capture: Capture): BufferState<T> {
    return { values: Object.freeze(this.s.values.map((value, i) => capture.held(value, `values[${i}]`))) };
  }

  protected restoreState({ values }: BufferState<T>, revival: Revival): void {
    this.s = { values: values.map((value) => revival.held(value)) };
  }
}

function push<T>(this: ForeignOutlet<T, BufferCore<T>>, value: T): void {
  this.dest.s.values.push(value);
}
