import { CheckpointError } from '../errors/CheckpointError.js';
import type { StorageOperation } from '../errors/StorageError.js';
import { StorageError } from '../errors/StorageError.js';

/** Runs one operation of a storage; whatever goes wrong becomes an error that says which storage, operation and name. */
export async function attempt<R>(
  what: { storage: string; operation: StorageOperation; target?: string },
  work: () => Promise<R>,
): Promise<R> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    throw new StorageError({ cause, ...what });
  }
}
