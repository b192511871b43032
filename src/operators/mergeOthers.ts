import type { Observable, ObservableInput } from 'rxjs';

import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { lift } from './base/lift.js';
import { popNumber, popScheduler } from './base/trailingArguments.js';
import { mergeScheduled } from './mergeScheduled.js';
import { MergeInputsCore } from './MergeInputsCore.js';

/**
 * merge and concat as operators. At the end of `inputs` may stand a scheduler.
 *
 * @param atOnce - how many inputs at a time; without it a number may stand at the end too.
 */
export function mergeOthers<T>(
  operator: string,
  inputs: readonly unknown[],
  atOnce?: number,
): CheckpointedOperator<T, unknown> {
  const args = [...inputs];
  const scheduler = popScheduler(args);
  const concurrent = atOnce ?? popNumber(args) ?? Infinity;
  const others = args as ObservableInput<unknown>[];
  if (scheduler === undefined) {
    return coreOperator<T, unknown>(
      {
        operator,
        endsWithInputs: true,
        create: (dest, site, sources) => new MergeInputsCore(dest, site, sources, concurrent),
      },
      others,
    );
  }
  const apply = (source: Observable<T>): Observable<unknown> => {
    const merged = (input: Observable<T>): Observable<unknown> =>
      mergeScheduled(operator, [input, ...others], concurrent, scheduler);
    if (source instanceof CheckpointedObservable) return merged(source);
    return lift<T, unknown>(source, (dest, lifted) => void merged(lifted).subscribe(dest));
  };
  return apply as CheckpointedOperator<T, unknown>;
}
