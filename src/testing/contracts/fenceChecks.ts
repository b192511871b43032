import { ClaimLostError } from '../../errors/ClaimLostError.js';
import { StorageLockedError } from '../../errors/StorageLockedError.js';
import { ClaimedStorage } from '../../storage/ClaimedStorage.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { assertRejects, assertTrue } from './assertions.js';
import type { StorageCheck, StorageUnderTest } from './storageCheck.js';
import { assertNames, assertRead, bytes, lockOf } from './storageCheck.js';

/** The storage of somebody who has had the lock, which another has stolen since. */
async function stolen(
  storage: CheckpointStorage,
  place: StorageUnderTest,
): Promise<{ former: ClaimedStorage; next: ClaimedStorage }> {
  const former = await ClaimedStorage.claim(storage, false);
  await former.write('before', bytes(1));
  const next = await ClaimedStorage.claim(place.reopen(), true);
  return { former, next };
}

/** What a storage promises whose claim can be lost. */
export const fenceChecks: readonly StorageCheck[] = [
  [
    'lets nobody write whose lock was stolen',
    async (storage, place) => {
      const { former, next } = await stolen(storage, place);
      await assertRejects('write() of the former owner', former.write('after', bytes(1)), ClaimLostError);
      await assertRejects('write() of what is there', former.write('before', bytes(2)), ClaimLostError);
      await assertNames(next, ['before']);
      await assertRead(next, 'before', bytes(1));
      await next.write('after', bytes(2));
      await assertRead(storage, 'after', bytes(2));
      await next.release();
    },
  ],
  [
    'lets nobody remove anything whose lock was stolen',
    async (storage, place) => {
      const { former, next } = await stolen(storage, place);
      await assertRejects('remove() of the former owner', former.remove('before'), ClaimLostError);
      await assertRejects('remove() of what is not there', former.remove('nothing'), ClaimLostError);
      await assertNames(next, ['before']);
      await next.remove('before');
      await assertNames(storage, []);
      await next.release();
    },
  ],
  [
    'lets nobody write or remove anything who has given the lock back',
    async (storage, place) => {
      const former = await ClaimedStorage.claim(storage, false);
      await former.write('before', bytes(1));
      await former.release();
      const next = await ClaimedStorage.claim(place.reopen(), false);
      await former.write('after', bytes(2)).then(undefined, () => undefined);
      await former.remove('before').then(undefined, () => undefined);
      await assertNames(next, ['before']);
      await next.release();
    },
  ],
  [
    'tells the former owner, who can neither take the lock back nor give it away',
    async (storage, place) => {
      const { former, next } = await stolen(storage, place);
      await former.write('after', bytes(1)).catch(() => undefined);
      assertTrue(former.loss instanceof ClaimLostError, () => 'The former owner does not know of its loss.');
      await former.release();
      await assertRejects('lock() while the thief has it', lockOf(place.reopen()), StorageLockedError);
      await next.write('after', bytes(3));
      await next.release();
      const last = await ClaimedStorage.claim(storage, false);
      await last.write('later', bytes(4));
      await last.release();
    },
  ],
  [
    'shows a new owner every write of the former one that succeeds',
    async (storage, place) => {
      for (let round = 0; round < 20; round++) {
        const former = await ClaimedStorage.claim(round === 0 ? storage : place.reopen(), true);
        const writes = Array.from({ length: 5 }, (_, i) => former.write(`w${round}-${i}`, bytes(i)));
        const outcomes = Promise.allSettled(writes);
        const next = await ClaimedStorage.claim(place.reopen(), true);
        const found = await next.list();
        for (const [i, { status }] of (await outcomes).entries()) {
          const name = `w${round}-${i}`;
          const isFound = status === 'rejected' || found.includes(name);
          assertTrue(isFound, () => `The new owner has not found '${name}', which the former one wrote successfully.`);
        }
        await next.release();
      }
    },
  ],
];
