import type { ObservableInput } from 'rxjs';
import { identity } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { RaceCore } from './RaceCore.js';

/** race as an operator. */
export function raceOthers<T>(
  operator: string,
  others: readonly ObservableInput<unknown>[],
): CheckpointedOperator<T, unknown> {
  if (others.length === 0) return identity as unknown as CheckpointedOperator<T, unknown>;
  return coreOperator<T, unknown>(
    { operator, endsWithInputs: true, create: (dest, site, sources) => new RaceCore(dest, site, sources) },
    others,
  );
}
