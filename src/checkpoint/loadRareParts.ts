import { PartNotLoadedError } from '../errors/PartNotLoadedError.js';
import type * as RareParts from './rareParts.js';

/** Once they are loaded, who needs them waits for nothing but a microtask, also under virtual time. */
let loaded: typeof RareParts | null = null;

/**
 * Loads what most jobs never need. To be called before anything is done that would have to be undone.
 *
 * @param part - what of it is needed, e.g. `savepoints`.
 * @throws PartNotLoadedError
 */
export async function loadRareParts(part: string): Promise<typeof RareParts> {
  try {
    return (loaded ??= await import('./rareParts.js'));
  } catch (cause) {
    throw new PartNotLoadedError(part, cause);
  }
}
