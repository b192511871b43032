type Collection = Map<unknown, unknown> | Set<unknown>;

/**
 * Freezes a Map or Set in place, in the way of immer, which takes it for frozen too: what would change it throws from then on.
 *
 * @returns false when that cannot be done any more: somebody has called `Object.freeze` on it, which keeps nobody from
 *   changing it.
 */
export function freezeCollection(collection: Collection): boolean {
  if (!Object.isFrozen(collection)) Object.freeze(Object.defineProperties(collection, refusals));
  return Object.hasOwn(collection, 'clear');
}

const refusal = { value: refuse };
const refusals = { set: refusal, add: refusal, delete: refusal, clear: refusal };

function refuse(this: Collection): never {
  const kind = this instanceof Set ? 'Set' : 'Map';
  throw new TypeError(
    `This ${kind} is frozen, since it is a state that checkpoints have: return a changed copy, which new ${kind}(old) gives you, or use produce of immer.`,
  );
}
