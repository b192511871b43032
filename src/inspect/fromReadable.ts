import { LiveHandle } from '../checkpoint/protocol/LiveHandle.js';
import type { LiveStatus } from '../checkpoint/protocol/LiveHandle.js';
import { StoredError } from '../checkpoint/protocol/StoredError.js';
import { StoredNotification } from '../checkpoint/protocol/StoredNotification.js';
import { propertySegment } from '../checkpoint/protocol/ValuePath.js';
import { UnreadableNotationError } from '../errors/UnreadableNotationError.js';
import { fromBase64 } from './base64.js';
import type { Readable } from './Readable.js';
import { typedArrays } from './Readable.js';

/**
 * The value that a document in the notation of `Readable` stands for.
 *
 * @throws UnreadableNotationError, with the path in the document
 */
export function fromReadable(document: Readable): unknown {
  try {
    return new Reader().read(document, '');
  } catch (error) {
    if (!(error instanceof RangeError && /call stack/i.test(error.message))) throw error;
    throw new UnreadableNotationError({
      path: '',
      problem: 'is nested too deeply (thousands of levels).',
      cause: error,
    });
  }
}

type Fields = Readonly<Record<string, Readable>>;
/** Gets a container while it is still empty, so that what is in it can refer to it. */
type Announce = (value: object) => void;

class Reader {
  private readonly values = new Map<Readable, unknown>();

  read(document: Readable, path: string, announce: Announce = () => {}): unknown {
    if (typeof document !== 'object' || document === null) return document;
    if (Array.isArray(document)) return this.readArray(document as readonly Readable[], path, announce);
    const fields = document as Fields;
    const mark = Object.keys(fields).find((key) => key.startsWith('$') && !key.startsWith('$$'));
    return mark === undefined
      ? this.readRecord(fields, {}, path, announce)
      : this.readMarked(mark, fields, path, announce);
  }

  private readArray(items: readonly Readable[], path: string, announce: Announce): unknown[] {
    const array: unknown[] = [];
    announce(array);
    let length = 0;
    items.forEach((item, i) => {
      const hole = holeOf(item);
      if (hole === undefined) array[length++] = this.read(item, `${path}[${i}]`);
      else if (isWholeNumber(hole) && hole > 0 && length + hole < 2 ** 32) length += hole;
      else fail(`${path}[${i}]`, 'has to say how many items are missing, e.g. {"$hole": 1}.');
    });
    array.length = length;
    return array;
  }

  private readRecord(fields: Fields, target: object, path: string, announce: Announce): object {
    announce(target);
    for (const key of Object.keys(fields)) {
      const name = key.startsWith('$$') ? key.slice(1) : key;
      const value = this.read(fields[key]!, path + propertySegment(key));
      Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
    }
    return target;
  }

  private readMarked(mark: string, fields: Fields, path: string, announce: Announce): unknown {
    const kind = mark.slice(1);
    if (kind === 'id' || kind === 'value') return this.readShared(fields, path);
    const others = Object.keys(fields).length > 1;
    if (others || !this.knows(kind))
      fail(
        path,
        `has the key '${mark}', which ${others ? 'stands alone in the notation' : 'the notation does not have'}. ` +
          `A property of that name is written with one more $: "$${mark}".`,
      );
    const content = fields[mark]!;
    const at = path + propertySegment(mark);
    if (kind === 'ref') return this.readReference(content, at);
    if (kind === 'map' || kind === 'set') return this.readCollection(kind, list(content, at), at, announce);
    if (kind === 'nullPrototype')
      return this.readRecord(record(content, at), Object.create(null) as object, at, announce);
    const value =
      kind in typedArrays || kind === 'DataView' ? this.readView(kind, content, at) : this.readLeaf(kind, content, at);
    if (typeof value === 'object') announce(value!);
    return value;
  }

  private knows(kind: string): boolean {
    return kind in typedArrays || kinds.has(kind);
  }

  private readShared(fields: Fields, path: string): unknown {
    const { $id: id, $value: content } = fields;
    if (id === undefined || content === undefined || Object.keys(fields).length !== 2)
      fail(path, 'has to be {"$id": a number, "$value": what it stands for}.');
    if (this.values.has(id)) fail(path, `has the $id ${JSON.stringify(id)}, which another value has before it.`);
    let isAnnounced = false;
    const value = this.read(content, `${path}.$value`, (container) => {
      isAnnounced = true;
      this.values.set(id, container);
    });
    if (!isAnnounced) this.values.set(id, value);
    return value;
  }

  private readReference(id: Readable, path: string): unknown {
    if (this.values.has(id)) return this.values.get(id);
    return fail(path, `refers to ${JSON.stringify(id)}, and no value before it has that as its $id.`);
  }

  private readCollection(
    kind: 'map' | 'set',
    items: readonly Readable[],
    path: string,
    announce: Announce,
  ): Map<unknown, unknown> | Set<unknown> {
    const collection = kind === 'map' ? new Map<unknown, unknown>() : new Set<unknown>();
    announce(collection);
    items.forEach((item, i) => {
      const at = `${path}[${i}]`;
      if (collection instanceof Set) collection.add(this.read(item, at));
      else {
        const pair = list(item, at);
        if (pair.length !== 2) fail(at, 'has to be a pair: [key, value].');
        collection.set(this.read(pair[0]!, `${at}[0]`), this.read(pair[1]!, `${at}[1]`));
      }
      if (collection.size !== i + 1) fail(at, `is in the ${kind} already.`);
    });
    return collection;
  }

