import type { ObservableInput } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { popFunction } from './base/trailingArguments.js';
import type { Select } from './mapSpread.js';
import { ZipCore } from './ZipCore.js';

/** zip as an operator. At the end of `inputs` may stand a function that makes the result. */
export function zipOthers<T>(operator: string, inputs: readonly unknown[]): CheckpointedOperator<T, unknown> {
  const others = [...inputs];
  const select = popFunction(others) as Select | undefined;
  return coreOperator<T, unknown>(
    { operator, endsWithInputs: true, create: (dest, site, sources) => new ZipCore(dest, site, sources, select) },
    others as ObservableInput<unknown>[],
  );
}
