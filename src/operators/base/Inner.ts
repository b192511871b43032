import type { Subscriber } from 'rxjs';

import type { Barrier, Participant } from '../../checkpoint/protocol/Participant.js';
import type { Seated } from '../../checkpoint/protocol/Roster.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import type { Scope } from '../../checkpoint/protocol/Scope.js';
import { Lender } from './Lender.js';
import type { Outlet } from './Outlet.js';
import { ForeignOutlet } from './Outlet.js';
import type { Consumer, Site, Upstream } from './Site.js';

/** Whose inner it is: an operator that subscribes to what a projection returns. */
export interface InnerOwner<T> {
  readonly dest: Subscriber<unknown>;
  readonly out: Outlet<unknown>;
  /** Whether values are handed on as they come, and no more. */
  readonly handsOnInnerNext: boolean;
  readonly handsOnInnerError: boolean;
  readonly handsOnInnerComplete: boolean;
  readonly innerUnsubscribesFirst: boolean;
  readonly looksUpValues: boolean;
  onInnerNext(value: unknown, inner?: Inner<T, unknown>): void;
  onInnerError(error: unknown, inner: Inner<T, unknown>): void;
  onInnerComplete(inner?: Inner<T, unknown>): void;
  barrier(barrier: Barrier): void;
}

/** What an operator's inners have in common. Asked of the operator, which is of any class, it would have to be searched for. */
export interface InnersOf<T> {
  readonly core: InnerOwner<T>;
  readonly dest: Subscriber<unknown>;
  readonly out: Outlet<unknown>;
  readonly onNext: InnerOwner<T>['onInnerNext'];
  readonly onComplete: InnerOwner<T>['onInnerComplete'];
  readonly unsubscribesFirst: boolean;
  /** It is torn down. */
  delete(inner: Inner<T, unknown>): boolean;
}

/** The same in a job. */
export interface JobInnersOf<T> extends InnersOf<T> {
  readonly run: Run;
  /** The operator's. */
  readonly site: Site;
  /** One is torn down that has a scope. */
  innerLeft(inner: Inner<T, unknown>, scope: Scope): void;
}

/**
 * What an inner is subscribed with. Its operator has it among its `Inners`, which are left when the consumer is. Without a
 * constructor: one that more than four classes go through stores each field by a search (decision 0310).
 */
export abstract class Inner<T, V> extends Lender<V> implements Consumer<V>, Seated {
  declare seat: number;
  declare protected home: InnersOf<T>;
  declare index: number;
  /** The outer value that it was projected from; outside of a job only for who `looksUpValues`. */
  declare value: T;
  // Few inners have these, and a field that is set in the constructor costs all of them (decision 0260).
  /** Set by operators that want its first value only, while that is handled. */
  isSpent?: boolean;
  /** Whether it is a teardown of the consumer's itself, see `Inners`. */
  hasPlace?: boolean;
  upstream?: Upstream | null;
  /** Of one that becomes a part of the job when somebody asks who takes part. */
  enlist?(): void;

  override unsubscribe(): void {
    if (this.closed) return;
    try {
      super.unsubscribe();
    } finally {
      this.left();
    }
  }

  protected left(): void {
    this.home.delete(this);
  }

  barrier(barrier: Barrier): void {
    this.home.core.barrier(barrier);
  }

  get outlet(): Outlet<V> {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called as methods of the outlet
    return new ForeignOutlet<V, Inner<T, V>>(this, this.home.core.handsOnInnerNext ? Inner.passOn : Inner.handIn);
  }

  protected get passage(): Outlet<unknown> | null {
    const { core, out } = this.home;
    return core.handsOnInnerNext ? out : null;
  }

  /** What `next` of an operator does that hands on what comes, two calls nearer. */
  private static passOn<T, V>(this: ForeignOutlet<V, Inner<T, V>>, value: V): void {
    const inner = this.dest;
    if (inner.isStopped) inner.next(value);
    else inner.home.out.next(value);
  }

  /** What `next` does, one call nearer. */
  private static handIn<T, V>(this: ForeignOutlet<V, Inner<T, V>>, value: V): void {
    const inner = this.dest;
    if (inner.isStopped) return inner.next(value);
    const { home } = inner;
    try {
      home.onNext.call(home.core, value, inner);
    } catch (error) {
      home.dest.error(error);
    }
  }

  override next(value: V): void {
    if (this.isStopped) return super.next(value);
    const { home } = this;
    try {
      home.onNext.call(home.core, value, this);
    } catch (error) {
      home.dest.error(error);
    }
  }

  protected override _error(error: unknown): void {
    const { core, dest } = this.home;
    try {
      core.onInnerError(error, this);
    } catch (thrown) {
      // As of an input: see `handsOn`.
      if (core.handsOnInnerError) throw thrown;
      dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    const { home } = this;
    if (home.unsubscribesFirst) this.unsubscribe();
    try {
      home.onComplete.call(home.core, this);
    } catch (thrown) {
      if (home.core.handsOnInnerComplete) throw thrown;
      home.dest.error(thrown);
    } finally {
      this.unsubscribe();
    }
  }
}

/** One that is no part of a job: outside of any, or ended before a barrier can come. */
export class FreeInner<T, V> extends Inner<T, V> {
  constructor(home: InnersOf<T>, index: number, value: T) {
    super();
    this['initialTeardown'] = undefined;
    this.closed = false;
    this['_parentage'] = null;
    this['_finalizers'] = null;
    this.isStopped = false;
    this.destination = home.dest;
    this.seat = -1;
    this.home = home;
    this.index = index;
    this.value = value;
  }
}

/** An inner in a job. */
export abstract class JobInner<T, V> extends Inner<T, V> {
  declare protected home: JobInnersOf<T>;
  /** What belongs to it. Made when somebody asks for it: most inners end before. */
  madeScope?: Scope;
  /** What stands in the job for one that is its own source. */
  protected part?: Participant;

  get site(): Site {
    return this.home.site;
  }

  get scope(): Scope {
    const { site, index } = this;
    return (this.madeScope ??= site.scope.inner(site, index));
  }

  protected enlistPart(part: Participant): void {
    this.part = part;
    this.home.run.enlist(part);
  }

  protected override left(): void {
    const { home, madeScope, part } = this;
    if (part !== undefined) home.run.unregister(part);
    if (madeScope === undefined) home.delete(this);
    else home.innerLeft(this, madeScope);
  }
}

/** One that is a node of the graph, with participants of its own. */
export class NodeInner<T, V> extends JobInner<T, V> {
  isConnecting?: boolean;

  constructor(home: JobInnersOf<T>, index: number, value: T) {
    super();
    this['initialTeardown'] = undefined;
    this.closed = false;
    this['_parentage'] = null;
    this['_finalizers'] = null;
    this.isStopped = false;
    this.destination = home.dest;
    this.seat = -1;
    this.home = home;
    this.index = index;
    this.value = value;
  }

  /** While it connects, what lives on above it cannot be counted yet. */
  protected override left(): void {
    if (this.isConnecting !== true) super.left();
  }
}
