/**
 * A value as text that tells everything that a snapshot must carry: types, prototypes, holes, the sign of zero, key
 * order, and which parts are one and the same object.
 */
export function graphOf(value: unknown): string {
  const ids = new Map<unknown, number>();

  function visit(part: unknown): string {
    if (part === null || typeof part !== 'object') return Object.is(part, -0) ? '-0' : `${typeof part} ${quoted(part)}`;
    const known = ids.get(part);
    if (known !== undefined) return `#${known}`;
    ids.set(part, ids.size);
    return `#${ids.size - 1}=${parts(part)}`;
  }

  function parts(part: object): string {
    const prototype: object | null = Object.getPrototypeOf(part) as object | null;
    const name = prototype === null ? 'null' : prototype.constructor.name;
    if (Array.isArray(part)) return `[${part.length}:${properties(part)}]`;
    if (part instanceof Map) return `Map(${Array.from(part, ([k, v]) => `${visit(k)}=>${visit(v)}`).join()})`;
    if (part instanceof Set) return `Set(${Array.from(part, visit).join()})`;
    if (part instanceof Date) return `Date(${part.getTime()})`;
    if (part instanceof RegExp) return `RegExp(${String(part)} at ${part.lastIndex})`;
    if (part instanceof ArrayBuffer) return `ArrayBuffer(${new Uint8Array(part).join()})`;
    if (ArrayBuffer.isView(part)) return `${name}(${bytesOf(part).join()})`;
    return `${name}{${properties(part)}}`;
  }

  const properties = (part: object): string =>
    Object.entries(part)
      .map(([key, item]) => `${JSON.stringify(key)}:${visit(item)}`)
      .join();

  return visit(value);
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
