import { CheckpointError } from './CheckpointError.js';
import { reasonOf } from './reasonOf.js';

export type StorageOperation = 'open' | 'read' | 'write' | 'remove' | 'list' | 'lock' | 'confirm' | 'release';

/** The storage itself failed: no permission, no space, no device, no database. */
export class StorageError extends CheckpointError {
  readonly code = 'storage-failed';
  /** The storage's description. */
  readonly storage: string;
  readonly operation: StorageOperation;
  /** What was to be read, written or removed. */
  readonly target: string | undefined;

  constructor(details: { storage: string; operation: StorageOperation; target?: string | undefined; cause: unknown }) {
    const { storage, operation, target, cause } = details;
    const what = target === undefined ? operation : `${operation} '${target}'`;
    super(`The storage (${storage}) could not ${what}: ${reasonOf(cause)}. ${consequenceOf(operation, target)}`, {
      cause,
    });
    this.storage = storage;
    this.operation = operation;
    this.target = target;
  }
}

const consequences: Readonly<Record<StorageOperation, string>> = {
  open: 'Without it no checkpoint would be durable. Make it writable for this process, or choose another storage.',
  read: 'Starting without what it holds would lose state. Make it readable and try again.',
  write: 'This checkpoint is not durable; the ones before it are untouched.',
  remove: 'It takes up space until a later attempt succeeds; no checkpoint is affected.',
  list: 'Starting without knowing which checkpoints exist would lose state. Make it readable and try again.',
  lock: 'Without the lock two jobs could overwrite each other. Make it writable for this process.',
  confirm: 'Whether this job may still write to it is not known, so nothing counts as written.',
  release: 'The next job may find it locked until this process has ended.',
};

function consequenceOf(operation: StorageOperation, target: string | undefined): string {
  if (operation !== 'write' || target?.startsWith('journal-') !== true) return consequences[operation];
  return 'What the source emitted since was not handed on, and is lost; a restart goes on behind what was written before.';
}
