import { combineLatestAll } from './combineLatestAll.js';

/** @deprecated Use `combineLatestAll`, which is the same. */
export const combineAll: typeof combineLatestAll = combineLatestAll;
