const RESTS_OR_DEFAULTS = /\.\.\.|=/;
const IS_ARROW = /^(?:async\s*)?(?:\(|[\w$]+\s*=>)/;

/**
 * Whether a callback may look at the index, the second thing that it is given: then the number of values is state. Most
 * declare it. Who does not, but has default values, takes the rest or reads `arguments`, as wrappers of other functions
 * do, is known by its source; what is native and declares nothing may do anything.
 */
export function takesIndex(callback: { readonly length: number }): boolean {
  // What is no function fails when it is called.
  if (callback.length >= 2 || typeof callback !== 'function') return true;
  const source = Function.prototype.toString.call(callback);
  if (IS_ARROW.test(source)) return RESTS_OR_DEFAULTS.test(source.slice(0, source.indexOf('=>')));
  const parameters = source.slice(0, source.indexOf(')'));
  if (RESTS_OR_DEFAULTS.test(parameters) || /\barguments\b/.test(source)) return true;
  return callback.length === 0 && source.includes('[native code]');
}
