import { scan } from '../../src/operators/scan.js';
import { uid } from '../../src/operators/uid.js';
import type { Log } from './Log.js';

/** The sums of what a log has. */
export function totals(log: Log<number>) {
  return log.stream$.pipe(
    uid('log'),
    scan((sum, n) => sum + n, 0),
    uid('total'),
  );
}
