import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import type { SyncOperator } from './base/SyncSubscriber.js';
import { syncOperator } from './base/SyncSubscriber.js';

/**
 * Emits a property of each value, or a property of a property; `undefined` where the way there ends early.
 *
 * **Checkpoint:** nothing. A restore repeats nothing.
 *
 * ```text
 * source  -a-%-b-|      a = { x: { y: 1 } }, b = {}
 *         pluck('x', 'y')
 * result  -1-%-u-|      u = undefined
 * ```
 *
 * @example
 * const names$ = orders$.pipe(pluck('customer', 'name'));
 * @param properties - the way to what is emitted, from the outside in.
 * @throws Error at once if there are no `properties`. What a getter throws goes to the subscriber as an error.
 * @deprecated Use `map` and optional chaining instead: `map((order) => order?.customer?.name)`.
 */
export function pluck<T, K1 extends keyof T>(k1: K1): CheckpointedOperator<T, T[K1]>;
/** @deprecated Use `map` and optional chaining instead. */
export function pluck<T, K1 extends keyof T, K2 extends keyof T[K1]>(
  k1: K1,
  k2: K2,
): CheckpointedOperator<T, T[K1][K2]>;
/** @deprecated Use `map` and optional chaining instead. */
export function pluck<T, K1 extends keyof T, K2 extends keyof T[K1], K3 extends keyof T[K1][K2]>(
  k1: K1,
  k2: K2,
  k3: K3,
): CheckpointedOperator<T, T[K1][K2][K3]>;
/** @deprecated Use `map` and optional chaining instead. */
export function pluck<
  T,
  K1 extends keyof T,
  K2 extends keyof T[K1],
  K3 extends keyof T[K1][K2],
  K4 extends keyof T[K1][K2][K3],
>(k1: K1, k2: K2, k3: K3, k4: K4): CheckpointedOperator<T, T[K1][K2][K3][K4]>;
/** @deprecated Use `map` and optional chaining instead. */
export function pluck<
  T,
  K1 extends keyof T,
  K2 extends keyof T[K1],
  K3 extends keyof T[K1][K2],
  K4 extends keyof T[K1][K2][K3],
  K5 extends keyof T[K1][K2][K3][K4],
>(k1: K1, k2: K2, k3: K3, k4: K4, k5: K5): CheckpointedOperator<T, T[K1][K2][K3][K4][K5]>;
/** @deprecated Use `map` and optional chaining instead. */
export function pluck<
  T,
  K1 extends keyof T,
  K2 extends keyof T[K1],
  K3 extends keyof T[K1][K2],
  K4 extends keyof T[K1][K2][K3],
  K5 extends keyof T[K1][K2][K3][K4],
  K6 extends keyof T[K1][K2][K3][K4][K5],
>(k1: K1, k2: K2, k3: K3, k4: K4, k5: K5, k6: K6): CheckpointedOperator<T, T[K1][K2][K3][K4][K5][K6]>;
/** @deprecated Use `map` and optional chaining instead. */
export function pluck<
  T,
  K1 extends keyof T,
  K2 extends keyof T[K1],
  K3 extends keyof T[K1][K2],
  K4 extends keyof T[K1][K2][K3],
  K5 extends keyof T[K1][K2][K3][K4],
  K6 extends keyof T[K1][K2][K3][K4][K5],
>(k1: K1, k2: K2, k3: K3, k4: K4, k5: K5, k6: K6, ...rest: string[]): CheckpointedOperator<T, unknown>;
/** @deprecated Use `map` and optional chaining instead. */
export function pluck<T>(...properties: string[]): CheckpointedOperator<T, unknown>;
export function pluck<T>(...properties: PropertyKey[]): CheckpointedOperator<T, unknown> {
  if (properties.length === 0) throw new Error('list of properties cannot be empty.');
  return syncOperator(pluckOperator as SyncOperator<T, unknown, null, PropertyKey[]>, properties, () => null, false);
}

type Properties = Readonly<Record<PropertyKey, unknown>> | null | undefined;

const pluckOperator: SyncOperator<unknown, unknown, null, readonly PropertyKey[]> = {
  operator: 'pluck',
  next(value) {
    try {
      let part = value;
      for (const property of this.args) part = (part as Properties)?.[property];
      this.out.next(part);
    } catch (error) {
      this.dest.error(error);
    }
  },
  capture: () => null,
  restore: () => null,
};
