/**
 * Whether two immutable snapshots hold the same, so that the older object can stand for both. Errs on the side of
 * "changed" for what it does not look into (Map, Set, Date … that are not the same object).
 */
export function sameSnapshot(a: unknown, b: unknown): boolean {
  // Most large ones differ somewhere behind a lot that is identical: that is found out before anything is remembered.
  return new Comparison(false).same(a, b) && new Comparison(true).same(a, b);
}

class Comparison {
  /** Partners so far: what is one object on one side has to be one object on the other. */
  private readonly partners = new Map<object, object>();
  private readonly taken = new Set<object>();

  /** @param isExact - whether what is identical is given a partner as well. */
  constructor(private readonly isExact: boolean) {}

  same(a: unknown, b: unknown): boolean {
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
    if (a === b && !this.isExact) return true;
    const partner = this.partners.get(a);
    if (partner !== undefined || this.taken.has(b)) return partner === b;
    this.partners.set(a, b);
    this.taken.add(b);
    if (a === b) return true;
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (Array.isArray(a)) return Array.isArray(b) && this.sameItems(a, b);
    const prototype: unknown = Object.getPrototypeOf(a);
    return (prototype === Object.prototype || prototype === null) && this.sameParts(a, b);
  }

  private sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) {
      if (!this.same(a[i], b[i])) return false;
      if (a[i] === undefined && i in a !== i in b) return false;
    }
    return true;
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
