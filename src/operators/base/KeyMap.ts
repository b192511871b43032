/** As many keys at least before the index is worth its array. */
const FEW = 16;
/** How much longer than there are keys the index may be. */
const SPARSEST = 4;
/** Longer arrays are no arrays any more. */
const LONGEST = 2 ** 24;

/**
 * A Map that finds whole numbers by their place in an array, as long as they are not far apart: a Map walks through
 * chains of keys, of a length that the processor cannot foresee. All else as a Map.
 */
export class KeyMap<K, V extends object> {
  private readonly entries = new Map<K, V>();
  /** By key; null where there is none. */
  private index: (V | null)[] = [];
  /** How many keys there have to be for the index to be made anew. */
  private enough = FEW;

  get(key: K): V | undefined {
    if (this.isIndexed(key)) {
      const value = this.index[key]!;
      if (value !== null) return value;
    }
    return this.entries.get(key);
  }

  set(key: K, value: V): void {
    this.entries.set(key, value);
    if (this.isIndexed(key)) this.index[key] = value;
    else if (typeof key === 'number' && this.entries.size >= this.enough) this.makeIndex();
  }

  delete(key: K): void {
    this.entries.delete(key);
    if (this.isIndexed(key)) this.index[key] = null;
  }

  clear(): void {
    this.entries.clear();
    this.index = [];
    this.enough = FEW;
  }

  /** By age, as of a Map. */
  values(): IterableIterator<V> {
    return this.entries.values();
  }

  private isIndexed(key: K): key is K & number {
    return typeof key === 'number' && key >>> 0 === key && key < this.index.length;
  }

  /** Unless most keys would find no place in it. */
  private makeIndex(): void {
    const { entries } = this;
    this.enough = entries.size * 2;
    const length = Math.min(entries.size * SPARSEST, LONGEST);
    let fitting = 0;
    for (const key of entries.keys()) if (typeof key === 'number' && key >= 0 && key < length) fitting++;
    this.index = fitting * 2 < entries.size ? [] : new Array<V | null>(length).fill(null);
    if (this.index.length === 0) return;
    for (const [key, value] of entries) if (this.isIndexed(key)) this.index[key] = value;
  }
}
