import { isPrimitive } from '../protocol/valueParts.js';
import { LONG_STRING, LongStrings } from './LongStrings.js';
import type { EncodingPlan, StandIn } from './planEncoding.js';

/** After so many parts whoever drives the work may have a look at the clock. */
const PARTS_AT_ONCE = 512;
/** Long texts are put together of pieces of about so many characters. */
const PIECE = 32_768;
/** Of an ArrayBuffer; a multiple of 3, so that the pieces of its base64 fit together. */
const BYTES_AT_ONCE = 24_576;
/** In place of an index, for what JSON lacks. */
const UNDEFINED = -1;
const HOLE = -2;
const SPARSE = -7;

/** What stands for one value: in pieces when it is long. */
export type ValueText = string | readonly string[];

/**
 * Writes a value down as devalue's `stringify` does (docs/format.md), to the letter, but in steps, so that it can be
 * interrupted within a large one. There is no recursion: a container that is met is put on a stack, and whoever holds it
 * goes on when all that is in there is numbered, since values are numbered in the order in which they are met.
 */
export class SnapshotText {
  private count = 0;
  private readonly indices = new Map<unknown, number>();
  private readonly longStrings = new LongStrings();
  private readonly texts: ValueText[] = [];
  private readonly open: Iterator<void, void>[] = [];

  /** @param plan - of the same value. It has refused what cannot be stored, so nothing is checked here. */
  constructor(private readonly plan: EncodingPlan) {}

  /** The texts by index, the value itself first; or all there is to say of a value that is none but its index. */
  *write(value: unknown): Generator<void, readonly ValueText[] | string, void> {
    const index = this.refer(value);
    if (index < 0) return String(index);
    let steps = 0;
    for (let top = this.open.at(-1); top !== undefined; top = this.open.at(-1)) {
      const depth = this.open.length;
      if (top.next().done === true) this.open.pop();
      const isPause = this.open.length === depth;
      if (++steps % PARTS_AT_ONCE === 0 || isPause) yield;
    }
    return this.texts;
  }