  private readView(kind: string, content: Readable, path: string): object {
    const create = kind === 'DataView' ? DataView : typedArrays[kind as keyof typeof typedArrays];
    try {
      if (typeof content === 'string') return Reflect.construct(create, [bytesOf(content, path).buffer]) as object;
      if (Array.isArray(content)) {
        const elements = content.map((item: Readable, i) => this.read(item, `${path}[${i}]`));
        const view = Reflect.construct(create, [elements]) as ArrayLike<unknown>;
        elements.forEach((element, i) => {
          const isRounded = typeof element === 'number' && Math.fround(element) === view[i];
          if (!isRounded && !Object.is(view[i], element)) fail(`${path}[${i}]`, `does not fit into a ${kind}.`);
        });
        return view;
      }
      const { buffer, byteOffset, length } = record(content, path);
      const whole = this.read(buffer ?? null, `${path}.buffer`);
      if (Object.prototype.toString.call(whole) !== '[object ArrayBuffer]')
        fail(`${path}.buffer`, 'is no $ArrayBuffer.');
      return Reflect.construct(create, [whole, byteOffset, length]) as object;
    } catch (error) {
      if (error instanceof UnreadableNotationError) throw error;
      throw new UnreadableNotationError({ path, problem: `makes no ${kind}: ${String(error)}.`, cause: error });
    }
  }

  private readLeaf(kind: string, content: Readable, path: string): unknown {
    switch (kind) {
      case 'undefined':
        return undefined;
      case 'number':
        return numbers.get(content) ?? fail(path, 'has to be "NaN", "Infinity", "-Infinity" or "-0".');
      case 'bigint':
        return typeof content === 'string' && /^-?\d+$/.test(content)
          ? BigInt(content)
          : fail(path, 'is no whole number in quotes.');
      case 'date':
        return readDate(content, path);
      case 'regexp':
        return readRegExp(list(content, path), path);
      case 'ArrayBuffer':
        return bytesOf(content, path).buffer;
      case 'hole':
        return fail(path, 'can only be an item of an array.');
      default:
        return this.readStandIn(kind, record(content, path), path);
    }
  }

  private readStandIn(kind: string, fields: Fields, path: string): unknown {
    const read = this.readRecord(fields, {}, path, () => {}) as Record<string, unknown>;
    if (kind === 'live') {
      const { id, status, key, error } = read;
      if (typeof id !== 'number' || !statuses.has(status)) fail(path, 'needs an id and a status.');
      return new LiveHandle(id, status as LiveStatus, key, error);
    }
    if (kind === 'error') {
      const { type, message, fields: own } = read;
      if (typeof type !== 'string' || typeof message !== 'string' || typeof own !== 'object' || own === null)
        fail(path, 'needs a type, a message and fields.');
      return new StoredError(type, message, own as Record<string, unknown>);
    }
    if (read.kind !== 'N' && read.kind !== 'E' && read.kind !== 'C') fail(path, 'needs a kind: "N", "E" or "C".');
    return new StoredNotification(read.kind, read.value, read.error);
  }
}

const kinds = new Set([
  ...['undefined', 'number', 'bigint', 'date', 'regexp', 'hole', 'ref', 'map', 'set', 'nullPrototype'],
  ...['ArrayBuffer', 'DataView', 'live', 'error', 'notification'],
]);
const statuses = new Set<unknown>(['live', 'completed', 'errored', 'abandoned', 'closed']);
const numbers = new Map<Readable, number>([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

function fail(path: string, problem: string): never {
  throw new UnreadableNotationError({ path: path.replace(/^\./, ''), problem });
}

function holeOf(item: Readable): Readable | undefined {
  return typeof item === 'object' && item !== null && '$hole' in item ? item.$hole : undefined;
}

function isWholeNumber(value: Readable): value is number {
  return Number.isSafeInteger(value);
}

function list(content: Readable, path: string): readonly Readable[] {
  return Array.isArray(content) ? (content as readonly Readable[]) : fail(path, 'has to be an array.');
}

function record(content: Readable, path: string): Fields {
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Fields;
  return fail(path, 'has to be an object.');
}

function bytesOf(content: Readable, path: string): Uint8Array<ArrayBuffer> {
  const bytes = typeof content === 'string' ? fromBase64(content) : undefined;
  return bytes ?? fail(path, 'has to be a text in base64.');
}

function readDate(content: Readable, path: string): Date {
  const date = new Date(typeof content === 'string' ? content : NaN);
  if (content !== null && Number.isNaN(date.getTime())) fail(path, 'is no date such as "2026-11-21T10:00:00.000Z".');
  return date;
}

function readRegExp([source, flags]: readonly Readable[], path: string): RegExp {
  try {
    return new RegExp(source as string, (flags ?? '') as string);
  } catch (cause) {
    throw new UnreadableNotationError({ path, problem: 'is no regular expression.', cause });
  }
}
