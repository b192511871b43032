import { InvalidSavepointNameError } from '../../errors/InvalidSavepointNameError.js';

const PREFIX = 'savepoint-';
/** What is left of the 64 characters that a name in a storage has. No dot at the end, which Windows drops. */
const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,52}[a-z0-9])?$/;
/** What means something else where checkpoints and savepoints are named, on the command line for example. */
const TAKEN = /^(\d+|latest|checkpoint-\d{12}|savepoint-.*)$/;

export function isSavepointName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name) && !TAKEN.test(name);
}

/**
 * The name of a savepoint in the storage.
 *
 * @throws InvalidSavepointNameError
 */
export function savepointName(name: string): string {
  if (!isSavepointName(name)) throw new InvalidSavepointNameError(name);
  return PREFIX + name;
}

/** The name that the user gave; undefined for a name in the storage that is none of a savepoint's. */
export function savepointNameOf(storedName: string): string | undefined {
  if (!storedName.startsWith(PREFIX)) return undefined;
  const name = storedName.slice(PREFIX.length);
  return isSavepointName(name) ? name : undefined;
}
