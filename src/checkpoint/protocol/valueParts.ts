/** What every walk over a user's value asks: what its parts are, and what cannot be stored of them. */
import { isObservable } from 'rxjs';

import { CheckpointError } from '../../errors/CheckpointError.js';
import { reasonOf } from '../../errors/reasonOf.js';
import type { ValuePath } from './ValuePath.js';
import { propertySegment } from './ValuePath.js';
import { describeValue } from './valueKind.js';

export function isPrimitive(value: unknown): value is string | number | bigint | boolean | null | undefined {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');
}

/** A property's value. A getter that throws is refused as one, and says where it is. */
export function propertyOf(record: Readonly<Record<string, unknown>>, key: string, path: ValuePath): unknown {
  try {
    return record[key];
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    path.push(propertySegment, key);
    return path.fail(`is a getter, and it threw (${reasonOf(cause)}). Store the value itself.`, cause);
  }
}

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
  if (last === undefined || last === String(value.length - 1) || /^\d+$/.test(last)) return;
  path.fail(
    `is an array with properties besides its items (${last}), which snapshots do not carry. Copy it: [...array].`,
  );
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
