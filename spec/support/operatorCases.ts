import { attemptsCases } from './cases/attempts.js';
import { fanIn } from './cases/fanIn.js';
import { inners } from './cases/inners.js';
import { joins } from './cases/joins.js';
import { live } from './cases/live.js';
import { synchronous } from './cases/synchronous.js';
import { timed } from './cases/timed.js';
import type { OperatorCase } from './Stage.js';

/** Every operator: whoever adds one registers it here (by way of its family), and it is in all suites. */
export const operatorCases: readonly OperatorCase[] = [
  ...synchronous,
  ...fanIn,
  ...timed,
  ...inners,
  ...attemptsCases,
  ...joins,
  ...live,
];
