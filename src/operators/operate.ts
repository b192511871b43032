import type { Subscriber } from 'rxjs';

import { isName } from '../checkpoint/protocol/isName.js';
import { isPromise } from '../checkpoint/protocol/isPromise.js';
import type { Run } from '../checkpoint/protocol/Run.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { SyncSubscriber, syncStep } from './base/SyncSubscriber.js';

/** Where an operator emits to. */
export type OperatorOutput<R> = Pick<Subscriber<R>, 'next' | 'error' | 'complete' | 'closed'>;

/** What an operator does. */
export interface OperatorBody<T, R> {
  /** Called with each value. Emits into `out` as often as it likes. What it throws is an error of the stream. */
  next(value: T, out: OperatorOutput<R>): void;
  /** Called when the source completes, to emit what is left; `out` completes after it. */
  complete?(out: OperatorOutput<R>): void;
  /** Called at the end, whichever it is: lets go what the body has taken. */
  finalize?(): void;
}

/** What an operator that has state does, in one subscription. */
export interface StatefulOperatorBody<T, R, S> extends OperatorBody<T, R> {
  /**
   * Gives what `restoreState` has to know, or a Promise of it, for which neither the barrier nor the values behind it
   * wait. It is data that does not change any more. Objects are frozen, so that changing one later fails there and then;
   * what a Promise is made of has to be put aside before `snapshotState` returns.
   *
   * @param checkpointId - ascends, also over restarts.
   * @param timestamp - when the checkpoint was triggered, in ms since the epoch.
   */
  snapshotState(checkpointId: number, timestamp: number): S | Promise<S>;
  /**
   * Called before the first value, with what `snapshotState` gave.
   *
   * @param out - for a body that emits by a timer of its own: emits as that of `next` does. What is emitted in here, or
   * before all of the job is back in its place, comes first when the pipeline opens.
   */
  restoreState(state: S, out: OperatorOutput<R>): void;
}

/** An operator with state. */
export interface StatefulOperateOptions<T, R, S> {
  /** The operator's name: for messages, and for its snapshots as long as it has no uid. */
  readonly operator: string;
  /** Makes the body of one subscription. Its state lives in there, and nowhere else. */
  readonly create: () => StatefulOperatorBody<T, R, S>;
}

/** An operator without state, whose body is the same for all subscriptions. */
export interface StatelessOperateOptions<T, R> extends OperatorBody<T, R> {
  /** The operator's name, for messages. */
  readonly operator: string;
}

/**
 * Makes an operator of your own: it works on plain Observables, in pipelines outside a job, and inside one, where it
 * takes part in checkpoints.
 *
 * **Checkpoint:** what `snapshotState` gives; nothing for an operator without `create`. A restore makes a new body and
 * hands that to its `restoreState`; it repeats nothing.
 *
 * ```text
 * source  -1-2-%-3-|
 *         runningMean()
 * result  -1-b-%-2-|      b = 1.5
 * ```
 *
 * @example
 * const runningMean = () => operate<number, number, { sum: number; count: number }>({
 *   operator: 'runningMean',
 *   create: () => {
 *     let state = { sum: 0, count: 0 };
 *     return {
 *       next(value, out) {
 *         state = { sum: state.sum + value, count: state.count + 1 };
 *         out.next(state.sum / state.count);
 *       },
 *       snapshotState: () => state,
 *       restoreState: (restored) => void (state = restored),
 *     };
 *   },
 * });
 * @throws TypeError when `operator` is not a name.
 */
