const places = new WeakMap<object, string>();

/** Remembers that `result` is what RxJS's own operator made of a checkpointed Observable, after `place`. */
export function markForeign(result: object, place: string): void {
  places.set(result, place);
}

/** Where in the pipeline the stock operator stands whose result (or a result of whose result) `observable` is. */
export function foreignPlace(observable: unknown): string | undefined {
  for (let at = observable; typeof at === 'object' && at !== null; at = (at as { source?: unknown }).source) {
    const place = places.get(at);
    if (place !== undefined) return place;
  }
  return undefined;
}
