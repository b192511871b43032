import type { Observable } from 'rxjs';
import { EmptyError } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { Outlet } from './base/Outlet.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { SyncSubscriber, syncStep } from './base/SyncSubscriber.js';

export type Predicate<T = unknown> = (value: T, index: number, source: Observable<T>) => boolean;

/** What operators find as `args` that ask a predicate, which also gets the source. */
export interface SearchArguments {
  readonly predicate: Predicate;
  readonly source: Observable<unknown>;
  readonly fallback: Fallback;
}

/** A default value, in an array; empty when there is none. */
export type Fallback = readonly [unknown?];

export type SearchOperator<R, S> = SyncOperator<unknown, R, S, SearchArguments>;

export interface SearchOptions {
  /** Whether it has state to snapshot. */
  readonly isStateful?: boolean | (() => boolean);
  readonly fallback?: Fallback;
}

export function search<T, R, S>(
  operator: SearchOperator<R, S>,
  predicate: Predicate<T>,
  init: () => S,
  { isStateful = true, fallback = [] }: SearchOptions = {},
): CheckpointedOperator<T, R> {
  const step = syncStep<unknown, R, S, SearchArguments>(
    operator.operator,
    isStateful,
    (dest, site, source) =>
      new SyncSubscriber(dest, site, operator, { predicate: predicate as Predicate, source, fallback }, init),
  );
  return step as CheckpointedOperator<never, R> as CheckpointedOperator<T, R>;
}

/** The predicate, or one that every value fulfils. */
export function orAlways<T>(predicate: unknown): Predicate<T> {
  if (!predicate) return always;
  return predicate as Predicate<T>;
}

function always(): boolean {
  return true;
}

/** Emits the default value, or throws. */
export function fallBack(
  out: Outlet<unknown>,
  fallback: Fallback,
  createError: () => Error = () => new EmptyError(),
): void {
  if (fallback.length === 0) throw createError();
  out.next(fallback[0]);
}

/** The state of operators that hold one value until the end. */
export interface FoundState {
  index: number;
  hasValue: boolean;
  value: unknown;
}

export function startFinding(): FoundState {
  return { index: 0, hasValue: false, value: undefined };
}

export const found = {
  capture: ({ index, hasValue, value }: FoundState, capture: Capture): FoundState => ({
    index,
    hasValue,
    value: capture.held(value, 'value'),
  }),
  restore: ({ index, hasValue, value }: FoundState, revival: Revival): FoundState => ({
    index,
    hasValue,
    value: revival.held(value),
  }),
};
