import { PartNotLoadedError } from '../errors/PartNotLoadedError.js';
import type * as RareParts from './rareParts.js';

/**
 * Loads what most jobs never need. To be called before anything is done that would have to be undone.
 *
 * @param part - what of it is needed, e.g. `savepoints`.
 * @throws PartNotLoadedError
 */
export async function loadRareParts(part: string): Promise<typeof RareParts> {
  try {
    return await import('./rareParts.js');
  } catch (cause) {
    throw new PartNotLoadedError(part, cause);
  }
}
