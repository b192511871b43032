import { exhaustAll } from './exhaustAll.js';

/** @deprecated The old name of `exhaustAll`. */
export const exhaust: typeof exhaustAll = exhaustAll;
