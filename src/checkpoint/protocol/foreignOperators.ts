const places = new WeakMap<object, string>();

/** Remembers that `result` is what RxJS's own operator made of a checkpointed Observable, after `place`. */
export function markForeign(result: object, place: string): void {
  places.set(result, place);
}

const connectables = new WeakSet<object>();

/** Remembers that `result` is a checkpointed Observable made connectable by hand. */
export function markConnectable(result: object): void {
  connectables.add(result);
}

/** Whether `observable` is a connectable, or what an operator made of one. */
export function isOfConnectable(observable: unknown): boolean {
  for (let at = observable; typeof at === 'object' && at !== null; at = (at as { source?: unknown }).source)
    if (connectables.has(at)) return true;
  return false;
}

/** Where in the pipeline the stock operator stands whose result (or a result of whose result) `observable` is. */
export function foreignPlace(observable: unknown): string | undefined {
  for (let at = observable; typeof at === 'object' && at !== null; at = (at as { source?: unknown }).source) {
    const place = places.get(at);
    if (place !== undefined) return place;
  }
  return undefined;
}
