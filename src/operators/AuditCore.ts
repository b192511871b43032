import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import type { Inner } from './base/Inner.js';
import type { Duration } from './DurationCore.js';
import { DurationCore } from './DurationCore.js';

/** What audit and auditTime do: the first value starts a duration, the latest is emitted at its end. */
class AuditCore<T> extends DurationCore<T> {
  override onNext(value: T): void {
    this.hold(value);
    if (this.running === null) this.startDuration(value);
  }

  override innerStarted(inner: Inner<T, unknown>): void {
    this.running = inner;
  }

  onInnerNext(): void {
    this.leaveDuration();
    if (this.s.hasValue) {
      const value = this.release();
      this.out.next(value);
    }
    this.completeIfDone();
  }

  onInnerComplete(): void {
    this.running = null;
    this.completeIfDone();
  }

  override onComplete(): void {
    if (!this.s.hasValue || this.running === null || this.running.closed) this.dest.complete();
  }

  private completeIfDone(): void {
    if (this.isInputDone(0)) this.dest.complete();
  }
}

export function auditFor<T>(operator: string, duration: Duration<T>): CheckpointedOperator<T, T> {
  return coreOperator<T, T>({
    operator,
    outlivesConsumer: true,
    create: (dest, site, sources) => new AuditCore<T>(dest, site, sources, duration),
  });
}
