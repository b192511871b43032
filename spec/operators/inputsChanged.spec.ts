import { expect, test } from '@jest/globals';
import { firstValueFrom, NEVER } from 'rxjs';

import {
  CheckpointSubject,
  combineLatest,
  fromObservable,
  InputsChangedError,
  memoryStorage,
  of,
  uid,
} from '../../src/index.js';

test('an operator that combines refuses to be restored with another number of inputs', async () => {
  const checkpoints = new CheckpointSubject({ storage: memoryStorage() });
  const endless = (name: string) => fromObservable(NEVER).pipe(uid(name));
  const combined = (names: string[]) =>
    combineLatest([of(1).pipe(uid('one')), ...names.map(endless)]).pipe(uid('combined'));

  const running = checkpoints.recover(combined(['a'])).subscribe();
  const taken = firstValueFrom(checkpoints);
  const poll = setInterval(() => checkpoints.next(), 1);
  await taken;
  clearInterval(poll);
  running.unsubscribe();

  await expect(firstValueFrom(checkpoints.recover(combined(['a', 'b'])))).rejects.toThrow(InputsChangedError);
});
