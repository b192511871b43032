import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { connectNever } from '../operators/base/SilentSource.js';

/**
 * Emits nothing and never ends.
 *
 * **Checkpoint:** nothing. It can stand in one pipeline as often as one likes, and elsewhere in the next program.
 *
 * @example
 * const untilStopped$ = concat(orders$, NEVER);
 */
export const NEVER: CheckpointedObservable<never> = /* @__PURE__ */ new CheckpointedObservable<never>({
  operator: 'NEVER',
  isStateful: true,
  inputs: [],
  connect: (dest, site) => (site === null ? null : connectNever(dest, site)),
});

/**
 * As `NEVER`.
 *
 * **Checkpoint:** nothing.
 *
 * @deprecated Use `NEVER`.
 */
export function never(): CheckpointedObservable<never> {
  return NEVER;
}
