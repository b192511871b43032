import { expect, it } from '@jest/globals';

import { livenessOf, ownIdentity } from '../../src/node/ProcessIdentity.js';

/** The event loop has had a turn, and more: nothing that the system is asked for is there before. */
const aTurnLater = (): Promise<string> => new Promise((resolve) => setImmediate(() => resolve('a turn later')));

it('a process knows of itself that it lives, without asking the system', async () => {
  const own = await ownIdentity();
  expect(await Promise.race([aTurnLater(), livenessOf({ ...own })])).toBe('alive');
});

it('one of the same number that began at another time is dead', async () => {
  const own = await ownIdentity();
  expect(await livenessOf({ ...own, bootId: 'another' })).toBe('dead');
  expect(await livenessOf({ ...own, host: 'another' })).toBe('elsewhere');
});
