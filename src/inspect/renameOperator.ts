import { codecTypes } from '../checkpoint/codecTypes.js';
import { isName } from '../checkpoint/protocol/isName.js';
import type { Savepoint } from '../checkpoint/Savepoint.js';
import type { CheckpointMeta } from '../checkpoint/CheckpointMeta.js';
import { encodeValue } from '../checkpoint/store/codec.js';
import { OperatorNotFoundError } from '../errors/OperatorNotFoundError.js';
import { RefusedEditError } from '../errors/RefusedEditError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { ChangeableContent } from './changeCheckpoint.js';
import { changeCheckpoint } from './changeCheckpoint.js';
import type { NamePart } from './operatorNames.js';
import { formatName, parseName, patternOf, scopeOf } from './operatorNames.js';
import type { CheckpointReference } from './packNames.js';
import { decodeSnapshot } from './readSnapshot.js';
import { renameBranches } from './renameBranches.js';

export interface RenamedSavepoint {
  readonly savepoint: Savepoint;
  /** All that got another name: the operator, its inner pipelines, and what is named after it. */
  readonly renamed: readonly (readonly [from: string, to: string])[];
}

/**
 * Writes a new savepoint that is the checkpoint with another uid for one operator: for a pipeline in which it was given
 * another one, or its first. What is named after it is renamed, too. Takes the storage's lock.
 *
 * @param names - `from`: the uid or structural name; within inner pipelines one of them stands for all
 *   (`per-state[0]/tally`, or `per-state[*]/tally`). `to`: the new uid. `savepoint`: the name of the new savepoint.
 * @throws OperatorNotFoundError, RefusedEditError, RestorePointNotFoundError, SavepointExistsError,
 *   StorageLockedError, StorageError
 */
export async function renameOperator(
  storage: CheckpointStorage,
  reference: CheckpointReference,
  names: { readonly from: string; readonly to: string; readonly savepoint: string },
): Promise<RenamedSavepoint> {
  const { from, to, savepoint } = names;
  const rename = renamer(from, to);
  let renamed: [string, string][] = [];
  const written = await changeCheckpoint(storage, reference, savepoint, (content) => {
    const all = [...content.entries.keys()];
    renamed = all.flatMap((name): [string, string][] => (rename(name) === name ? [] : [[name, rename(name)]]));
    if (renamed.length === 0)
      throw new OperatorNotFoundError({ checkpoint: String(reference), wanted: from, available: all });
    const target = renamed.find(([, name]) => content.entries.has(name));
    if (target !== undefined)
      throw new RefusedEditError(
        `'${target[0]}' cannot become '${target[1]}', which the checkpoint has already: the state of one of them would be lost.`,
      );
    return applied(content, rename);
  });
  return { savepoint: written, renamed };
}

/** What a name becomes; names that have nothing to do with it stay. */
export function renamer(from: string, to: string): (name: string) => string {
  const parts = parseName(from);
  if (parts === undefined) throw new RefusedEditError(`'${from}' is no name of an operator. 'show' lists them.`);
  // Of a name in a scope, the new one may be given with the scope or without.
  const uid = to.slice(to.lastIndexOf('/') + 1);
  const written = parseName(to);
  const scope = scopeOf(parts, parts.length - 1);
  const isElsewhere = to.includes('/') && (written === undefined || scopeOf(written, written.length - 1) !== scope);
  if (!isName(uid) || isElsewhere)
    throw new RefusedEditError(
      `'${to}' cannot be the new name of '${from}': give the new uid of the operator, of 1 to 200 characters without / : [ ] # @ and control characters. An operator cannot move into another inner pipeline.`,
    );
  const pattern = patternOf(parts);
  const { isUid, local } = parts[parts.length - 1]!;
  const anchor = isUid ? local : null;
  if (uid === anchor) throw new RefusedEditError(`'${from}' cannot be renamed to '${to}': that is its name already.`);
  return (name) => {
    // What stands in for a group that lives on is named after the input that it feeds.
    const [, owner = name, rest = ''] = /^(.*?)((?:\.\d+|@\d+)?>live)?$/s.exec(name) ?? [];
    const old = parseName(owner);
    if (old === undefined) return name;
    const parts = old.map((part, i) => renamedPart(old, i, { pattern, scope, anchor, uid }) ?? part);
    return formatName(parts) + rest;
  };
}
function renamedPart(
  parts: readonly NamePart[],
  index: number,
  { pattern, scope, anchor, uid }: { pattern: string; scope: string; anchor: string | null; uid: string },
): NamePart | undefined {
  const part = parts[index]!;
  const own = patternOf(parts.slice(0, index + 1));
  // In attempts after the first, structural names do not begin with the pipeline.
  const isAttempt = !part.isUid && parts[index - 1]?.suffix.startsWith('@') === true;
  if (own === pattern || (isAttempt && pattern.endsWith(`:${own}`) && !pattern.includes(']')))
    return { ...part, separator: index === 0 ? '' : '/', pipeline: null, anchor: null, local: uid, isUid: true };
  const isAnchored = part.anchor !== null && part.anchor === anchor && scopeOf(parts, index) === scope;
  return isAnchored ? { ...part, anchor: uid } : undefined;
}

function applied(content: ChangeableContent, rename: (name: string) => string): ChangeableContent {
  const { journals = [], ...meta } = content.meta as CheckpointMeta;
  const positions = journals.map(([source, position]) => [rename(source), position] as const);
  return {
    ...content,
    meta: positions.length === 0 ? meta : { ...meta, journals: positions },
    entries: new Map(Array.from(content.entries, ([name, bytes]) => [rename(name), withBranches(name, bytes, rename)])),
    journals: new Map(Array.from(content.journals, ([source, entries]) => [rename(source), entries])),
  };
}

/** Shared streams, groups and windows know their users by name. */
function withBranches(name: string, bytes: Uint8Array, rename: (name: string) => string): Uint8Array {
  const snapshot = decodeSnapshot(name, bytes);
  const state = renameBranches(snapshot.state, rename);
  return state === snapshot.state ? bytes : encodeValue({ ...snapshot, state }, codecTypes);
}
