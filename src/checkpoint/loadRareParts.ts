import { asyncScheduler } from 'rxjs';

import { PartNotLoadedError } from '../errors/PartNotLoadedError.js';
import type * as RareParts from './rareParts.js';
import { inTime } from './within.js';

/** A request that hangs keeps nobody waiting for longer. Far above what a small file takes. */
const TIMEOUT_MS = 60_000;

/** Once they are loaded, who needs them waits for nothing but a microtask, also under virtual time. */
let loaded: typeof RareParts | null = null;

/**
 * Loads what most jobs never need. To be called before anything is done that would have to be undone.
 *
 * @param part - what of it is needed, e.g. `savepoints`.
 * @param timeoutMs - Infinity for who has stopped the clock, and loads it from a file.
 * @throws PartNotLoadedError
 */
export async function loadRareParts(part: string, timeoutMs = TIMEOUT_MS): Promise<typeof RareParts> {
  if (loaded !== null) return loaded;
  try {
    const loading = import('./rareParts.js');
    const late = (): Error => new Error(`It did not come within ${timeoutMs / 1_000} s`);
    return (loaded = await inTime(timeoutMs, asyncScheduler, loading, late));
  } catch (cause) {
    throw new PartNotLoadedError(part, cause);
  }
}
