import { InvalidNameError } from '../errors/InvalidNameError.js';

/** Holds every storage to the names that all of them can keep: no paths, no case, nothing hidden. */
export function checkName(name: string): void {
  if (!isName(name)) throw new InvalidNameError(name);
}

export function isName(name: string): boolean {
  return /^[a-z0-9-][a-z0-9.-]{0,63}$/.test(name);
}
