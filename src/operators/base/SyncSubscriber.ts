import type { Observable, OperatorFunction } from 'rxjs';
import { Subscriber } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Revival } from '../../checkpoint/protocol/Revival.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { CheckpointedOperator } from './CheckpointedObservable.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { lift } from './lift.js';
import type { Consumer, Site, Upstream } from './Site.js';

/**
 * The base of operators that have one input and answer each value at once. A subclass overrides `next` (and
 * `_complete`), and keeps all of its state in one cell, `s`, so that whoever runs it can put another cell there.
 *
 * `next` starts with the check that `Subscriber.next` makes, since it replaces that: `late` reports values that come
 * after the end as RxJS does. It is a call of its own to keep `next` small enough to be inlined.
 */
export abstract class SyncSubscriber<T, R, S> extends Subscriber<T> implements Consumer<T>, Participant {
  /** RxJS forgets its `destination` on unsubscribe, and its type knows no barrier: a field of our own. */
  protected readonly dest: Consumer<R>;

  abstract s: S;

  constructor(
    dest: Subscriber<R>,
    /** Null outside of a job. */
    protected readonly site: Site | null,
  ) {
    super(dest);
    this.dest = dest as Consumer<R>;
  }

  protected late(value: T): void {
    super.next(value);
  }

  /** Hands over the cell. Values of the user's go through `capture`. */
  protected abstract captureState(capture: Capture): S;

  /** Takes back what `captureState` gave. */
  protected abstract restoreState(state: S, revival: Revival): void;

  get name(): string {
    return this.site!.name;
  }

  get scope(): Scope {
    return this.site!.scope;
  }

  isRoot(): boolean {
    return false; // It lives as long as its input.
  }

  barrier(barrier: Barrier): void {
    barrier.acknowledge(this);
    this.dest.barrier(barrier);
  }

  stop(): void {
    this.unsubscribe();
  }

  snapshotState(capture: Capture): ParticipantSnapshot {
    return { state: this.captureState(capture) };
  }

  /** Connects in a job. */
  join(site: Site, isStateful: boolean): Upstream | null {
    if (!isStateful) return site.connectInput(0, this);
    if (this.closed) {
      site.connectDead(0);
      return null;
    }
    const snapshot = site.register(this);
    this.add(() => site.run.unregister(this));
    const upstream = site.connectInput(0, this);
    if (snapshot !== undefined) this.restoreState(snapshot.state as S, site.run.revival);
    return upstream;
  }
}

/** What `operator` needs to be piped. */
export interface SyncOperator<T, R> {
  /** The operator's name in RxJS. */
  readonly operator: string;
  /** Whether it has state to snapshot. */
  readonly isStateful: boolean;
  create(dest: Subscriber<R>, site: Site | null): SyncSubscriber<T, R, unknown>;
}

/** Makes an operator of a subscriber class: the same class runs on plain Observables, outside a job and inside one. */
export function syncOperator<T, R>(operator: SyncOperator<T, R>): CheckpointedOperator<T, R> {
  const apply = (source: Observable<T>): Observable<R> => {
    if (!(source instanceof CheckpointedObservable)) {
      return lift<T, R>(source, (dest, lifted) => lifted.subscribe(operator.create(dest, null)));
    }
    return new CheckpointedObservable<R>({
      operator: operator.operator,
      isStateful: operator.isStateful,
      inputs: [source],
      connect(dest, site) {
        const subscriber = operator.create(dest, site);
        if (site !== null) return subscriber.join(site, operator.isStateful);
        source.subscribe(subscriber);
        return null;
      },
    });
  };
  return apply as OperatorFunction<T, R> as CheckpointedOperator<T, R>;
}
