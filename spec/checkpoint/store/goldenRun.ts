import { startedRun } from './checkpointing.js';
import { goldenEntries, goldenMeta, goldenTypes } from './goldenContent.js';
import { ScriptedStorage } from './ScriptedStorage.js';

/** Writes what the golden files hold. */
export async function writeGolden(): Promise<ScriptedStorage> {
  const storage = new ScriptedStorage();
  const { store } = await startedRun(storage, { types: goldenTypes });
  for (const id of [1, 2]) {
    const content = { id, timestamp: 1_700_000_000_000 + id, meta: goldenMeta, entries: goldenEntries[id]! };
    await store.prepare(content).write();
  }
  return storage;
}
