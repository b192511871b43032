import { valueKind } from '../protocol/valueKind.js';
import type { Segment } from '../protocol/ValuePath.js';
import { entrySegment, indexSegment, keySegment, propertySegment, ValuePath } from '../protocol/ValuePath.js';
import { isPrimitive, refusal } from '../protocol/valueParts.js';
import { checkBuffer } from './checkBuffer.js';
import type { CodecType, CodecTypes } from './CodecType.js';
import { ownValue, refuseProperties, refuseSymbolKeys } from './ownValue.js';
import type { StoredView } from './StoredView.js';
import { placeViews } from './StoredView.js';

/** What a walk over a value found out, for devalue to write it down. */
export interface EncodingPlan {
  /** What is stored instead of custom values. */
  readonly standIns: ReadonlyMap<unknown, StandIn>;
  readonly views: ReadonlyMap<ArrayBufferView, StoredView>;
}

export interface StandIn {
  readonly type: string;
  readonly data: unknown;
}

/** Far from the depth at which the stack ends (about 1,700 in Node), so that what was written can also be read. */
const MAX_DEPTH = 1_000;

/** After so many parts whoever drives the work may have a look at the clock. */
const PARTS_AT_ONCE = 512;

/**
 * Walks over a value before it is encoded, and refuses whatever would come back changed: devalue itself would run
 * getters, and drop properties of arrays, hidden properties and the classes of subclasses, without a word. May be
 * interrupted wherever it yields.
 *
 * @throws UnstorableValueError
 */
export function* planEncoding(value: unknown, types: CodecTypes): Generator<void, EncodingPlan, void> {
  const walk = new EncodingWalk(Object.entries(types));
  yield* walk.over(value);
  return { standIns: walk.standIns, views: placeViews(walk.views, walk.buffers) };
}

const storedSegment = (): string => '.<stored>';

/** What the walk is inside of. */
interface Frame {
  readonly value: unknown;
  /** The parts that are still to be visited; undefined for a pause. */
  readonly parts: Iterator<unknown, void>;
}

class EncodingWalk {
  readonly standIns: Map<unknown, StandIn> = new Map();
  readonly views: ArrayBufferView[] = [];
  readonly buffers: Set<ArrayBufferLike> = new Set();
  private readonly path: ValuePath = new ValuePath('');
  private readonly visited = new Set<unknown>();
  private readonly frames: Frame[] = [];
  /** The values of the frames, each with how many custom values were around it. */
  private readonly onStack = new Map<unknown, number>();
  private customDepth = 0;
  /** Of the part that a frame has given last: how its key is written, and the key. */
  private segment: Segment<never> = propertySegment;
  private key: string | number = '';

  constructor(private readonly types: [string, CodecType][]) {}

  *over(value: unknown): Generator<void, void, void> {
    try {
      this.visit(value);
      let steps = 0;
      for (let top = this.frames.at(-1); top !== undefined; top = this.frames.at(-1)) {
        const { value: part, done } = top.parts.next();
        if (done === true) this.leave(top);
        else if (part === undefined) yield;
        else this.visitPart(part);
        if (++steps % PARTS_AT_ONCE === 0) yield;
      }
    } catch (error) {
      // A TypeError: something poses as a built-in object, or is a proxy that was revoked.
      if (error instanceof TypeError) this.path.fail(`cannot be read (${error.message}). Store plain data.`);
      throw error;
    }
  }

  private visitPart(part: unknown): void {
    const depth = this.frames.length;
    this.path.push(this.segment, this.key as never);
    this.visit(part);
    if (this.frames.length === depth) this.path.pop();
  }

  private leave({ value }: Frame): void {
    this.frames.pop();
    this.onStack.delete(value);
    if (this.frames.length > 0) this.path.pop();
  }

  private visit(value: unknown): void {
    if (isPrimitive(value)) return;
    if (this.visited.has(value)) this.checkCycle(value);
    else this.enter(value);
  }

  private enter(value: object | symbol): void {
    if (this.frames.length === MAX_DEPTH) this.failTooDeep();
    this.visited.add(value);
    const type = this.types.find(([, candidate]) => candidate.is(value));
    const parts = type === undefined ? this.partsOf(value) : this.partsOfCustom(value, type);
    if (parts === null) return;
    this.frames.push({ value, parts });
    this.onStack.set(value, this.customDepth);
  }

