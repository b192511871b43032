import type { Observable, ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { Site } from './base/Site.js';
import type { Select } from './mapSpread.js';

type Join = (sources: ObservableInput<unknown>[]) => Observable<unknown>;

interface JoinAllState {
  /** What the source has emitted. It is kept for the restore, which joins it again. */
  readonly sources: unknown[];
}

interface JoinAllSnapshot extends JoinAllState {
  readonly joined: InnersSnapshot<null>;
}

/** Collects the Observables that the source emits, and once it has completed subscribes to all of them, joined. */
class JoinAllCore extends HigherOrderCore<null, unknown, JoinAllState> {
  s: JoinAllState = { sources: [] };
  private isComplete = false;
  private isJoinedDone = false;

  constructor(
    dest: Subscriber<unknown>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly joinInputs: Join,
    private readonly select: Select | undefined,
  ) {
    super(dest, site, sources);
  }

  override onNext(value: unknown): void {
    this.s.sources.push(value);
  }

  override onComplete(): void {
    this.subscribeInner(null, 0);
    this.isComplete = true;
    this.completeIfDone();
    try {
      this.inputs[0]?.unsubscribe();
    } catch {
      // By a teardown. In RxJS `toArray` loses it: it goes to what has ended by then.
    }
  }

  project(): Observable<unknown> {
    const { joinInputs } = this;
    return joinInputs(this.s.sources as ObservableInput<unknown>[]);
  }

  override onInnerNext(value: unknown): void {
    const { select } = this;
    if (select === undefined) return this.dest.next(value);
    const result = select(...(value as unknown[]));
    this.dest.next(result);
  }

  onInnerComplete(): void {
    this.isJoinedDone = true;
    this.completeIfDone();
  }

  override get innerUnsubscribesFirst(): boolean {
    return true;
  }

  private completeIfDone(): void {
    if (this.isComplete && this.isJoinedDone) this.dest.complete();
  }

  protected captureState(capture: Capture): JoinAllSnapshot {
    const sources = this.s.sources.map((source, i) => capture.held(source, `sources[${i}]`));
    Object.freeze(sources);
    return { sources, joined: this.captureInners(capture) };
  }

  protected restoreState({ sources, joined }: JoinAllSnapshot, revival: Revival): void {
    this.s = { sources: sources.map((source) => revival.held(source)) };
    this.isComplete = this.isInputDone(0);
    this.restoreInners(joined);
  }
}

/** What combineLatestAll and zipAll do. */
export function joinAll<T, R>(
  operator: string,
  join: Join,
  project: ((...values: never[]) => R) | undefined,
): CheckpointedOperator<T, R> {
  return coreOperator<T, unknown>({
    operator,
    outlivesConsumer: true,
    create: (dest, site, sources) =>
      new JoinAllCore(dest, site, sources, join, project ? (project as Select) : undefined),
  }) as CheckpointedOperator<T, R>;
}
