import { Notification } from 'rxjs';

import { isLive, LiveHandle } from './LiveHandle.js';
import { StoredError } from './StoredError.js';
import { StoredNotification } from './StoredNotification.js';

/** What an object is to a snapshot. `foreign`: nothing that can be stored. */
export type ValueKind = 'record' | 'array' | 'map' | 'set' | 'opaque' | 'live' | 'error' | 'handle' | 'foreign';

const opaqueTags = new Set([
  '[object Date]',
  '[object RegExp]',
  '[object ArrayBuffer]',
  '[object DataView]',
  '[object Int8Array]',
  '[object Uint8Array]',
  '[object Uint8ClampedArray]',
  '[object Int16Array]',
  '[object Uint16Array]',
  '[object Int32Array]',
  '[object Uint32Array]',
  '[object Float32Array]',
  '[object Float64Array]',
  '[object BigInt64Array]',
  '[object BigUint64Array]',
]);

const tagOf = (value: object): string => Object.prototype.toString.call(value);

/** Tells by shape, not by `instanceof`: values may come from another realm (a frame, a vm context). */
export function valueKind(value: object): ValueKind {
  const prototype: object | null = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return 'record';
  if (Array.isArray(value)) return isBuiltIn(prototype, 1) ? 'array' : 'foreign';
  const above: object | null = Object.getPrototypeOf(prototype) as object | null;
  if (above === null) return 'record';
  if (isLive(value)) return 'live';
  if (value instanceof LiveHandle || value instanceof StoredError) return 'handle';
  if (value instanceof Notification || value instanceof StoredNotification) return 'handle';
  const tag = tagOf(value);
  if (tag === '[object Map]') return isBuiltIn(prototype, 1) ? 'map' : 'foreign';
  if (tag === '[object Set]') return isBuiltIn(prototype, 1) ? 'set' : 'foreign';
  // RxJS's error classes inherit from Error, but what they construct does not have its tag.
  if (tag === '[object Error]' || value instanceof Error) return 'error';
  // The Date of fake timers is a subclass of the built-in one, and the only Date that there is while they run.
  if (tag === '[object Date]' && prototype === Date.prototype) return 'opaque';
  if (opaqueTags.has(tag))
    return isBuiltIn(prototype, ArrayBuffer.isView(value) && tag !== '[object DataView]' ? 2 : 1)
      ? 'opaque'
      : 'foreign';
  return 'foreign';
}

/** Whether `prototype` stands `levels` above the root prototype, as a built-in's does and a subclass's does not. */
function isBuiltIn(prototype: object, levels: number): boolean {
  let at: object | null = prototype;
  for (let level = 0; level < levels && at !== null; level++) at = Object.getPrototypeOf(at) as object | null;
  return at !== null && Object.getPrototypeOf(at) === null;
}

/** How a message names what it found. */
export function describeValue(value: unknown): string {
  if (typeof value === 'function') return `the function '${value.name || 'anonymous'}'`;
  if (typeof value === 'symbol') return `the symbol ${String(value)}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
  const name = prototype?.constructor?.name;
  return `an instance of ${typeof name === 'string' && name !== '' ? name : 'an unnamed class'}`;
}
