import type { Observable, OperatorFunction } from 'rxjs';
import { Subscriber } from 'rxjs';

import type { Capture } from '../../checkpoint/protocol/Capture.js';
import type { Barrier } from '../../checkpoint/protocol/Participant.js';
import type { Revival } from '../../checkpoint/protocol/Revival.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot } from '../../checkpoint/protocol/Snapshot.js';
import type { MapState } from '../../checkpoint/protocol/Upgrade.js';
import { ArgumentChangedError } from '../../errors/ArgumentChangedError.js';
import { BareSubscriber } from './BareSubscriber.js';
import type { CheckpointedOperator } from './CheckpointedObservable.js';
import { connectOutside } from './connectOutside.js';
import type { JobInnersOf } from './Inner.js';
import type { LateDefinition, LateInner, LateOperator } from './LateInner.js';
import { lift } from './lift.js';
import { NodeObservable } from './NodeObservable.js';
import type { Borrower, Outlet } from './Outlet.js';
import { borrowOutlet } from './Outlet.js';
import type { Consumer, Definition, Node, Site, Upstream } from './Site.js';
import { readBack } from './readBack.js';

/**
 * An operator that has one input and answers each value at once: what it does with a value, its arguments and its state.
 * All such operators run in the same class, `SyncSubscriber`, as which `next` and `finish` are called.
 */
export interface SyncOperator<T, R, S, A> {
  /** The operator's name in RxJS. */
  readonly operator: string;
  /** Set by operators that do something else in a job: freeze what they were given, say. */
  readonly differsInJobs?: boolean;
  /** Set by what is no operator in RxJS: see `Definition`. */
  readonly throwsOut?: boolean;
  /** Not called any more once the subscriber has stopped. */
  readonly next: (this: SyncSubscriber<T, R, S, A>, value: T) => void;
  /** Emits what is left when the source has completed. */
  finish?(this: SyncSubscriber<T, R, S, A>): void;
  /** What it does with an error of the source, other than to hand it on. */
  failed?(this: SyncSubscriber<T, R, S, A>, error: unknown): void;
  /** The same with the end. */
  ended?(this: SyncSubscriber<T, R, S, A>): void;
  /** What it notes of the end before that, also of one whose teardown throws. */
  ending?(this: SyncSubscriber<T, R, S, A>): void;
  /** Whether `ended` comes after what is above was torn down: what that throws is the source's then. */
  readonly unsubscribesFirst?: boolean;
  /** The snapshot of a state. Values of the user's go through `capture`. */
  capture(state: S, capture: Capture): unknown;
  /** Reaches what is a user's in a snapshot, for migrations. */
  readonly mapState?: MapState;
  /** The state that `capture` gave a snapshot of. `initial` is the one at the start. */
  restore(snapshot: never, revival: Revival, initial: S): S;
  /** Why the restored state cannot be gone on from with the arguments of now; null when it can. */
  refusal?(state: S, args: A): string | null;
  /**
   * Does what is due already with the arguments of now, which may be others than at the checkpoint. Called when a restored
   * job opens, before the inputs do.
   */
  overdue?(this: SyncSubscriber<T, R, S, A>): void;
}

/**
 * Runs a `SyncOperator`. One class for all of them, with `next` as a field: what hands values to it finds the method
 * without a search, however many operators a process uses (decision 0031). It keeps all of the operator's state in one
 * field, `s` (an object of fixed shape, or a number), so that whoever runs it can put another state there.
 */
export class SyncSubscriber<T, R, S, A> extends BareSubscriber<T> implements Consumer<T>, LateOperator, Borrower<R> {
  /** RxJS forgets its `destination` on unsubscribe, and its type knows no barrier: a field of our own. */
  readonly dest: Consumer<R>;
  /** Where values go: into `dest`. */
  out: Outlet<R>;
  readonly args: A;
  s: S;
  seat = -1;

