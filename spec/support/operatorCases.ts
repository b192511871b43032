import { attemptsCases } from './cases/attempts.js';
import { creation } from './cases/creation.js';
import { fanIn } from './cases/fanIn.js';
import { inners } from './cases/inners.js';
import { joins, notifiedAttempts } from './cases/joins.js';
import { live } from './cases/live.js';
import { connectedByHand, multicasts } from './cases/multicast.js';
import { singleInput } from './cases/single.js';
import { notifierDriven } from './cases/notified.js';
import { notifications } from './cases/notifications.js';
import { synchronous } from './cases/synchronous.js';
import { timed } from './cases/timed.js';
import { windows } from './cases/windows.js';
import type { OperatorCase } from './Stage.js';

/** Every operator: whoever adds one registers it here (by way of its family), and it is in all suites. */
export const operatorCases: readonly OperatorCase[] = [
  ...synchronous,
  ...notifications,
  ...singleInput,
  ...fanIn,
  ...timed,
  ...inners,
  ...attemptsCases,
  ...joins,
  ...notifiedAttempts,
  ...live,
  ...windows,
  ...multicasts,
  ...notifierDriven,
  ...creation,
];

/** What jobs refuse: it is as in RxJS outside of them. */
export const refusedInJobs: readonly OperatorCase[] = connectedByHand;
