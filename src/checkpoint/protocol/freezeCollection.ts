import { freeze } from 'immer';

/**
 * Freezes a Map or Set in place, as immer does it: what would change it throws from then on.
 *
 * @returns false when that cannot be done any more: somebody has called `Object.freeze` on it, which keeps nobody from
 *   changing it, and immer takes it for frozen.
 */
export function freezeCollection(collection: Map<unknown, unknown> | Set<unknown>): boolean {
  if (!Object.isFrozen(collection)) freeze(collection);
  return Object.hasOwn(collection, 'clear');
}