  /** The number that stands for a part in the text of its container. */
  private refer(part: unknown): number {
    if (part === undefined) return UNDEFINED;
    if (typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0))) return numberIndex(part);
    if (typeof part === 'string' && part.length > LONG_STRING) return this.referToLong(part);
    const known = this.indices.get(part);
    if (known !== undefined) return known;
    const index = this.count++;
    this.indices.set(part, index);
    const standIn = this.plan.standIns.get(part);
    if (standIn !== undefined) this.open.push(this.custom(index, standIn));
    else if (isPrimitive(part)) this.texts[index] = primitiveText(part);
    else this.object(index, part);
    return index;
  }

  private referToLong(text: string): number {
    const known = this.longStrings.find(text);
    if (known !== undefined) return known;
    const index = this.count++;
    this.longStrings.add(text, index);
    this.texts[index] = quoted(text);
    return index;
  }

  private object(index: number, value: object): void {
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (Array.isArray(value)) this.open.push(this.array(index, value as unknown[]));
    else if (tag === 'Map') this.open.push(this.list(index, '["Map"', entriesOf(value as Map<unknown, unknown>)));
    else if (tag === 'Set') this.open.push(this.list(index, '["Set"', value as Set<unknown>));
    else if (tag === 'Date') this.texts[index] = dateText(value as Date);
    else if (tag === 'RegExp') this.texts[index] = regExpText(value as RegExp);
    else if (tag === 'ArrayBuffer') this.open.push(this.buffer(index, value as ArrayBuffer));
    else if (ArrayBuffer.isView(value)) this.open.push(this.view(index, tag, value));
    else this.open.push(this.record(index, value as Record<string, unknown>));
  }

  // Containers. Each lets go after a part that was put on the stack, and every now and then.

  private *record(index: number, value: Record<string, unknown>): Generator<void, void, void> {
    const isPlain = Object.getPrototypeOf(value) !== null;
    const text = new Pieces(isPlain ? '{' : '["null"');
    const depth = this.open.length;
    let parts = 0;
    for (const key of Object.keys(value)) {
      const separator = isPlain && parts === 0 ? '' : ',';
      text.add(`${separator}${quoted(key)}${isPlain ? ':' : ','}${this.refer(value[key])}`);
      if (++parts % PARTS_AT_ONCE === 0 || this.open.length > depth) yield;
    }
    this.texts[index] = text.end(isPlain ? '}' : ']');
  }

  private *array(index: number, value: readonly unknown[]): Generator<void, void, void> {
    const text = new Pieces('[');
    const depth = this.open.length;
    let hasHoles = false;
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      const isHole = item === undefined && !(i in value);
      if (isHole && !hasHoles && isCheaperSparse(value)) return yield* this.sparse(index, value);
      hasHoles ||= isHole;
      const number = isHole ? HOLE : this.refer(item);
      text.add(i === 0 ? String(number) : `,${number}`);
      if (i % PARTS_AT_ONCE === PARTS_AT_ONCE - 1 || this.open.length > depth) yield;
    }
    this.texts[index] = text.end(']');
  }

  private *sparse(index: number, value: readonly unknown[]): Generator<void, void, void> {
    const text = new Pieces(`[${SPARSE},${value.length}`);
    const depth = this.open.length;
    let parts = 0;
    for (const key of Object.keys(value)) {
      text.add(`,${key},${this.refer(value[Number(key)])}`);
      if (++parts % PARTS_AT_ONCE === 0 || this.open.length > depth) yield;
    }
    this.texts[index] = text.end(']');
  }

  private *list(index: number, start: string, items: Iterable<unknown>): Generator<void, void, void> {
    const text = new Pieces(start);
    const depth = this.open.length;
    let parts = 0;
    for (const item of items) {
      text.add(`,${this.refer(item)}`);
      if (++parts % PARTS_AT_ONCE === 0 || this.open.length > depth) yield;
    }
    this.texts[index] = text.end(']');
  }

  private *buffer(index: number, value: ArrayBuffer): Generator<void, void, void> {
    const text = new Pieces('["ArrayBuffer","');
    for (let from = 0; from < value.byteLength; from += BYTES_AT_ONCE) {
      text.add(base64(new Uint8Array(value, from, Math.min(BYTES_AT_ONCE, value.byteLength - from))));
      yield;
    }
    this.texts[index] = text.end('"]');
  }

  private *view(index: number, tag: string, value: ArrayBufferView): Generator<void, void, void> {
    const { buffer, byteOffset, byteLength, length, bufferByteLength } = this.plan.views.get(value)!;
    const depth = this.open.length;
    const number = this.refer(buffer);
    const place = `,${byteOffset},${tag === 'DataView' ? byteLength : length}`;
    if (this.open.length > depth) yield;
    this.texts[index] = `["${tag}",${number}${byteLength === bufferByteLength ? '' : place}]`;
  }

  /** Its data is in an array of one. */
  private *custom(index: number, { type, data }: StandIn): Generator<void, void, void> {
    const depth = this.open.length;
    const number = this.refer([data]);
    if (this.open.length > depth) yield;
    this.texts[index] = `["@${type}",${number}]`;
  }
}

/** A text that may become long. */
class Pieces {
  private readonly whole: string[] = [];

  constructor(private last: string) {}

  add(text: string): void {
    this.last += text;
    if (this.last.length < PIECE) return;
    this.whole.push(this.last);
    this.last = '';
  }

  end(text: string): ValueText {
    this.last += text;
    return this.whole.length === 0 ? this.last : [...this.whole, this.last];
  }
}

function* entriesOf(map: ReadonlyMap<unknown, unknown>): Iterable<unknown> {
  for (const [key, value] of map) {
    yield key;
    yield value;
  }
}

/** Each hole takes 3 characters; of a sparse array each item has its index before it. */
function isCheaperSparse(value: readonly unknown[]): boolean {
  const { length } = value;
  const items = Object.keys(value).length;
  const digits = String(length).length;
  return 3 * (length - items) > 4 + digits + items * (digits + 1);
}

function numberIndex(number: number): number {
  if (Number.isNaN(number)) return -3;
  if (number === 0) return -6;
  return number > 0 ? -4 : -5;
}

function primitiveText(value: string | number | bigint | boolean | null | undefined): string {
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'bigint' ? `["BigInt","${value}"]` : String(value);
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? '["Date",""]' : `["Date","${date.toISOString()}"]`;
}

function regExpText({ source, flags }: RegExp): string {
  return flags === '' ? `["RegExp",${quoted(source)}]` : `["RegExp",${quoted(source)},"${flags}"]`;
}

const NEEDS_ESCAPE = /["\\<\u0000-\u001f\u2028\u2029\ud800-\udfff]/;
const escapes: Readonly<Record<string, string>> = { '<': '\\u003C', '\u2028': '\\u2028', '\u2029': '\\u2029' };

/** As JSON, and fit to stand in a script, as devalue has it. */
function quoted(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(/[<\u2028\u2029]/g, (char) => escapes[char]!);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode.apply(null, bytes as unknown as number[]));
}
