import type { Observable } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { listOf, popFunction } from './base/trailingArguments.js';
import { CombineLatestCore } from './combineLatest.js';
import type { Select } from './mapSpread.js';
import { mapSpread } from './mapSpread.js';

/** combineLatest as an operator. At the end of `args` may stand a function that makes the result. */
export function combineLatestOthers<T>(operator: string, inputs: readonly unknown[]): CheckpointedOperator<T, unknown> {
  const args = [...inputs];
  const select = popFunction(args) as Select | undefined;
  const combine = coreOperator<T, unknown>(
    {
      operator,
      endsWithInputs: true,
      create: (dest, site, sources) => new CombineLatestCore(dest, site, sources, null, undefined),
    },
    listOf(args),
  );
  if (select === undefined) return combine;
  const toResult = mapSpread(select);
  const apply = (source: Observable<T>): Observable<unknown> => toResult(combine(source));
  return apply as CheckpointedOperator<T, unknown>;
}
