import { checkpointIdOf, checkpointName } from '../checkpoint/store/checkpointName.js';
import { RefusedEditError } from '../errors/RefusedEditError.js';
import { isName } from '../storage/checkName.js';

const SAVEPOINT = 'savepoint-';

/** Which checkpoint: its id, `'latest'` (the newest intact one), or the name of a savepoint. */
export type CheckpointReference = number | string;

export function isSavepointName(name: string): boolean {
  return name.startsWith(SAVEPOINT) && name.length > SAVEPOINT.length;
}

/** Of a savepoint, the name that its owner gave it; of a checkpoint, its id. */
export function shortName(name: string): string {
  const id = checkpointIdOf(name);
  return id === undefined ? name.slice(SAVEPOINT.length) : String(id);
}

/** @throws RefusedEditError when no storage could keep it */
export function savepointName(name: string): string {
  const full = isSavepointName(name) ? name : SAVEPOINT + name;
  if (isName(full)) return full;
  throw new RefusedEditError(
    `'${name}' cannot name a savepoint: storages keep 1 to ${64 - SAVEPOINT.length} of a-z, 0-9, - and . only. Choose one like 'before-upgrade'.`,
  );
}

/** The names in the storage that a reference may mean, in the order in which they are tried. */
export function namesFor(reference: CheckpointReference): string[] {
  const text = String(reference);
  if (checkpointIdOf(text) !== undefined || isSavepointName(text)) return [text];
  const names = [SAVEPOINT + text];
  if (/^\d{1,12}$/.test(text)) names.unshift(checkpointName(Number(text)));
  return names;
}

/** The name of the pack that `pack` knows by that id: a savepoint's own pack has its own name. */
export function packName(
  pack: { readonly name: string; readonly manifest: { readonly id: number } | null },
  id: number,
): string {
  return id === pack.manifest?.id ? pack.name : checkpointName(id);
}
