import { RestorePointNotFoundError, SavepointExistsError, StorageError, StorageLockedError } from 'rxjs-checkpoint';
import { UsageError } from './UsageError.js';

/** What went wrong, for somebody who calls the command and does not know the code. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof RestorePointNotFoundError) return explainMissing(error);
  if (error instanceof StorageLockedError)
    return (
      `The storage (${error.storage}) is in use by ${error.owner}, and only one may change it at a time. Stop that one first. ` +
      'Commands that only look (ls, show, cat, diff, verify, export, gc --dry-run) work meanwhile.'
    );
  if (error instanceof SavepointExistsError)
    return `There is a savepoint '${error.savepoint}' already (${error.storage}), and none is ever overwritten. Choose another name, or remove that one first, with rm.`;
  if (error instanceof StorageError) return explainStorage(error);
  const { code } = error as NodeJS.ErrnoException;
  const isExpected = error instanceof UsageError || code !== undefined || error.constructor === Error;
  // Anything else is a mistake in here, and who reports it needs the place.
  return isExpected ? error.message : (error.stack ?? error.message);
}

function explainMissing({ from, storage, savepoints, checkpoints }: RestorePointNotFoundError): string {
  if (checkpoints.length + savepoints.length === 0) return `There are no checkpoints (${storage}).`;
  if (from === 'latest' && checkpoints.length === 0)
    return `There are no checkpoints (${storage}), only ${listed('savepoint', savepoints)}: name ${savepoints.length === 1 ? 'it' : 'one'}.`;
  const parts = [listed('checkpoint', checkpoints), listed('savepoint', savepoints)].filter((text) => text !== '');
  const missing = from === 'latest' ? 'no intact checkpoint' : `no checkpoint or savepoint '${from}'`;
  const hint =
    from === 'latest'
      ? "'verify' tells what is wrong with them."
      : "'latest' means the newest checkpoint; a running job removes older ones.";
  return `There is ${missing} (${storage}). There are ${parts.join(' and ')}. ${hint}`;
}

function listed(what: string, names: readonly (string | number)[]): string {
  if (names.length === 0) return '';
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  return `${what}${names.length === 1 ? '' : 's'} ${names.slice(0, 20).join(', ')}${more}`;
}

function explainStorage({ storage, operation, target, cause }: StorageError): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const what = target === undefined ? `${operation} the ${storage}` : `${operation} ${target} (${storage})`;
  const isForbidden = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  const remedy = isForbidden ? ' This user may not: ask for the permission, or work on a copy of the directory.' : '';
  return `Could not ${what}: ${message}.${remedy}`;
}
