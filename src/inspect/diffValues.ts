import { indexSegment, propertySegment } from '../checkpoint/protocol/ValuePath.js';
import type { Readable } from './Readable.js';
import { toReadable } from './toReadable.js';

/** One difference between two values. */
export interface ValueChange {
  /** E.g. `state.groups[3].key`; `<"LAX">` stands for the item of a Map under that key. */
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Absent when it was added. */
  readonly before?: Readable;
  /** Absent when it was removed. */
  readonly after?: Readable;
}

export interface ValueDiff {
  /** The first of them. */
  readonly changes: readonly ValueChange[];
  /** How many there are. */
  readonly count: number;
}

/**
 * How one value differs from another, down to the smallest parts. Objects and Maps are compared by their keys, arrays by
 * their indices, Sets by their items.
 *
 * @param limit - of how many to tell; all are counted.
 */
export function diffValues(before: unknown, after: unknown, limit: number): ValueDiff {
  const diff = new Differ(limit);
  diff.compare(before, after, '');
  return { changes: diff.changes, count: diff.count };
}

class Differ {
  readonly changes: ValueChange[] = [];
  count = 0;
  /** Pairs that are being compared or were: a cycle comes back to them. */
  private readonly compared = new WeakMap<object, WeakSet<object>>();

  constructor(private readonly limit: number) {}

  compare(before: unknown, after: unknown, path: string): void {
    if (Object.is(before, after)) return;
    const kind = kindOf(before);
    if (kind === 'primitive' || kind !== kindOf(after)) return this.changed(before, after, path);
    if (this.wasCompared(before as object, after as object)) return;
    if (kind === 'Map') this.compareMaps(before as Map<unknown, unknown>, after as Map<unknown, unknown>, path);
    else if (kind === 'Set') this.compareSets(before as Set<unknown>, after as Set<unknown>, path);
    else if (kind === 'Array') this.compareArrays(before as unknown[], after as unknown[], path);
    else if (kind === 'record') this.compareRecords(before as object, after as object, path);
    else if (JSON.stringify(toReadable(before)) !== JSON.stringify(toReadable(after)))
      this.changed(before, after, path);
  }

  private compareRecords(before: object, after: object, path: string): void {
    const [old, young] = [before as Record<string, unknown>, after as Record<string, unknown>];
    for (const key of Object.keys(old)) {
      const at = path + propertySegment(key);
      if (Object.hasOwn(young, key)) this.compare(old[key], young[key], at);
      else this.removed(old[key], at);
    }
    for (const key of Object.keys(young))
      if (!Object.hasOwn(old, key)) this.added(young[key], path + propertySegment(key));
  }

  private compareArrays(before: readonly unknown[], after: readonly unknown[], path: string): void {
    // By the indices that are there: of holes there may be billions.
    for (const i of Object.keys(before).map(Number)) {
      const at = path + indexSegment(i);
      if (i in after) this.compare(before[i], after[i], at);
      else this.removed(before[i], at);
    }
    for (const i of Object.keys(after).map(Number)) if (!(i in before)) this.added(after[i], path + indexSegment(i));
    if (before.length !== after.length && Object.keys(after).length === Object.keys(before).length)
      this.changed(before.length, after.length, `${path}.length`);
  }

  private compareMaps(before: ReadonlyMap<unknown, unknown>, after: ReadonlyMap<unknown, unknown>, path: string): void {
    const young = byKey(after.keys());
    const known = new Set<unknown>();
    for (const [key, item] of before) {
      const text = keyText(key);
      if (!young.has(text)) this.removed(item, `${path}<${text}>`);
      else this.compare(item, after.get(young.get(text)), `${path}<${text}>`);
      known.add(text);
    }
    for (const [text, key] of young) if (!known.has(text)) this.added(after.get(key), `${path}<${text}>`);
  }

  private compareSets(before: ReadonlySet<unknown>, after: ReadonlySet<unknown>, path: string): void {
    const [old, young] = [byKey(before), byKey(after)];
    for (const [text, item] of old) if (!young.has(text)) this.removed(item, `${path}<${text}>`);
    for (const [text, item] of young) if (!old.has(text)) this.added(item, `${path}<${text}>`);
  }

  private wasCompared(before: object, after: object): boolean {
    const partners = this.compared.get(before);
    if (partners?.has(after) === true) return true;
    if (partners === undefined) this.compared.set(before, new WeakSet([after]));
    else partners.add(after);
    return false;
  }

  private added(after: unknown, path: string): void {
    this.add(() => ({ change: 'added', after: toReadable(after) }), path);
  }

  private removed(before: unknown, path: string): void {
    this.add(() => ({ change: 'removed', before: toReadable(before) }), path);
  }

  private changed(before: unknown, after: unknown, path: string): void {
    this.add(() => ({ change: 'changed', before: toReadable(before), after: toReadable(after) }), path);
  }

  private add(change: () => Omit<ValueChange, 'path'>, path: string): void {
    if (this.count++ < this.limit) this.changes.push({ path: path.replace(/^\./, ''), ...change() });
  }
}

/** Keys that are objects are compared by what they are made of: identity does not survive being stored. */
function byKey(keys: Iterable<unknown>): Map<string, unknown> {
  return new Map(Array.from(keys, (key) => [keyText(key), key]));
}

function keyText(key: unknown): string {
  return JSON.stringify(toReadable(key));
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return 'primitive';
  if (Array.isArray(value)) return 'Array';
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  return tag === 'Object' ? 'record' : tag;
}
