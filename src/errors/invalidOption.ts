/** For messages: what was given where something else is needed. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : 'an object';
}

/** The same of a name, with the characters written out that one does not see. */
export function shownName(name: unknown): string {
  return typeof name === 'string' ? JSON.stringify(name) : shown(name);
}

/** @throws RangeError unless `isRight`. */
export function checkOption(name: string, value: unknown, isRight: boolean, rule: string): void {
  if (!isRight) throw new RangeError(`${name} is ${shown(value)}: it has to be ${rule}.`);
}

/** @throws RangeError for what is neither a boolean nor left out. */
export function checkFlag(name: string, value: unknown): void {
  checkOption(name, value, value === undefined || typeof value === 'boolean', 'true or false');
}

/**
 * Refuses options with a name that nobody reads: what is misspelt would be left out in silence.
 *
 * @param of - whose options they are, for the message.
 * @throws TypeError
 */
export function checkNames(of: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`The options of ${of} are ${shown(options)}: they have to be an object.`);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`${of} has no option ${shown(unknown)}, only ${known.join(', ')}.`);
}
