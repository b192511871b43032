import fc from 'fast-check';
import type { Observable } from 'rxjs';

import type { Value } from './InputSpec.js';
import type { Library } from './Library.js';

/** What a pipeline under test is built on. */
export interface Stage {
  readonly source: Observable<Value>;
  /** Two further inputs, for operators that combine. */
  readonly others: readonly [Observable<Value>, Observable<Value>];
  /** What a projection returns for its value number `index`. */
  readonly inner: (value: unknown, index: number) => Observable<Value>;
  /** The same, for projections that hand out live Observables of it: in a job always checkpointed. */
  readonly pipedInner: (value: unknown, index: number) => Observable<Value>;
  /** Emits nothing and completes after so many frames: keeps what repeats for ever from doing so at once. */
  readonly pause: (frames: number) => Observable<Value>;
  /** A duration: tests that must not have two things happen at the same time change it slightly. */
  readonly ms: (frames: number) => number;
  /** Tells the run's log about a side effect. */
  readonly note: (what: string, ...values: unknown[]) => void;
}

export interface OperatorUseOptions {
  /** Why this use is not tried in a job. */
  readonly notInJobs?: string;
  /** Why a job shows something else than RxJS, as documented. */
  readonly differsInJobs?: string;
  /** Why stock RxJS does not show what comes out of it when its job is drained. */
  readonly differsInDrains?: string;
  /** Why stock RxJS does not show what comes out of it when the clock jumps. */
  readonly differsInJumps?: string;
  /** Whether it shares a stream, which another scope than its own cannot reach without a uid. */
  readonly shares?: boolean;
  /** Whether it subscribes to its source from another scope than its own. */
  readonly reachesOut?: boolean;
  /** Whether it subscribes to its source twice at a time: in a job both are there before what is shared opens (docs: share). */
  readonly branches?: boolean;
  /** Why parts of it are still in the job when its pipeline has ended. */
  readonly remainsInJob?: string;
  /** Whether a plain stream becomes a checkpointed one in it: then it does not keep its class. */
  readonly adopts?: boolean;
  /** Whether RxJS's `config.onStoppedNotification` hears the same of it. */
  readonly isExactAboutLate?: boolean;
}

/** A use of an operator with certain arguments, to be run with RxJS's and with ours. */
export class OperatorUse {
  constructor(
    readonly code: string,
    readonly apply: (rx: Library, stage: Stage) => Observable<unknown>,
    readonly options: OperatorUseOptions,
  ) {}

  [fc.toStringMethod](): string {
    return this.code;
  }
}

export function use(
  code: string,
  apply: (rx: Library, stage: Stage) => Observable<unknown>,
  options: OperatorUseOptions = {},
): OperatorUse {
  return new OperatorUse(code, apply, options);
}

/** For operators of one input: they report what comes after the end as RxJS does. */
export function useSync(code: string, apply: OperatorUse['apply'], options: OperatorUseOptions = {}): OperatorUse {
  return new OperatorUse(code, apply, { ...options, isExactAboutLate: true });
}

/** How an operator joins the suites. */
export interface OperatorCase {
  readonly name: string;
  /** Random uses: arguments, callbacks that throw, every overload. */
  readonly uses: fc.Arbitrary<OperatorUse>;
  /** How many times as many cases as usual are tried. */
  readonly effort?: number;
}

/** Cases whose uses have something in common. */
export function withOptions(options: OperatorUseOptions, cases: readonly OperatorCase[]): OperatorCase[] {
  const marked = (uses: OperatorCase['uses']): OperatorCase['uses'] =>
    uses.map(({ code, apply, options: own }) => new OperatorUse(code, apply, { ...own, ...options }));
  return cases.map(({ uses, ...rest }) => ({ ...rest, uses: marked(uses) }));
}
