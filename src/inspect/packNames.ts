import { checkpointIdOf, checkpointName } from '../checkpoint/store/checkpointName.js';
import { isSavepointName, savepointName, savepointNameOf } from '../checkpoint/store/savepointName.js';

/** Which checkpoint: its id, `'latest'` (the newest intact one), or the name of a savepoint. */
export type CheckpointReference = number | string;

/** Of a savepoint, the name that its owner gave it; of a checkpoint, its id. */
export function shortName(name: string): string {
  return savepointNameOf(name) ?? String(checkpointIdOf(name) ?? name);
}

/** The name in the storage that a reference means; undefined where none can. */
export function nameFor(reference: CheckpointReference): string | undefined {
  const text = String(reference);
  if (checkpointIdOf(text) !== undefined || savepointNameOf(text) !== undefined) return text;
  if (/^\d{1,12}$/.test(text)) return checkpointName(Number(text));
  return isSavepointName(text) ? savepointName(text) : undefined;
}

/** The name of the pack that `pack` knows by that id: a savepoint's own pack has its own name. */
export function packName(
  pack: { readonly name: string; readonly manifest: { readonly id: number } | null },
  id: number,
): string {
  return id === pack.manifest?.id ? pack.name : checkpointName(id);
}
