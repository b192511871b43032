import type { Observable, OperatorFunction } from 'rxjs';
import { Subscriber } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Revival } from '../../checkpoint/protocol/Revival.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { MapState } from '../../checkpoint/protocol/Upgrade.js';
import type { CheckpointedOperator } from './CheckpointedObservable.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { connectOutside } from './connectOutside.js';
import { lift } from './lift.js';
import { NodeDefinition } from './NodeDefinition.js';
import type { Outlet } from './Outlet.js';
import { outletInto } from './Outlet.js';
import type { Consumer, Site, Upstream } from './Site.js';

/**
 * An operator that has one input and answers each value at once: what it does with a value, its arguments and its state.
 * All such operators run in the same class, `SyncSubscriber`, as which `next` and `finish` are called.
 */
export interface SyncOperator<T, R, S, A> {
  /** The operator's name in RxJS. */
  readonly operator: string;
  /** Set by operators that freeze what they were given, in a job. */
  readonly freezes?: boolean;
  /** Not called any more once the subscriber has stopped. */
  readonly next: (this: SyncSubscriber<T, R, S, A>, value: T) => void;
  /** Emits what is left when the source has completed. */
  finish?(this: SyncSubscriber<T, R, S, A>): void;
  /** The snapshot of a state. Values of the user's go through `capture`. */
  capture(state: S, capture: Capture): unknown;
  /** Reaches what is a user's in a snapshot, for migrations. */
  readonly mapState?: MapState;
  /** The state that `capture` gave a snapshot of. `initial` is the one at the start. */
  restore(snapshot: never, revival: Revival, initial: S): S;
}

/**
 * Runs a `SyncOperator`. One class for all of them, with `next` as a field: what hands values to it finds the method
 * without a search, however many operators a process uses (decision 0031). It keeps all of the operator's state in one
 * field, `s` (an object of fixed shape, or a number), so that whoever runs it can put another state there.
 */
export class SyncSubscriber<T, R, S, A> extends Subscriber<T> implements Consumer<T>, Participant {
  /** RxJS forgets its `destination` on unsubscribe, and its type knows no barrier: a field of our own. */
  readonly dest: Consumer<R>;
  /** Where values go: into `dest`. */
  readonly out: Outlet<R>;
  s: S;
  seat = -1;

  constructor(
    dest: Subscriber<R>,
    /** Null outside of a job. */
    readonly site: Site | null,
    private readonly operator: SyncOperator<T, R, S, A>,
    readonly args: A,
    init: (site: Site | null) => S,
  ) {
    super(dest);
    this.dest = dest as Consumer<R>;
    this.out = outletInto(dest);
    this.s = init(site);
    this.next = this.isStopped ? late : operator.next;
  }

  get outlet(): Outlet<T> {
    return this;
  }

  override error(error: unknown): void {
    this.next = late;
    super.error(error);
  }

  override complete(): void {
    this.next = late;
    super.complete();
  }

  override unsubscribe(): void {
    this.next = late;
    super.unsubscribe();
  }

  protected override _complete(): void {
    if (this.operator.finish === undefined) return super._complete();
    const { dest } = this;
    try {
      this.operator.finish.call(this);
      dest.complete();
    } catch (error) {
      dest.error(error);
    } finally {
      this.unsubscribe();
    }
  }

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
    return { state: this.operator.capture(this.s, capture) };
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
    if (snapshot !== undefined) this.s = this.operator.restore(snapshot.state as never, site.run.revival, this.s);
    return upstream;
  }
}

/** `next` of what has stopped: reports the value as RxJS does. Being put in the place of `next`, it saves that a check. */
function late<T>(this: Subscriber<T>, value: T): void {
  Subscriber.prototype.next.call(this, value);
}

/**
 * Makes a function to pipe of an operator: it runs alike on plain Observables, outside a job and inside one.
 *
 * @param args - what `next` finds as `this.args`.
 * @param init - gives the state at the start.
 * @param isStateful - whether it has state to snapshot; asked when it gets a place in a graph.
 */
export function syncOperator<T, R, S, A>(
  operator: SyncOperator<T, R, S, A>,
  args: A,
  init: (site: Site | null) => S,
  isStateful: boolean | (() => boolean) = true,
): CheckpointedOperator<T, R> {
  const create = (dest: Subscriber<R>, site: Site | null): SyncSubscriber<T, R, S, A> =>
    new SyncSubscriber(dest, site, operator, args, init);
  return syncStep(operator.operator, isStateful, create, {
    endsWithSource: operator.freezes !== true,
    mapState: operator.mapState ?? null,
  });
}

export interface SyncStepOptions {
  /** Whether it does the same outside of a job and ends at once when its source does. Default: true. */
  readonly endsWithSource?: boolean;
  /** Reaches what is a user's in a snapshot, for migrations. */
  readonly mapState?: MapState | null;
}

/** The same for a subscriber that does more, or that has to know what it is subscribed to. */
export function syncStep<T, R, S, A>(
  operator: string,
  isStateful: boolean | (() => boolean),
  create: (dest: Subscriber<R>, site: Site | null, source: Observable<T>) => SyncSubscriber<T, R, S, A>,
  { endsWithSource = true, mapState = null }: SyncStepOptions = {},
): CheckpointedOperator<T, R> {
  const apply = (source: Observable<T>): Observable<R> => {
    if (!(source instanceof CheckpointedObservable)) {
      return lift<T, R>(source, (dest, lifted) => lifted.subscribe(create(dest, null, lifted)));
    }
    const hasState = typeof isStateful === 'function' ? isStateful() : isStateful;
    const connect = (dest: Subscriber<R>, site: Site | null): Upstream | null => {
      const subscriber = create(dest, site, source);
      if (site !== null) return subscriber.join(site, hasState);
      connectOutside<T>(source as CheckpointedObservable<T>, subscriber);
      return null;
    };
    const endsAtOnce = endsWithSource && source.definition.endsAtOnce === true;
    return new CheckpointedObservable<R>(
      new NodeDefinition(operator, hasState, [source], connect, endsAtOnce, false, null, mapState),
    );
  };
  return apply as OperatorFunction<T, R> as CheckpointedOperator<T, R>;
}