  constructor(
    dest: Subscriber<R>,
    /** Null outside of a job, and until it takes part. */
    public site: Site | null,
    private readonly operator: SyncOperator<T, R, S, A>,
    args: A,
    init: (site: Site | null) => S,
  ) {
    super();
    this['initialTeardown'] = undefined;
    this.closed = false;
    this['_parentage'] = null;
    this['_finalizers'] = null;
    this.isStopped = false;
    this.destination = dest;
    dest.add(this);
    this.dest = dest as Consumer<R>;
    // What each value needs is side by side: of many subscribers, as those of groups, not all is in the nearest cache.
    this.args = args;
    this.out = borrowOutlet(dest, this);
    this.s = init(site);
    this.next = this.isStopped ? late : operator.next;
  }

  get outlet(): Outlet<T> {
    return this;
  }

  redirect(out: Outlet<R>): void {
    this.out = out;
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
    if (this.seat >= 0) this.site!.run.unregister(this);
    super.unsubscribe();
  }

  protected override _error(error: unknown): void {
    const { operator } = this;
    if (operator.failed === undefined) return super._error(error);
    try {
      operator.failed.call(this, error);
    } catch (thrown) {
      this.dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    const { dest, operator } = this;
    if (operator.ended !== undefined) return this.end();
    if (operator.finish === undefined) return super._complete();
    try {
      operator.finish.call(this);
      dest.complete();
    } catch (error) {
      this.fail(error);
    } finally {
      this.unsubscribe();
    }
  }

  private end(): void {
    const { operator } = this;
    if (operator.unsubscribesFirst === true) {
      operator.ending?.call(this);
      this.unsubscribe();
      // After the teardown RxJS catches nothing.
      return operator.ended!.call(this);
    }
    try {
      operator.ended!.call(this);
    } catch (thrown) {
      this.dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  /** What a teardown throws meanwhile is lost, as in RxJS: there it is told to what has ended. */
  private fail(error: unknown): void {
    try {
      this.dest.error(error);
    } catch {
      // See above.
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

  /** Joins the job in which it is already. */
  takePlace(site: Site): void {
    this.site = site;
    site.run.enlist(this);
  }

  /** Connects in a job. */
  join(site: Site, isStateful: boolean): Upstream | null {
    if (!isStateful) return site.connectInput(0, this);
    if (this.closed) {
      site.connectDead(0);
      return null;
    }
    const snapshot = site.register(this);
    if (snapshot !== undefined && this.operator.overdue !== undefined)
      site.run.connecting.queueOverdue(() => this.catchUp(site));
    const upstream = site.connectInput(0, this);
    if (snapshot !== undefined) this.restore(site, snapshot.state);
    return upstream;
  }

  private restore({ run, name }: Site, snapshot: unknown): void {
    const { operator, args } = this;
    this.s = readBack(name, () => operator.restore(snapshot as never, run.revival, this.s));
    const refusal = operator.refusal?.(this.s, args) ?? null;
    if (refusal !== null) run.claims.problems.push(new ArgumentChangedError(name, refusal));
  }

  private catchUp({ run }: Site): void {
    if (this.isStopped) return;
    run.turn(() => {
      try {
        this.operator.overdue?.call(this);
      } catch (error) {
        this.dest.error(error);
      }
    });
  }
}

/** `next` of an operator that has nothing to do with values. */
export function passOn<T, S, A>(this: SyncSubscriber<T, T, S, A>, value: T): void {
  this.out.next(value);
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
 * @param isStateful - whether it has state to snapshot; asked in jobs only, once.
 */
export function syncOperator<T, R, S, A>(
  operator: SyncOperator<T, R, S, A>,
  args: A,
  init: (site: Site | null) => S,
  isStateful: boolean | (() => boolean) = true,
): CheckpointedOperator<T, R> {
  const apply = (source: Observable<T>): Observable<R> =>
    source instanceof NodeObservable
      ? source.followedBy(
          new OperatorDefinition<T, R, S, A>(source as NodeObservable<T>, isStateful, operator, args, init),
        )
      : lift<T, R>(
          source,
          (dest, lifted) => lifted.subscribe(new SyncSubscriber(dest, null, operator, args, init)),
          operator.throwsOut,
        );
  return apply as OperatorFunction<T, R> as CheckpointedOperator<T, R>;
}

export interface SyncStepOptions {
  /** Whether it does the same outside of a job and ends at once when its source does. Default: true. */
  readonly endsWithSource?: boolean;
  /** Reaches what is a user's in a snapshot, for migrations. */
  readonly mapState?: MapState | null;
}

type Create<T, R, S, A> = (dest: Subscriber<R>, site: Site | null, source: Observable<T>) => SyncSubscriber<T, R, S, A>;

/** The same for a subscriber that does more, or that has to know what it is subscribed to. */
export function syncStep<T, R, S, A>(
  operator: string,
  isStateful: boolean | (() => boolean),
  create: Create<T, R, S, A>,
  options: SyncStepOptions = {},
): CheckpointedOperator<T, R> {
  const apply = (source: Observable<T>): Observable<R> =>
    source instanceof NodeObservable
      ? source.followedBy(
          new StepDefinition<T, R, S, A>(source as NodeObservable<T>, isStateful, operator, create, options),
        )
      : lift<T, R>(source, (dest, lifted) => lifted.subscribe(create(dest, null, lifted)));
  return apply as OperatorFunction<T, R> as CheckpointedOperator<T, R>;
}

/** Projections make them by the million: few fields, and what only a job asks for is found out when it does. */
abstract class SyncDefinition<T, R, S, A> implements Definition<R> {
  constructor(
    protected readonly source: NodeObservable<T>,
    private hasState: boolean | (() => boolean),
  ) {}

  abstract readonly operator: string;
  protected abstract subscriberFor(dest: Subscriber<R>, site: Site | null): SyncSubscriber<T, R, S, A>;

  get inputs(): readonly Node[] {
    return [this.source];
  }

  get isStateful(): boolean {
    if (typeof this.hasState === 'function') this.hasState = this.hasState();
    return this.hasState;
  }

  get endsAtOnce(): boolean {
    return this.source.definition.endsAtOnce === true;
  }

  connect(dest: Subscriber<R>, site: Site | null): Upstream | null {
    const subscriber = this.subscriberFor(dest, site);
    if (site !== null) return subscriber.join(site, this.isStateful);
    connectOutside(this.source, subscriber);
    return null;
  }
}

class OperatorDefinition<T, R, S, A> extends SyncDefinition<T, R, S, A> implements LateDefinition<R> {
  constructor(
    source: NodeObservable<T>,
    hasState: boolean | (() => boolean),
    private readonly definition: SyncOperator<T, R, S, A>,
    private readonly args: A,
    private readonly init: (site: Site | null) => S,
  ) {
    super(source, hasState);
  }

  get operator(): string {
    return this.definition.operator;
  }

  get throwsOut(): boolean {
    return this.definition.throwsOut === true;
  }

  get mapState(): MapState | null {
    return this.definition.mapState ?? null;
  }

  override get endsAtOnce(): boolean {
    return this.definition.differsInJobs !== true && super.endsAtOnce;
  }

  createInner<I>(home: JobInnersOf<I>, index: number, value: I): LateInner<I, unknown> | null {
    if (this.definition.differsInJobs === true) return null;
    return this.late.createInner?.(home, index, value) ?? null;
  }

  connectLate(dest: Subscriber<R>): Subscriber<unknown> {
    return this.late.connectLate!(this.subscriberFor(dest, null));
  }

  private get late(): Partial<LateDefinition<T>> {
    return this.source.definition;
  }

  protected subscriberFor(dest: Subscriber<R>, site: Site | null): SyncSubscriber<T, R, S, A> {
    return new SyncSubscriber(dest, site, this.definition, this.args, this.init);
  }
}

class StepDefinition<T, R, S, A> extends SyncDefinition<T, R, S, A> {
  constructor(
    source: NodeObservable<T>,
    hasState: boolean | (() => boolean),
    readonly operator: string,
    private readonly create: Create<T, R, S, A>,
    private readonly options: SyncStepOptions,
  ) {
    super(source, hasState);
  }

  get mapState(): MapState | null {
    return this.options.mapState ?? null;
  }

  override get endsAtOnce(): boolean {
    return this.options.endsWithSource !== false && super.endsAtOnce;
  }

  protected subscriberFor(dest: Subscriber<R>, site: Site | null): SyncSubscriber<T, R, S, A> {
    return this.create(dest, site, this.source);
  }
}
