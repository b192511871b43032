import type { Operator, OperatorFunction as RxjsOperatorFunction, Subscriber } from 'rxjs';
import { Observable as RxjsObservable } from 'rxjs';

import { markForeign } from '../../checkpoint/protocol/foreignOperators.js';
import type { LiveHandle } from '../../checkpoint/protocol/LiveHandle.js';
import { LIVE } from '../../checkpoint/protocol/LiveHandle.js';
import type { ConnectOptions, Pipeline, PipelineConnection } from '../../checkpoint/protocol/Pipeline.js';
import { PIPELINE } from '../../checkpoint/protocol/Pipeline.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import { MissingUidError } from '../../errors/MissingUidError.js';
import { connectPipeline } from './connectPipeline.js';
import { ConsumerObservable } from './ConsumerSubscriber.js';
import { endedDefinition } from './endedDefinition.js';
import { refuseForeignSubscriber } from './foreignSubscriber.js';
import { NamedDefinition } from './NamedDefinition.js';
import { NodeObservable } from './NodeObservable.js';
import { enterJob, planOf, prefixesOf, statefulWithoutUid } from './Plan.js';
import type { Use } from './sharedStreams.js';
import { noteUsed } from './sharedStreams.js';
import type { Definition, Node, Plan, UidUpgrade } from './Site.js';

declare const CHECKPOINTED: unique symbol;
declare const OPERATOR: unique symbol;

/**
 * An operator that takes part in checkpoints. Usable wherever RxJS takes an operator; in the `pipe` of a
 * `CheckpointedObservable` nothing else is.
 */
interface OperatorFunction<T, R> extends RxjsOperatorFunction<T, R>, Checkpointing<T, R> {}

/** One that takes part in checkpoints, of values that keep their type. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- an alias would not print as RxJS's does
export interface MonoTypeOperatorFunction<T> extends OperatorFunction<T, T> {}

/**
 * What tells an operator of ours from a stock one. It cannot be called, so that in `Step` only one thing can: a function
 * that stands in a `pipe` knows what it is given.
 */
export interface Checkpointing<T, R> {
  readonly [OPERATOR]: (value: T) => R;
}

/** What the `pipe` of a `CheckpointedObservable` takes: our operators, and functions of one pipeline to another. */
export type Step<T, R> = Checkpointing<T, R> | Stage<T, R>;

/**
 * A function of one pipeline to another. Nothing is inferred from the second signature, which is what compilers infer an
 * operator's values from: structure would take `undefined` out of them (decision 0232).
 */
interface Stage<T, R> {
  (source: Observable<T>): Branded<R>;
  (source: never): Branded<R>;
}

/** What tells a checkpointed stream from a plain one; inferring from it alone keeps `undefined` out of the values. */
export interface Branded<R> {
  readonly [CHECKPOINTED]: R;
}

/**
 * RxJS's `toPromise`. Where an Observable of something still unknown is expected, RxJS's own says no more than that there
 * may be `undefined`, and that would be inferred for the values of a `pipe` (decision 0232).
 */
interface ToPromise<T> {
  /** @deprecated Use `firstValueFrom` or `lastValueFrom`. */
  (): Promise<Uninferred<T> | undefined>;
  /** @deprecated Use `firstValueFrom` or `lastValueFrom`. */
  (promiseCtor: typeof Promise): Promise<Uninferred<T> | undefined>;
  /** @deprecated Use `firstValueFrom` or `lastValueFrom`. */
  (promiseCtor: PromiseConstructorLike): Promise<Uninferred<T> | undefined>;
}

/** `T`, which is not inferred from what stands here. TypeScript's `NoInfer` does that too, and stays in all that it prints. */
type Uninferred<T> = [T] extends [infer R extends T] ? R : never;

/**
 * An Observable whose state can be checkpointed: it knows the graph that it stands for. Subscribed directly it behaves
 * as the same pipeline in RxJS does; given to `CheckpointSubject.recover()` it takes part in checkpoints and is
 * restored from them.
 *
 * Its `pipe` takes this library's operators only, because RxJS's own would lose their state silently.
 */
class Observable<T> extends NodeObservable<T> implements Pipeline<T> {
  declare readonly [CHECKPOINTED]: T;
  declare readonly [PIPELINE]: true;
  declare toPromise: ToPromise<T>;
  /** @internal */
  plan: Plan | null = null;

  constructor(readonly definition: Definition<T>) {
    super();
  }

  check(name: string, requireUids: boolean, shared: readonly Pipeline<unknown>[], storage: object): void {
    const plan = planOf(this);
    const unnamed = requireUids ? statefulWithoutUid(plan, prefixesOf(name)) : [];
    if (unnamed.length > 0) throw new MissingUidError(unnamed);
    enterJob(plan);
    noteSaid({ pipeline: this, storage }, shared);
  }

  connectTo(run: Run, options: ConnectOptions<T>): PipelineConnection {
    run.createEnded = ended;
    return connectPipeline(this, run, options);
  }

  recovered(start: (subscriber: Subscriber<T>) => void): RxjsObservable<T> {
    return new ConsumerObservable(start);
  }

  /** @internal */
  followedBy<R>(definition: Definition<R>): Observable<R> {
    return new Observable(definition);
  }

  /** The same node under a uid; `uid()` calls it. A live group keeps its class. */
  renamed(uid: string, upgrade: UidUpgrade | undefined): Observable<T> {
    return new Observable(new NamedDefinition(this.definition, uid, upgrade));
  }

