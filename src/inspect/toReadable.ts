import { LiveHandle } from '../checkpoint/protocol/LiveHandle.js';
import { StoredError } from '../checkpoint/protocol/StoredError.js';
import { StoredNotification } from '../checkpoint/protocol/StoredNotification.js';
import { toBase64 } from './base64.js';
import type { Readable } from './Readable.js';
import { byteKinds } from './Readable.js';

/** The value in the notation of `Readable`. Takes whatever a snapshot can hold, at most 1,000 levels deep. */
export function toReadable(value: unknown): Readable {
  const counts = new Map<object, number>();
  count(value, counts);
  return new Writer(counts).write(value);
}

/** How often each object occurs. */
function count(value: unknown, counts: Map<object, number>): void {
  if (typeof value !== 'object' || value === null) return;
  const seen = counts.get(value) ?? 0;
  counts.set(value, seen + 1);
  if (seen > 0) return;
  if (ArrayBuffer.isView(value)) {
    // Views of one buffer refer to it; the buffer itself is the value that is there more than once.
    count(value.buffer, counts);
    return;
  }
  for (const part of partsOf(value)) count(part, counts);
}

function* partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) for (const [key, item] of value) yield* [key, item];
  else if (value instanceof Set) yield* value as Set<unknown>;
  // Of an array without its holes, of which there may be billions.
  else if (Array.isArray(value) || kindOf(value) === 'Object') yield* Object.values(value);
}

class Writer {
  private readonly ids = new Map<object, number>();

  constructor(private readonly counts: ReadonlyMap<object, number>) {}

  write(value: unknown): Readable {
    if (typeof value === 'number') return writeNumber(value);
    if (value === undefined) return { $undefined: true };
    if (typeof value === 'bigint') return { $bigint: String(value) };
    if (typeof value !== 'object' || value === null) return value as Readable;
    if (this.counts.get(value)! <= 1) return this.writeObject(value);
    const known = this.ids.get(value);
    if (known !== undefined) return { $ref: known };
    const id = this.ids.size + 1;
    this.ids.set(value, id);
    return { $id: id, $value: this.writeObject(value) };
  }

  private writeObject(value: object): Readable {
    if (Array.isArray(value)) return this.writeArray(value as unknown[]);
    if (value instanceof Map) return { $map: Array.from(value, ([key, item]) => [this.write(key), this.write(item)]) };
    if (value instanceof Set) return { $set: Array.from(value, (item) => this.write(item)) };
    if (ArrayBuffer.isView(value)) return this.writeView(value);
    if (value instanceof LiveHandle) return { $live: this.writeRecord({ ...value }) };
    if (value instanceof StoredError) return { $error: this.writeRecord({ ...value }) };
    if (value instanceof StoredNotification) return { $notification: this.writeRecord({ ...value }) };
    const kind = kindOf(value);
    if (kind === 'Date') return { $date: writeDate(value as Date) };
    if (kind === 'RegExp') return { $regexp: [(value as RegExp).source, (value as RegExp).flags] };
    if (kind === 'ArrayBuffer') return { $ArrayBuffer: toBase64(new Uint8Array(value as ArrayBuffer)) };
    const record = this.writeRecord(value as Record<string, unknown>);
    return Object.getPrototypeOf(value) === null ? { $nullPrototype: record } : record;
  }

  private writeArray(items: readonly unknown[]): Readable {
    const written: Readable[] = [];
    let next = 0;
    // By the indices that are there: an array may have one item at 4 billion, and even `forEach` counts up to it.
    for (const index of Object.keys(items).map(Number)) {
      if (index > next) written.push({ $hole: index - next });
      written.push(this.write(items[index]));
      next = index + 1;
    }
    if (items.length > next) written.push({ $hole: items.length - next });
    return written;
  }

  private writeView(view: ArrayBufferView): Readable {
    const kind = kindOf(view);
    const { buffer, byteOffset, byteLength } = view;
    const isWhole = byteOffset === 0 && byteLength === buffer.byteLength && this.counts.get(buffer)! <= 1;
    const length = (view as Partial<Uint8Array>).length ?? byteLength;
    if (!isWhole) return { [`$${kind}`]: { buffer: this.write(buffer), byteOffset, length } };
    if (byteKinds.has(kind)) return { [`$${kind}`]: toBase64(new Uint8Array(buffer)) };
    return { [`$${kind}`]: Array.from(view as unknown as ArrayLike<number | bigint>, writeElement) };
  }

  private writeRecord(record: Readonly<Record<string, unknown>>): Readonly<Record<string, Readable>> {
    const written: Record<string, Readable> = {};
    for (const key of Object.keys(record)) {
      const name = key.startsWith('$') ? `$${key}` : key;
      // `__proto__` is a name like others in JSON.
      Object.defineProperty(written, name, {
        value: this.write(record[key]),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return written;
  }
}

function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function writeElement(element: number | bigint): Readable {
  return typeof element === 'bigint' ? { $bigint: String(element) } : writeNumber(element);
}

function writeNumber(value: number): Readable {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { $number: Object.is(value, -0) ? '-0' : String(value) };
}

function writeDate(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
