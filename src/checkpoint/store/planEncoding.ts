import { entrySegment, indexSegment, keySegment, refusal } from '../protocol/freezeState.js';
import { valueKind } from '../protocol/valueKind.js';
import { propertySegment, ValuePath } from '../protocol/ValuePath.js';
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

interface StandIn {
  readonly type: string;
  readonly data: unknown;
}

/** Far from the depth at which the stack ends (about 1,700 in Node), so that what was written can also be read. */
const MAX_DEPTH = 1_000;

/**
 * Walks over a value before it is encoded, and refuses whatever would come back changed: devalue itself would run
 * getters, and drop properties of arrays, hidden properties and the classes of subclasses, without a word.
 *
 * @throws UnstorableValueError
 */
export function planEncoding(value: unknown, types: CodecTypes): EncodingPlan {
  const walk = new EncodingWalk(Object.entries(types));
  walk.path.walk(() => {
    walk.start(value);
  });
  return { standIns: walk.standIns, views: placeViews(walk.views, walk.buffers) };
}

class EncodingWalk {
  readonly path: ValuePath = new ValuePath('');
  readonly standIns: Map<unknown, StandIn> = new Map();
  readonly views: ArrayBufferView[] = [];
  readonly buffers: Set<ArrayBufferLike> = new Set();
  private readonly visited = new Set<unknown>();
  /** What the walk is inside of, each with how many custom values were around it. */
  private readonly onStack = new Map<unknown, number>();
  private customDepth = 0;

  constructor(private readonly types: [string, CodecType][]) {}

  start(value: unknown): void {
    try {
      this.visit(value);
    } catch (error) {
      // A TypeError: something poses as a built-in object, or is a proxy that was revoked.
      if (error instanceof TypeError) this.path.fail(`cannot be read (${error.message}). Store plain data.`);
      throw error;
    }
  }

  private visit(value: unknown): void {
    if (isPrimitive(value)) return;
    if (this.visited.has(value)) this.checkCycle(value);
    else this.enter(value);
  }

  private enter(value: object | symbol): void {
    if (this.onStack.size === MAX_DEPTH) this.failTooDeep();
    this.visited.add(value);
    this.onStack.set(value, this.customDepth);
    const type = this.types.find(([, candidate]) => candidate.is(value));
    if (type === undefined) this.visitParts(value);
    else this.visitCustom(value, type);
    this.onStack.delete(value);
  }

  private visitCustom(value: object | symbol, [name, type]: [string, CodecType]): void {
    const data = type.encode(value);
    this.standIns.set(value, { type: name, data });
    this.customDepth++;
    this.at('.<stored>', data);
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

  private visitParts(value: object | symbol): void {
    if (typeof value !== 'object') this.path.fail(refusal(value));
    const kind = valueKind(value);
    if (kind === 'record') this.visitRecord(value as Record<string, unknown>);
    else if (kind === 'array') this.visitArray(value as unknown[]);
    else if (kind === 'map') this.visitMap(value as Map<unknown, unknown>);
    else if (kind === 'set') this.visitSet(value as Set<unknown>);
    else if (kind === 'opaque') this.visitOpaque(value);
    else this.path.fail(refusal(value));
  }

  private visitRecord(value: Record<string, unknown>): void {
    const prototype: object | null = Object.getPrototypeOf(value) as object | null;
    if (prototype !== null && !Object.hasOwn(prototype, 'hasOwnProperty')) this.path.fail(refusal(value));
    refuseSymbolKeys(value, this.path);
    for (const key of Object.getOwnPropertyNames(value)) {
      this.at(propertySegment(key), ownValue(value, key, this.path));
    }
  }

  private visitArray(value: unknown[]): void {
    refuseSymbolKeys(value, this.path);
    const names = Object.getOwnPropertyNames(value);
    // Indices come first, then `length`, then what somebody added.
    const last = names[names.length - 1]!;
    if (last !== 'length')
      this.path.fail(`is an array with the property '${last}' besides its items. Copy it: [...array].`);
    for (let i = 0; i < names.length - 1; i++) {
      const item = ownValue(value, names[i]!, this.path);
      if (!isPrimitive(item)) this.at(indexSegment(Number(names[i])), item);
    }
  }

  private visitMap(value: Map<unknown, unknown>): void {
    refuseProperties(value, this.path);
    let i = 0;
    for (const [key, item] of value) {
      this.at(keySegment(i), key);
      this.at(entrySegment(i++), item);
    }
  }

  private visitSet(value: Set<unknown>): void {
    refuseProperties(value, this.path);
    let i = 0;
    for (const item of value) this.at(entrySegment(i++), item);
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

  private at(segment: string, value: unknown): void {
    this.path.push(segment);
    this.visit(value);
    this.path.pop();
  }

  private failTooDeep(): never {
    for (let depth = MAX_DEPTH; depth > 5; depth--) this.path.pop();
    this.path.fail(`… is nested more than ${MAX_DEPTH} levels deep. Keep a flat structure, such as an array or a Map.`);
  }
}

function isPrimitive(value: unknown): value is string | number | bigint | boolean | null | undefined {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');
}