export function operate<T, R, S>(options: StatefulOperateOptions<T, R, S>): CheckpointedOperator<T, R>;
export function operate<T, R>(options: StatelessOperateOptions<T, R>): CheckpointedOperator<T, R>;
export function operate<T, R>(
  options: StatefulOperateOptions<T, R, unknown> | StatelessOperateOptions<T, R>,
): CheckpointedOperator<T, R> {
  const { operator } = options;
  if (!isName(operator))
    throw new TypeError(`An operator needs a name without any of / : [ ] # @, and '${String(operator)}' is none.`);
  const isStateful = 'create' in options;
  const create = isStateful ? options.create : () => options as AnyBody;
  const body = { ...bodyOperator, operator } as unknown as SyncOperator<T, R, BodyState, null>;
  return syncStep<T, R, BodyState, null>(
    operator,
    isStateful,
    (dest, site) => {
      const init = (): BodyState => ({
        body: create(),
        out: site === null ? dest : new TurnOutput(dest, site.run),
        restored: null,
      });
      const subscriber = new SyncSubscriber(dest, site, body, null, init);
      subscriber.add(() => subscriber.s.body.finalize?.());
      return subscriber;
    },
    { endsWithSource: false, mapState: isStateful ? bodyOperator.mapState! : null },
  );
}

type AnyBody = OperatorBody<unknown, unknown> & Partial<StatefulOperatorBody<unknown, unknown, unknown>>;

interface BodyState {
  readonly body: AnyBody;
  readonly out: OperatorOutput<unknown>;
  /** Until the pipeline opens: what the body was restored from, and what it has emitted meanwhile. */
  restored: { readonly state: unknown; readonly output: EarlyOutput<unknown> } | null;
}

interface BodySnapshot {
  readonly state: unknown;
}

const bodyOperator: Omit<SyncOperator<unknown, unknown, BodyState, null>, 'operator'> = {
  next(value) {
    const { body, out } = this.s;
    try {
      body.next(value, out);
    } catch (error) {
      out.error(error);
    }
  },
  finish() {
    const { body, out } = this.s;
    body.complete?.(out);
  },
  // What has not left it would be missing in a checkpoint: until then it is as it was.
  capture({ body, restored }, capture) {
    const state = restored === null ? body.snapshotState!(capture.checkpointId, capture.timestamp) : restored.state;
    const owned = (value: unknown): BodySnapshot => ({ state: capture.own(value, 'state') });
    return isPromise(state) ? Promise.resolve(state).then(owned) : owned(state);
  },
  mapState: ({ state }: BodySnapshot, map) => ({ state: map(state) }),
  restore({ state }: BodySnapshot, revival, initial) {
    const restored = { state: revival.own(state), output: new EarlyOutput(initial.out) };
    initial.body.restoreState!(restored.state, restored.output);
    return { ...initial, restored };
  },
  overdue() {
    const { s } = this;
    const output = s.restored?.output;
    s.restored = null;
    output?.open();
  },
};

/** In a job: what is emitted later than the call that led to it is a turn of its own. */
class TurnOutput<R> implements OperatorOutput<R> {
  constructor(
    private readonly dest: Subscriber<R>,
    private readonly run: Run,
  ) {}

  get closed(): boolean {
    return this.dest.closed;
  }

  next(value: R): void {
    if (this.run.depth > 0) this.dest.next(value);
    else this.run.turn(() => this.dest.next(value));
  }

  error(error: unknown): void {
    if (this.run.depth > 0) this.dest.error(error);
    else this.run.turn(() => this.dest.error(error));
  }

  complete(): void {
    if (this.run.depth > 0) this.dest.complete();
    else this.run.turn(() => this.dest.complete());
  }
}

/** What a restored body emits before all is in its place waits for that. */
class EarlyOutput<R> implements OperatorOutput<R> {
  private waiting: (() => void)[] | null = [];

  constructor(private readonly out: OperatorOutput<R>) {}

  get closed(): boolean {
    return this.out.closed;
  }

  next(value: R): void {
    this.emit(() => this.out.next(value));
  }

  error(error: unknown): void {
    this.emit(() => this.out.error(error));
  }

  complete(): void {
    this.emit(() => this.out.complete());
  }

  private emit(emission: () => void): void {
    if (this.waiting === null) emission();
    else this.waiting.push(emission);
  }

  open(): void {
    const { waiting } = this;
    this.waiting = null;
    for (const emission of waiting ?? []) emission();
  }
}
