/**
 * Freezes a Map or Set in place: what would change it throws from then on. `Object.freeze` alone does not keep anybody
 * from that. The methods are hidden by properties of its own, which is how immer does it as well, so either knows what
 * the other has frozen.
 *
 * @returns false when that cannot be done any more: somebody has frozen the object itself.
 */
export function freezeCollection(collection: Map<unknown, unknown> | Set<unknown>): boolean {
  if (!Object.isExtensible(collection)) return Object.hasOwn(collection, 'clear');
  Object.defineProperties(collection, { set: refusing, add: refusing, delete: refusing, clear: refusing });
  Object.freeze(collection);
  return true;
}

const refusing: PropertyDescriptor = {
  value(this: object) {
    const kind = this instanceof Map ? 'Map' : 'Set';
    throw new TypeError(
      `This ${kind} is a part of an operator's state, which is frozen: return a new one, for example with immer's produce.`,
    );
  },
};
