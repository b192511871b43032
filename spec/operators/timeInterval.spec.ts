import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';

import {
  bufferCount,
  CheckpointSubject,
  fromObservable,
  memoryStorage,
  mergeMap,
  of,
  timeInterval,
} from '../../src/index.js';
import { observe, settled } from '../support/Observed.js';

test('timeInterval in an inner that ends at once gives what can be stored, as everywhere in a job', async () => {
  const values$ = new Subject<number>();
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const pipeline$ = fromObservable(values$, { hot: true }).pipe(
    mergeMap((x) => of(x).pipe(timeInterval())),
    bufferCount(2),
  );
  const running = observe(checkpoints.recover(pipeline$));
  await settled();
  values$.next(1);
  await checkpoints.checkpoint();
  values$.next(2);
  running.unsubscribe();
  expect(running.error).toBeUndefined();
  expect(running.values).toEqual([[expect.objectContaining({ value: 1 }), expect.objectContaining({ value: 2 })]]);
});
