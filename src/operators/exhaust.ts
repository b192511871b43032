import { exhaustAll } from './exhaustAll.js';

/**
 * The old name of `exhaustAll`.
 *
 * **Checkpoint:** as `exhaustAll`. A restore does the same as there.
 *
 * @deprecated The old name of `exhaustAll`.
 */
export const exhaust: typeof exhaustAll = exhaustAll;
