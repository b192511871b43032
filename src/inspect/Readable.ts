/**
 * A value as JSON that people can read and edit, and that `fromReadable` turns back into an equal one. Plain objects,
 * arrays, texts, numbers, booleans and null stand for themselves. What JSON lacks is an object whose first key begins
 * with `$`:
 *
 *     undefined        {"$undefined": true}             Map      {"$map": [[key, value], …]}
 *     NaN, ±∞, −0      {"$number": "NaN"}               Set      {"$set": [item, …]}
 *     12n              {"$bigint": "12"}                Date     {"$date": "2026-11-21T10:00:00.000Z"}, null if invalid
 *     /a+/gi           {"$regexp": ["a+", "gi"]}        3 holes  {"$hole": 3}, as items of an array
 *     Float64Array     {"$Float64Array": [1.5, 2]}      an object without a prototype  {"$nullPrototype": {…}}
 *     Uint8Array       {"$Uint8Array": "base64"}, as ArrayBuffer and DataView
 *     a view of a part of a buffer, or of one that others see too
 *                      {"$Uint8Array": {"buffer": …, "byteOffset": 4, "length": 2}}
 *     what is there more than once, or leads back to itself
 *                      {"$id": 1, "$value": …} in the first place, {"$ref": 1} in the others
 *     a group or window, an error, a Notification
 *                      {"$live": {…}}, {"$error": {…}}, {"$notification": {…}}
 *     a property whose name begins with $    gets another one: {"$$date": …}
 */
export type Readable = string | number | boolean | null | readonly Readable[] | { readonly [key: string]: Readable };

/** The typed arrays, by the name that `Object.prototype.toString` gives. */
export const typedArrays = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

/** Written in base64, and not number by number. */
export const byteKinds: ReadonlySet<string> = new Set(['ArrayBuffer', 'DataView', 'Uint8Array', 'Uint8ClampedArray']);
