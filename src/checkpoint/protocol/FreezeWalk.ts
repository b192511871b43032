import { FormerParts } from './FormerParts.js';
import { freezeCollection } from './freezeCollection.js';
import { valueKind } from './valueKind.js';
import type { Segment, ValuePath } from './ValuePath.js';
import { entrySegment, indexSegment, keySegment, propertySegment } from './ValuePath.js';
import { checkArray, isPrimitive, propertyOf, recordKeys, refusal } from './valueParts.js';

/** Objects that are known to be frozen all the way down: a later walk stops at them, so it costs what changed. */
const deeplyFrozen = new WeakSet<object>();

export function isDeeplyFrozen(value: object): boolean {
  return deeplyFrozen.has(value);
}

/** So many primitive parts are looked through faster than their object is looked up in a WeakSet. */
const FEW = 8;

/** To list the keys of longer arrays takes longer than all else. The encoder does, which refuses what they must not have. */
const LISTED = 1_000;

/** Freezes a value all the way down, and tells whether that protects it. */
export class FreezeWalk {
  /** How many parts it has come by. */
  size = 0;
  private readonly onStack = new Set<object>();
  private readonly visited: object[] = [];
  private readonly unprotected = new Set<object>();
  private hasCycle = false;

  constructor(private readonly path: ValuePath) {}

  /** @param former - the version before, frozen all the way down: what is in both need not be visited. */
  start(value: object, former: object | undefined): boolean {
    const isProtected = this.visit(value, former);
    // Within a cycle a part looks protected before the rest was seen, so nothing is remembered until all was.
    if (isProtected && this.hasCycle) for (const part of this.visited) deeplyFrozen.add(part);
    return isProtected;
  }

  private visit(value: object, former: unknown): boolean {
    if (value === former || deeplyFrozen.has(value)) return true;
    if (this.unprotected.has(value)) return false;
    if (this.onStack.has(value)) return (this.hasCycle = true);
    switch (valueKind(value)) {
      case 'record':
        return this.visitRecord(value as Record<string, unknown>, former);
      case 'array':
        return this.visitArray(value as unknown[], former);
      case 'map':
        return this.visitMap(value as Map<unknown, unknown>, former);
      case 'set':
        return this.visitSet(value as Set<unknown>, former);
      case 'opaque':
      case 'live':
      case 'error':
      case 'handle':
        return false;
      case 'foreign':
        return this.path.fail(refusal(value));
    }
  }

  private visitRecord(value: Record<string, unknown>, former: unknown): boolean {
    const keys = recordKeys(value, this.path);
    if (!Object.isFrozen(value)) Object.freeze(value);
    if (keys.length <= FEW && isFlat(value, keys, this.path)) return true;
    const before = isRecord(former) ? former : {};
    let isProtected = true;
    this.enter(value, keys.length);
    for (const key of keys) {
      const part = propertyOf(value, key, this.path);
      isProtected = this.at(propertySegment, key, part, ownOf(before, key)) && isProtected;
    }
    return this.leave(value, isProtected);
  }

  private visitArray(value: unknown[], former: unknown): boolean {
    if (value.length <= LISTED) checkArray(value, this.path);
    if (!Object.isFrozen(value)) Object.freeze(value);
    if (value.length <= FEW && value.every(isPrimitive)) return true;
    const before = Array.isArray(former) ? new FormerParts(former.values()) : null;
    let isProtected = true;
    this.enter(value, value.length);
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (isPrimitive(item) || before?.has(item) === true) continue;
      isProtected = this.at(indexSegment, i, item, before?.current) && isProtected;
    }
    return this.leave(value, isProtected);
  }

  private visitMap(value: Map<unknown, unknown>, former: unknown): boolean {
    const before = former instanceof Map ? new FormerParts(former.values()) : null;
    let isProtected = freezeCollection(value);
    let i = 0;
    this.enter(value, value.size);
    for (const [key, item] of value) {
      if (!isPrimitive(key)) isProtected = this.at(keySegment, i, key, undefined) && isProtected;
      const index = i++;
      if (isPrimitive(item) || before?.has(item) === true) continue;
      isProtected = this.at(entrySegment, index, item, before?.current) && isProtected;
    }
    return this.leave(value, isProtected);
  }

  private visitSet(value: Set<unknown>, former: unknown): boolean {
    const before = former instanceof Set ? new FormerParts(former.values()) : null;
    let isProtected = freezeCollection(value);
    let i = 0;
    this.enter(value, value.size);
    for (const item of value) {
      const index = i++;
      if (isPrimitive(item) || before?.has(item) === true) continue;
      isProtected = this.at(entrySegment, index, item, before?.current) && isProtected;
    }
    return this.leave(value, isProtected);
  }

  /** From here on it may be met again as a part of itself. */
  private enter(value: object, size: number): void {
    this.size += size;
    this.onStack.add(value);
  }

  private leave(value: object, isProtected: boolean): boolean {
    this.onStack.delete(value);
    if (!isProtected) this.unprotected.add(value);
    else if (this.hasCycle) this.visited.push(value);
    else deeplyFrozen.add(value);
    return isProtected;
  }

  private at<K extends string | number>(segment: Segment<K>, key: K, value: unknown, former: unknown): boolean {
    if (isPrimitive(value)) return true;
    this.path.push(segment, key);
    if (typeof value !== 'object') this.path.fail(refusal(value));
    const isProtected = this.visit(value, former);
    this.path.pop();
    return isProtected;
  }
}

function isFlat(value: Record<string, unknown>, keys: readonly string[], path: ValuePath): boolean {
  for (let i = 0; i < keys.length; i++) if (!isPrimitive(propertyOf(value, keys[i]!, path))) return false;
  return true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && valueKind(value) === 'record';
}

function ownOf(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
