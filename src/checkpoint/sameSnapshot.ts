/**
 * Whether two immutable snapshots hold the same, so that the older object can stand for both. Errs on the side of
 * "changed" for what it does not look into (Map, Set, Date … that are not the same object).
 */
export function sameSnapshot(a: unknown, b: unknown): boolean {
  return new Comparison().same(a, b);
}

class Comparison {
  /** Partners so far: what is one object on one side has to be one object on the other. */
  private readonly partners = new Map<object, object>();

  same(a: unknown, b: unknown): boolean {
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
    const partner = this.partners.get(a);
    if (partner !== undefined) return partner === b;
    this.partners.set(a, b);
    if (a === b) return true;
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && this.sameParts(a, b);
    const prototype: unknown = Object.getPrototypeOf(a);
    return (prototype === Object.prototype || prototype === null) && this.sameParts(a, b);
  }

  private sameParts(a: object, b: object): boolean {
    const keys = Object.keys(a);
    const otherKeys = Object.keys(b);
    return (
      keys.length === otherKeys.length &&
      keys.every(
        (key, i) =>
          key === otherKeys[i] && this.same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
      )
    );
  }
}
