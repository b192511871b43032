import { isName } from '../../src/storage/checkName.js';
import { Violation } from './Violation.js';
import { LocksOfOrigin } from './WebLocks.js';

const PREFIX = 'rxjs-checkpoint/';
/** Where a job puts itself on record. */
export const CLAIM = `${PREFIX}.claim`;

/** What others keep in the same store. */
const others: readonly (readonly [string, unknown])[] = [
  ['settings', 'mine'],
  [`${PREFIX}Not A Name`, 'mine too'],
];

/** A store of a database, with what is in it of a job and of others, and the locks of its origin. */
export class SimulatedDatabase {
  readonly locks = new LocksOfOrigin();
  private readonly items = new Map<string, unknown>(others);

  get(key: string): unknown {
    return copyOf(this.items.get(key) ?? null);
  }

  set(key: string, value: unknown): void {
    checkOwn(key);
    this.items.set(key, copyOf(value));
  }

  remove(key: string): void {
    checkOwn(key);
    this.items.delete(key);
  }

  keys(): string[] {
    return [...this.items.keys()];
  }

  /** What the storage has stored, by its name; each change of it is another array. */
  files(): Map<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    for (const [key, value] of this.items) if (isOwn(key) && key !== CLAIM) files.set(nameIn(key), value as Uint8Array);
    return files;
  }

  put(name: string, bytes: Uint8Array): void {
    this.items.set(PREFIX + name, bytes);
  }
}

function nameIn(key: string): string {
  return key.slice(PREFIX.length);
}

function isOwn(key: string): boolean {
  return key === CLAIM || (key.startsWith(PREFIX) && isName(nameIn(key)));
}

function checkOwn(key: string): void {
  if (!isOwn(key)) throw new Violation(`'${key}' of the store was changed, which is somebody else's`);
}

/** As structured clone does it: of a view, all that is behind it. */
function copyOf(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  if (value.byteLength !== value.buffer.byteLength)
    throw new Violation(`a view of ${value.byteLength} bytes is stored with all ${value.buffer.byteLength} behind it`);
  return value.slice();
}
