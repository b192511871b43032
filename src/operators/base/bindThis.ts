/** A callback with its `this`. What is no function fails when it is called, as in RxJS. */
export function bindThis<F>(callback: F, thisArg: unknown): F {
  if (thisArg === undefined || typeof callback !== 'function') return callback;
  return callback.bind(thisArg) as F;
}