  private *partsOfCustom(value: object | symbol, [name, type]: [string, CodecType]): Iterator<unknown, void> {
    const data = type.encode(value);
    this.standIns.set(value, { type: name, data });
    this.customDepth++;
    this.segment = storedSegment;
    if (!isPrimitive(data)) yield data;
    this.customDepth--;
  }

  /** `decode` needs its data complete, so a custom value cannot be part of its own data. */
  private checkCycle(value: unknown): void {
    const around = this.onStack.get(value);
    if (around !== undefined && around < this.customDepth) {
      this.path.fail(
        'leads back to a value around it through a custom type, which cannot be re-created. Break the cycle.',
      );
    }
  }

  /** Null for what has none. */
  private partsOf(value: object | symbol): Iterator<unknown, void> | null {
    if (typeof value !== 'object') this.path.fail(refusal(value));
    switch (valueKind(value)) {
      case 'record':
        return this.partsOfRecord(value as Record<string, unknown>);
      case 'array':
        return this.partsOfArray(value as unknown[]);
      case 'map':
        return this.partsOfMap(value as Map<unknown, unknown>);
      case 'set':
        return this.partsOfSet(value as Set<unknown>);
      case 'opaque':
        this.visitOpaque(value);
        return null;
      case 'live':
      case 'error':
      case 'handle':
      case 'foreign':
        return this.path.fail(refusal(value));
    }
  }

  private *partsOfRecord(value: Record<string, unknown>): Iterator<unknown, void> {
    const prototype: object | null = Object.getPrototypeOf(value) as object | null;
    if (prototype !== null && !Object.hasOwn(prototype, 'hasOwnProperty')) this.path.fail(refusal(value));
    refuseSymbolKeys(value, this.path);
    let n = 0;
    for (const key of Object.getOwnPropertyNames(value)) {
      const item = ownValue(value, key, this.path);
      if (isPrimitive(item)) {
        if (++n % PARTS_AT_ONCE === 0) yield undefined;
        continue;
      }
      this.segment = propertySegment;
      this.key = key;
      yield item;
    }
  }

  private *partsOfArray(value: unknown[]): Iterator<unknown, void> {
    refuseSymbolKeys(value, this.path);
    const names = Object.getOwnPropertyNames(value);
    // Indices come first, then `length`, then what somebody added.
    const last = names[names.length - 1]!;
    if (last !== 'length')
      this.path.fail(`is an array with the property '${last}' besides its items. Copy it: [...array].`);
    for (let i = 0; i < names.length - 1; i++) {
      const item = ownValue(value, names[i]!, this.path);
      if (i % PARTS_AT_ONCE === PARTS_AT_ONCE - 1) yield undefined;
      if (isPrimitive(item)) continue;
      this.segment = indexSegment;
      this.key = Number(names[i]);
      yield item;
    }
  }

  private *partsOfMap(value: Map<unknown, unknown>): Iterator<unknown, void> {
    refuseProperties(value, this.path);
    let i = 0;
    for (const [key, item] of value) {
      if (i % PARTS_AT_ONCE === PARTS_AT_ONCE - 1) yield undefined;
      this.segment = keySegment;
      this.key = i;
      if (!isPrimitive(key)) yield key;
      this.segment = entrySegment;
      this.key = i++;
      if (!isPrimitive(item)) yield item;
    }
  }

  private *partsOfSet(value: Set<unknown>): Iterator<unknown, void> {
    refuseProperties(value, this.path);
    let i = 0;
    for (const item of value) {
      if (i % PARTS_AT_ONCE === PARTS_AT_ONCE - 1) yield undefined;
      this.segment = entrySegment;
      this.key = i++;
      if (!isPrimitive(item)) yield item;
    }
  }

  private visitOpaque(value: object): void {
    if (ArrayBuffer.isView(value)) {
      checkBuffer(value.buffer, this.path);
      this.views.push(value);
      return;
    }
    refuseProperties(value, this.path);
    const tag = Object.prototype.toString.call(value);
    if (tag === '[object ArrayBuffer]') {
      checkBuffer(value as ArrayBuffer, this.path);
      this.buffers.add(value as ArrayBuffer);
    } else if (tag === '[object RegExp]' && (value as RegExp).lastIndex !== 0) {
      this.path.fail(
        'is a RegExp in the middle of a search (its lastIndex is not 0), which is not stored. Store the index beside it.',
      );
    }
  }

  private failTooDeep(): never {
    for (let depth = MAX_DEPTH; depth > 5; depth--) this.path.pop();
    this.path.fail(`… is nested more than ${MAX_DEPTH} levels deep. Keep a flat structure, such as an array or a Map.`);
  }
}
