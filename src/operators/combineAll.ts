import { combineLatestAll } from './combineLatestAll.js';

/**
 * The old name of `combineLatestAll`.
 *
 * **Checkpoint:** as `combineLatestAll`. A restore does the same as there.
 *
 * @deprecated Use `combineLatestAll`, which is the same.
 */
export const combineAll: typeof combineLatestAll = combineLatestAll;