  /**
   * Reached by RxJS's own operators only: the result works as in RxJS, and `recover()` will refuse it. RxJS's
   * ConnectableObservable borrows it from its source.
   */
  override lift<R>(operator?: Operator<T, R>): RxjsObservable<R> {
    const result = new RxjsObservable<R>();
    result.source = this;
    result.operator = operator;
    if (this instanceof Observable) markForeign(result, describe(this.definition));
    return result;
  }

  override pipe(): Observable<T>;
  override pipe<A>(op1: Step<T, A>): Observable<A>;
  override pipe<A, B>(op1: Step<T, A>, op2: Step<A, B>): Observable<B>;
  override pipe<A, B, C>(op1: Step<T, A>, op2: Step<A, B>, op3: Step<B, C>): Observable<C>;
  override pipe<A, B, C, D>(op1: Step<T, A>, op2: Step<A, B>, op3: Step<B, C>, op4: Step<C, D>): Observable<D>;
  override pipe<A, B, C, D, E>(
    op1: Step<T, A>,
    op2: Step<A, B>,
    op3: Step<B, C>,
    op4: Step<C, D>,
    op5: Step<D, E>,
  ): Observable<E>;
  override pipe<A, B, C, D, E, F>(
    op1: Step<T, A>,
    op2: Step<A, B>,
    op3: Step<B, C>,
    op4: Step<C, D>,
    op5: Step<D, E>,
    op6: Step<E, F>,
  ): Observable<F>;
  override pipe<A, B, C, D, E, F, G>(
    op1: Step<T, A>,
    op2: Step<A, B>,
    op3: Step<B, C>,
    op4: Step<C, D>,
    op5: Step<D, E>,
    op6: Step<E, F>,
    op7: Step<F, G>,
  ): Observable<G>;
  override pipe<A, B, C, D, E, F, G, H>(
    op1: Step<T, A>,
    op2: Step<A, B>,
    op3: Step<B, C>,
    op4: Step<C, D>,
    op5: Step<D, E>,
    op6: Step<E, F>,
    op7: Step<F, G>,
    op8: Step<G, H>,
  ): Observable<H>;
  override pipe<A, B, C, D, E, F, G, H, I>(
    op1: Step<T, A>,
    op2: Step<A, B>,
    op3: Step<B, C>,
    op4: Step<C, D>,
    op5: Step<D, E>,
    op6: Step<E, F>,
    op7: Step<F, G>,
    op8: Step<G, H>,
    op9: Step<H, I>,
  ): Observable<I>;
  override pipe<A, B, C, D, E, F, G, H, I>(
    op1: Step<T, A>,
    op2: Step<A, B>,
    op3: Step<B, C>,
    op4: Step<C, D>,
    op5: Step<D, E>,
    op6: Step<E, F>,
    op7: Step<F, G>,
    op8: Step<G, H>,
    op9: Step<H, I>,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- nothing but that takes any operator of ours
    ...rest: Step<any, any>[]
  ): Observable<unknown>;
  override pipe(...steps: Step<unknown, unknown>[]): Observable<unknown> {
    // A stock operator, which JavaScript can pass, makes a plain Observable here: ours take that as well.
    return steps.reduce<RxjsObservable<unknown>>(
      (source, step) => (step as OperatorFunction<unknown, unknown>)(source),
      this,
    ) as Observable<unknown>;
  }
}

void Object.defineProperties(Observable.prototype, {
  [PIPELINE]: { value: true },
  // RxJS's `subscribe` calls them, as it does of Subjects; a function given to its constructor is one more object.
  _subscribe: { value: subscribeDirectly, writable: true },
  _trySubscribe: { value: trySubscribe, writable: true },
});

function subscribeDirectly<T>(this: Observable<T>, subscriber: Subscriber<T>): void {
  const { definition } = this;
  refuseForeignSubscriber(subscriber, definition);
  definition.connect(subscriber, null);
}

function trySubscribe<T>(this: Observable<T>, subscriber: Subscriber<T>): void {
  try {
    subscribeDirectly.call(this, subscriber);
  } catch (error) {
    if (this.definition.throwsOut === true) throw error;
    subscriber.error(error);
  }
}

export { Observable as CheckpointedObservable };
export type { OperatorFunction, OperatorFunction as CheckpointedOperator };

/** @throws TypeError */
function noteSaid(use: Use, shared: readonly unknown[]): void {
  const isShared = (stream: unknown): stream is Node =>
    stream instanceof Observable && stream.definition.shared !== undefined && stream.definition.uid !== undefined;
  if (!Array.isArray(shared) || !shared.every(isShared))
    throw new TypeError(
      "shared has to be an array of shared streams with a uid, e.g. [a$.pipe(shareReplay(1), uid('a'))].",
    );
  const uids = shared.map(({ definition }) => definition.uid);
  const twice = uids.find((uid, i) => uids.indexOf(uid) !== i);
  if (twice !== undefined)
    throw new TypeError(`shared has two streams with the uid '${twice}': only one of them can be meant.`);
  for (const stream of shared) noteUsed(use, stream);
}

/** Names an operator in messages: `scan ('total-delay')`. */
function describe(definition: Definition<never>): string {
  return definition.uid === undefined ? definition.operator : `${definition.operator} ('${definition.uid}')`;
}

/** What a live Observable is restored as that has ended. */
function ended(handle: LiveHandle): Observable<unknown> {
  return Object.assign(new Observable(endedDefinition(handle)), { key: handle.key, [LIVE]: () => handle });
}
