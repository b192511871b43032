import type { ValuePath } from '../protocol/ValuePath.js';
import { indexSegment, propertySegment } from '../protocol/ValuePath.js';

/** A property's value. A getter is not run: what it computes now would come back as a plain value. */
export function ownValue(owner: object, key: string, path: ValuePath): unknown {
  const property = Object.getOwnPropertyDescriptor(owner, key);
  if (property?.enumerable && property.get === undefined && property.set === undefined && key !== '__proto__') {
    return property.value;
  }
  if (Array.isArray(owner)) path.push(indexSegment, Number(key));
  else path.push(propertySegment, key);
  if (key === '__proto__') path.fail('would become the prototype of the object. Use a Map for arbitrary keys.');
  if (property?.enumerable) path.fail('is a getter or setter. Store the value itself.');
  return path.fail('is a hidden (not enumerable) property. Make it a plain one.');
}

export function refuseSymbolKeys(owner: object, path: ValuePath): void {
  const key = Object.getOwnPropertySymbols(owner)[0];
  if (key !== undefined) path.fail(`has a property whose key is ${String(key)}. Use a string key.`);
}

/** For a Map, a Date and so on. Hidden properties pass: immer freezes a Map by hiding its methods. */
export function refuseProperties(owner: object, path: ValuePath): void {
  refuseSymbolKeys(owner, path);
  const key = Object.keys(owner)[0];
  if (key !== undefined) path.fail(`has the property '${key}' besides what it holds. Use a plain object.`);
}
