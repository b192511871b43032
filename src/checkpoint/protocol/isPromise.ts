/** Of what can be stored nothing has methods, so this tells a Promise from a state. */
export function isPromise(state: unknown): state is PromiseLike<unknown> {
  return typeof (state as { then?: unknown } | null | undefined)?.then === 'function';
}
