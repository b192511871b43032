import { isObservable } from 'rxjs';

import { freezeCollection } from './freezeCollection.js';
import { describeValue, valueKind } from './valueKind.js';
import { propertySegment, ValuePath } from './ValuePath.js';

/** Objects that are known to be frozen all the way down: a later walk stops at them, so it costs what changed. */
const deeplyFrozen = new WeakSet<object>();

/**
 * Freezes a state in place, all the way down, so that a later mutation throws where it is done. Maps and Sets are made
 * to refuse changes as immer does it.
 *
 * @param path - names the value in errors, e.g. `state.value`.
 * @returns false when it holds something that freezing does not protect (a Date, a typed array, a live Observable):
 * then a snapshot of it must be a copy.
 * @throws UnstorableValueError for what a snapshot cannot hold.
 */
export function freezeState(value: unknown, path: string): boolean {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') new ValuePath(path).fail(refusal(value));
    return true;
  }
  if (deeplyFrozen.has(value)) return true;
  const walk = new FreezeWalk(new ValuePath(path));
  return walk.path.walk(() => walk.start(value));
}

export function refusal(value: unknown): string {
  if (isObservable(value) || value instanceof Promise) {
    return (
      `is ${describeValue(value)}, which a restore could not make again. Keep the value that it is made from, and make it ` +
      'in a projection, which a restore calls again: mergeMap((value) => …) instead of mergeAll(), and so on.'
    );
  }
  return (
    `is ${describeValue(value)}. Snapshots hold plain objects, arrays, Map, Set, Date, RegExp, BigInt, ArrayBuffer, ` +
    'typed arrays and primitives: keep its data in one of these, and rebuild the rest from it.'
  );
}

class FreezeWalk {
  private readonly onStack = new Set<object>();
  private readonly visited: object[] = [];
  private readonly unprotected = new Set<object>();
  private hasCycle = false;

  constructor(readonly path: ValuePath) {}

  start(value: object): boolean {
    const isProtected = this.visit(value);
    // Within a cycle a part looks protected before the rest was seen, so nothing is remembered until all was.
    if (isProtected && this.hasCycle) for (const part of this.visited) deeplyFrozen.add(part);
    return isProtected;
  }

  private visit(value: unknown): boolean {
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'function' || typeof value === 'symbol') this.path.fail(refusal(value));
      return true;
    }
    if (deeplyFrozen.has(value)) return true;
    if (this.unprotected.has(value)) return false;
    if (this.onStack.has(value)) return (this.hasCycle = true);
    this.onStack.add(value);
    const isProtected = this.visitParts(value);
    this.onStack.delete(value);
    if (!isProtected) this.unprotected.add(value);
    else if (this.hasCycle) this.visited.push(value);
    else deeplyFrozen.add(value);
    return isProtected;
  }

  private visitParts(value: object): boolean {
    switch (valueKind(value)) {
      case 'record':
        return this.visitRecord(value as Record<string, unknown>);
      case 'array':
        return this.visitArray(value as unknown[]);
      case 'map':
        return this.visitMap(value as Map<unknown, unknown>);
      case 'set':
        return this.visitSet(value as Set<unknown>);
      case 'opaque':
      case 'live':
      case 'error':
      case 'handle':
        return false;
      case 'foreign':
        return this.path.fail(refusal(value));
    }
  }

  private visitRecord(value: Record<string, unknown>): boolean {
    if (!Object.isFrozen(value)) Object.freeze(value);
    let isProtected = true;
    for (const key of recordKeys(value, this.path))
      isProtected = this.at(propertySegment, key, value[key]) && isProtected;
    return isProtected;
  }

  private visitArray(value: unknown[]): boolean {
    checkArray(value, this.path);
    Object.freeze(value);
    let isProtected = true;
    for (let i = 0; i < value.length; i++) isProtected = this.at(indexSegment, i, value[i]) && isProtected;
    return isProtected;
  }

  private visitMap(value: Map<unknown, unknown>): boolean {
    let isProtected = freezeCollection(value);
    let i = 0;
    for (const [key, item] of value) {
      isProtected = this.at(keySegment, i, key) && isProtected;
      isProtected = this.at(entrySegment, i++, item) && isProtected;
    }
    return isProtected;
  }

  private visitSet(value: Set<unknown>): boolean {
    let isProtected = freezeCollection(value);
    let i = 0;
    for (const item of value) isProtected = this.at(entrySegment, i++, item) && isProtected;
    return isProtected;
  }

  private at<K>(segment: (key: K) => string, key: K, value: unknown): boolean {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol'))
      return true;
    this.path.push(segment(key));
    const isProtected = this.visit(value);
    this.path.pop();
    return isProtected;
  }
}

export const indexSegment = (index: number): string => `[${index}]`;
export const keySegment = (index: number): string => `.<key ${index}>`;
export const entrySegment = (index: number): string => `.<entry ${index}>`;

/** The keys of a record; refuses what copying a record would silently lose. */
export function recordKeys(value: object, path: ValuePath): string[] {
  const keys = Object.keys(value);
  for (const key of keys) {
    if (key === '__proto__')
      path.fail("has a property named '__proto__', which snapshots do not carry. Use a Map for arbitrary keys.");
  }
  if (Object.getOwnPropertySymbols(value).length > 0)
    path.fail('has a property whose key is a symbol, which snapshots do not carry. Use a string key.');
  return keys;
}

/** Refuses arrays with properties of their own (a RegExp's match has some), which a snapshot would silently lose. */
export function checkArray(value: unknown[], path: ValuePath): void {
  const keys = Object.keys(value);
  // Indices come first, so the last key tells.
  const last = keys[keys.length - 1];
  if (last === undefined || /^\d+$/.test(last)) return;
  path.fail(
    `is an array with properties besides its items (${last}), which snapshots do not carry. Copy it: [...array].`,
  );
}
