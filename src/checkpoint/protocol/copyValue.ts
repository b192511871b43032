import { freezeCollection } from './freezeCollection.js';
import { valueKind } from './valueKind.js';
import type { Segment } from './ValuePath.js';
import { entrySegment, indexSegment, keySegment, propertySegment, ValuePath } from './ValuePath.js';
import { checkArray, isPrimitive, propertyOf, recordKeys, refusal } from './valueParts.js';

export interface CopyOptions {
  /** Names the value in errors, e.g. `state.buffer[0]`. */
  readonly path: string;
  /** Whether the copy is frozen, Maps and Sets included. What freezing does not protect (Dates …) is not. */
  readonly frozen: boolean;
  /** What stands in the copy for a live Observable, an error, or a handle of one. */
  replace(value: object, path: ValuePath): object;
}

/**
 * A private deep copy of a storable value. Cycles and references shared within the value are kept as such.
 *
 * @throws UnstorableValueError for what a snapshot cannot hold.
 */
export function copyValue<T>(value: T, options: CopyOptions): T {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') new ValuePath(options.path).fail(refusal(value));
    return value;
  }
  const path = new ValuePath(options.path);
  return path.walk(() => new CopyWalk(options, path).visit(value) as T);
}

class CopyWalk {
  private readonly copies = new Map<object, object>();

  constructor(
    private readonly options: CopyOptions,
    private readonly path: ValuePath,
  ) {}

  visit(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'function' || typeof value === 'symbol') this.path.fail(refusal(value));
      return value;
    }
    return this.copies.get(value) ?? this.copy(value);
  }

  private copy(value: object): object {
    switch (valueKind(value)) {
      case 'record':
        return this.copyRecord(value as Record<string, unknown>);
      case 'array':
        return this.copyArray(value as unknown[]);
      case 'map':
        return this.copyMap(value as Map<unknown, unknown>);
      case 'set':
        return this.copySet(value as Set<unknown>);
      case 'opaque':
        return this.keep(value, copyOpaque(value));
      case 'live':
      case 'error':
      case 'handle':
        return this.keep(value, this.options.replace(value, this.path));
      case 'foreign':
        return this.path.fail(refusal(value));
    }
  }

  private keep<C extends object>(value: object, copy: C): C {
    this.copies.set(value, copy);
    return copy;
  }

  private copyRecord(value: Record<string, unknown>): object {
    const copy = this.keep(
      value,
      Object.getPrototypeOf(value) === null ? (Object.create(null) as Record<string, unknown>) : {},
    );
    for (const key of recordKeys(value, this.path))
      copy[key] = this.at(propertySegment, key, propertyOf(value, key, this.path));
    return this.options.frozen ? Object.freeze(copy) : copy;
  }

  private copyArray(value: unknown[]): object {
    checkArray(value, this.path);
    const copy = this.keep(value, new Array<unknown>(value.length));
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (item !== undefined || i in value) copy[i] = this.at(indexSegment, i, item);
    }
    return this.options.frozen ? Object.freeze(copy) : copy;
  }

  private copyMap(value: Map<unknown, unknown>): object {
    const copy = this.keep(value, new Map<unknown, unknown>());
    let i = 0;
    for (const [key, item] of value) {
      const keyCopy = this.at(keySegment, i, key);
      copy.set(keyCopy, this.at(entrySegment, i++, item));
    }
    if (this.options.frozen) freezeCollection(copy);
    return copy;
  }

  private copySet(value: Set<unknown>): object {
    const copy = this.keep(value, new Set<unknown>());
    let i = 0;
    for (const item of value) copy.add(this.at(entrySegment, i++, item));
    if (this.options.frozen) freezeCollection(copy);
    return copy;
  }

  private at<K extends string | number>(segment: Segment<K>, key: K, value: unknown): unknown {
    if (isPrimitive(value)) return value;
    this.path.push(segment, key);
    const copy = this.visit(value);
    this.path.pop();
    return copy;
  }
}

function copyOpaque(value: object): object {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
    return new (value.constructor as new (bytes: ArrayBufferLike) => object)(bytes);
  }
  switch (Object.prototype.toString.call(value)) {
    case '[object Date]':
      return new Date((value as Date).getTime());
    case '[object RegExp]': {
      const copy = new RegExp((value as RegExp).source, (value as RegExp).flags);
      copy.lastIndex = (value as RegExp).lastIndex;
      return copy;
    }
    default:
      return (value as ArrayBuffer).slice(0);
  }
}
