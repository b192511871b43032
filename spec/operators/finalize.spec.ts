import { describe, expect, test } from '@jest/globals';

import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { delay } from '../../src/operators/delay.js';
import { finalize } from '../../src/operators/finalize.js';
import { share } from '../../src/operators/share.js';
import { uid } from '../../src/operators/uid.js';
import { of } from '../../src/sources/of.js';
import { liveInVirtualTime } from '../support/VirtualJob.js';

describe('finalize in a job', () => {
  const after = (log: string[]): CheckpointedObservable<number> =>
    of(1).pipe(
      delay(10),
      finalize(() => log.push('finalized')),
    );
  const pipelines: Record<string, (log: string[]) => CheckpointedObservable<unknown>> = {
    'in a pipeline': after,
    'above what is shared': (log) => after(log).pipe(share(), uid('shared'), delay(5)),
  };

  test.each(Object.keys(pipelines))('%s calls back when an overdue timer ends its source as it is restored', (name) => {
    const log: string[] = [];
    const options = { write: String, lastFrame: 100, pipeline: () => pipelines[name]!(log) };
    const { cuts } = liveInVirtualTime({ from: null, ...options });
    const waiting = cuts.filter(({ frame, outputs }) => frame < 10 && outputs === 0).at(-1)!;
    log.length = 0;
    liveInVirtualTime({ ...options, from: { ...waiting, frame: 50 } });
    expect(log).toEqual(['finalized']);
  });
});
