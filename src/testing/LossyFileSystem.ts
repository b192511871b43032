import type { DirectoryEntry, FileStatus, OpenFile, PosixFiles } from '../io/PosixFiles.js';
import type { Choices, EntryChange, LossyNode } from './LossyTree.js';
import { LossyDirectory, LossyFile, LossyTree } from './LossyTree.js';
import type { Random } from './random.js';
import { checkNames, checkOption } from '../errors/invalidOption.js';
import { random } from './random.js';
import { never, untilCrash } from './untilCrash.js';

/** One moment of one call of a `LossyFileSystem`. */
export interface FileCall {
  readonly operation: keyof PosixFiles | keyof OpenFile;
  readonly path: string;
  /** `before`: nothing has happened. `after`: it has, and its caller does not know yet. */
  readonly phase: 'before' | 'after';
}

export interface LossyFileSystemOptions {
  /** Decides what survives a power failure: a whole number from 0 to 2**53 - 1. */
  readonly seed: number;
  /**
   * What survives of the changes of directories that were not synced: any of them, which is all that POSIX says, or,
   * `ordered`, those before some moment, as with a journal. `any` by default.
   */
  readonly directories?: 'any' | 'ordered';
  /** Told of every moment of every call. May call `crash()` or `kill()`. */
  readonly onCall?: (call: FileCall) => void;
}

/**
 * Files in memory that a power failure takes back to what was synced: bytes of a file that was not are lost or torn, and
 * changes of a directory that was not happened or did not. The paths are POSIX's, and the root is there.
 *
 * @example
 * const files = new LossyFileSystem({ seed: 7 });
 * const file = await files.open('/a', 'wx');
 * await file.writeFile('x');
 * await files.crash().readFile('/a'); // 'x', or empty, or there is no such file
 */
export class LossyFileSystem implements PosixFiles {
  /** Told of every moment of every call. */
  onCall: ((call: FileCall) => void) | undefined;
  private readonly random: Random;
  private tree: LossyTree;
  private isDead = false;

  /** @throws TypeError, RangeError for options that cannot be. */
  constructor(options: LossyFileSystemOptions) {
    checkNames('LossyFileSystem', options, ['seed', 'directories', 'onCall']);
    const { seed, directories = 'any', onCall } = options;
    checkOption('directories', directories, ['any', 'ordered'].includes(directories), "'any' or 'ordered'");
    this.random = random(seed);
    this.tree = new LossyTree({ isOrdered: directories === 'ordered' });
    this.onCall = onCall;
  }

  /** Whether the process that had this object is dead. */
  get hasCrashed(): boolean {
    return this.isDead;
  }

  /**
   * The power fails: no call of this object settles any more or changes anything. May be called again for another
   * outcome of the same crash, as long as nobody else has changed the files.
   *
   * @param choices - decides what survives; the seed by default.
   * @returns what is found afterwards, all of it durable.
   */
  crash(choices: Choices = this.random): LossyFileSystem {
    return this.successor(this.tree.survivor(choices));
  }

  /** The process dies, and the system goes on: nothing is lost, and what was not durable is not yet. */
  kill(): LossyFileSystem {
    return this.successor(this.tree);
  }

  /** The same files for another process beside this one. Each dies by itself; when the power fails, let all of them. */
  reopen(): LossyFileSystem {
    return this.on(this.tree);
  }

  private successor(tree: LossyTree): LossyFileSystem {
    this.isDead = true;
    return this.on(tree);
  }

  private on(tree: LossyTree): LossyFileSystem {
    const next = new LossyFileSystem({ seed: this.random.below(2 ** 32) });
    next.tree = tree;
    return next;
  }

  mkdir(path: string, options: { readonly recursive?: boolean } = {}): Promise<string | undefined> {
    return this.call('mkdir', path, () => {
      if (options.recursive === true) return this.makeAll(path);
      this.make(path);
      return undefined;
    });
  }

  open(path: string, flags: 'wx' | 'w' | 'r'): Promise<OpenFile> {
    return this.call('open', path, () => {
      if (flags === 'r') return this.opened(this.at('open', path), path, false);
      const { directory, name } = this.place('open', path);
      const there = directory.entries.get(name);
      if (there !== undefined && flags === 'wx') throw failure('EEXIST', 'open', path);
      if (there instanceof LossyDirectory) throw failure('EISDIR', 'open', path);
      if (there !== undefined) there.content = new Uint8Array(); // another than `synced`, until it is
      const file = there ?? new LossyFile(NOTHING, NOTHING);
      if (there === undefined) this.tree.change({ directory, name, node: file });
      return this.opened(file, path, true);
    });
  }

  private opened(node: LossyNode, path: string, isWritable: boolean): OpenFile {
    return {
      writeFile: (data) =>
        this.call('writeFile', path, () => {
          if (!isWritable || node instanceof LossyDirectory) throw failure('EBADF', 'write', path);
          const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
          node.content = Uint8Array.from([...node.content, ...bytes]);
        }),
      sync: () => this.call('sync', path, () => this.tree.sync(node)),
      close: () => this.call('close', path, () => undefined),
    };
  }

  readFile(path: string): Promise<Uint8Array>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  readFile(path: string, encoding?: 'utf8'): Promise<Uint8Array | string> {
    return this.call('readFile', path, () => {
      const node = this.at('open', path);
      if (node instanceof LossyDirectory) throw failure('EISDIR', 'read', path);
      return encoding === undefined ? node.content.slice() : new TextDecoder().decode(node.content);
    });
  }

  readdir(path: string): Promise<string[]>;
  readdir(path: string, options: { readonly withFileTypes: true }): Promise<DirectoryEntry[]>;
  readdir(path: string, options?: { readonly withFileTypes: true }): Promise<string[] | DirectoryEntry[]> {
    return this.call('readdir', path, () => {
      const node = this.at('scandir', path);
      if (node instanceof LossyFile) throw failure('ENOTDIR', 'scandir', path);
      if (options === undefined) return [...node.entries.keys()];
      return Array.from(node.entries, ([name, entry]) => ({ name, isFile: () => entry instanceof LossyFile }));
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.call('rename', from, () => {
      const node = this.at('rename', from);
      const [source, target] = [this.place('rename', from), this.place('rename', to)];
      const replaced = target.directory.entries.get(target.name);
      if (replaced === node) return;
      if (node instanceof LossyDirectory && holds(node, target.directory)) throw failure('EINVAL', 'rename', from);
      if (replaced !== undefined) checkReplaceable(node, replaced, from);
      this.tree.change({ node: undefined, ...source }, { node, ...target });
    });
  }

  rm(path: string, options: { readonly force?: boolean; readonly recursive?: boolean } = {}): Promise<void> {
    return this.call('rm', path, () => {
      const node = options.force === true ? this.ifThere(path) : this.at('lstat', path);
      if (node === undefined) return;
      if (node instanceof LossyDirectory && options.recursive !== true) throw failure('ERR_FS_EISDIR', 'rm', path);
      this.removeAll(this.place('rm', path), node);
    });
  }

  rmdir(path: string): Promise<void> {
    return this.call('rmdir', path, () => {
      const node = this.at('rmdir', path);
      if (node instanceof LossyFile) throw failure('ENOTDIR', 'rmdir', path);
      if (node.entries.size > 0) throw failure('ENOTEMPTY', 'rmdir', path);
      this.tree.change({ node: undefined, ...this.place('rmdir', path) });
    });
  }

  unlink(path: string): Promise<void> {
    return this.call('unlink', path, () => {
      if (this.at('unlink', path) instanceof LossyDirectory) throw failure('EISDIR', 'unlink', path);
      this.tree.change({ node: undefined, ...this.place('unlink', path) });
    });
  }

  stat(path: string, _options: { readonly bigint: true }): Promise<FileStatus> {
    return this.call('stat', path, () => {
      const node = this.at('stat', path);
      const content = node instanceof LossyFile ? node.content : NOTHING;
      // Each write makes a new array, so a number for it stands for the times.
      const written = numberOf(content);
      return { ino: numberOf(node), size: BigInt(content.length), mtimeNs: written, ctimeNs: written };
    });
  }

  private call<R>(operation: FileCall['operation'], path: string, work: () => R): Promise<R> {
    return untilCrash<R>(this, () => {
      this.onCall?.({ operation, path, phase: 'before' });
      if (this.isDead) return never();
      const result = work();
      this.onCall?.({ operation, path, phase: 'after' });
      return result;
    });
  }

  private make(path: string): LossyDirectory {
    const { directory, name } = this.place('mkdir', path);
    if (directory.entries.has(name)) throw failure('EEXIST', 'mkdir', path);
    const node = new LossyDirectory();
    this.tree.change({ directory, name, node });
    return node;
  }

  /** @returns the first that was created. */
  private makeAll(path: string): string | undefined {
    let first: string | undefined;
    let prefix = '';
    let node: LossyNode = this.tree.root;
    for (const name of namesIn(path)) {
      if (node instanceof LossyFile) throw failure('ENOTDIR', 'mkdir', path);
      prefix += `/${name}`;
      const next: LossyNode | undefined = node.entries.get(name);
      if (next === undefined) first ??= prefix;
      node = next ?? this.make(prefix);
    }
    if (node instanceof LossyFile) throw failure('EEXIST', 'mkdir', path);
    return first;
  }

  private removeAll(place: Place, node: LossyNode): void {
    if (node instanceof LossyDirectory) {
      for (const [name, child] of [...node.entries]) this.removeAll({ directory: node, name }, child);
    }
    this.tree.change({ node: undefined, ...place });
  }

  private at(call: string, path: string): LossyNode {
    if (namesIn(path).length === 0) return this.tree.root;
    const { directory, name } = this.place(call, path);
    const node = directory.entries.get(name);
    if (node === undefined) throw failure('ENOENT', call, path);
    return node;
  }

  private ifThere(path: string): LossyNode | undefined {
    try {
      return this.at('lstat', path);
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Where the last name of a path stands, whether there is something or not. */
  private place(call: string, path: string): Place {
    const names = namesIn(path);
    const name = names.pop();
    if (name === undefined) throw failure('EBUSY', call, path);
    let node: LossyNode | undefined = this.tree.root;
    for (const parent of names) {
      if (node instanceof LossyFile) throw failure('ENOTDIR', call, path);
      node = node.entries.get(parent);
      if (node === undefined) throw failure('ENOENT', call, path);
    }
    if (node instanceof LossyFile) throw failure('ENOTDIR', call, path);
    return { directory: node, name };
  }
}

const NOTHING = new Uint8Array();

const numbers = new WeakMap<object, bigint>();
let lastNumber = 0n;

function numberOf(object: object): bigint {
  let number = numbers.get(object);
  if (number === undefined) numbers.set(object, (number = ++lastNumber));
  return number;
}

type Place = Pick<EntryChange, 'directory' | 'name'>;

function namesIn(path: string): string[] {
  return path.split(/[/\\]/).filter((name) => name !== '');
}

function holds(directory: LossyDirectory, other: LossyDirectory): boolean {
  if (directory === other) return true;
  return [...directory.entries.values()].some((node) => node instanceof LossyDirectory && holds(node, other));
}

function checkReplaceable(node: LossyNode, replaced: LossyNode, path: string): void {
  if (node instanceof LossyFile && replaced instanceof LossyDirectory) throw failure('EISDIR', 'rename', path);
  if (node instanceof LossyDirectory && replaced instanceof LossyFile) throw failure('ENOTDIR', 'rename', path);
  if (replaced instanceof LossyDirectory && replaced.entries.size > 0) throw failure('ENOTEMPTY', 'rename', path);
}

function failure(code: string, call: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${call} '${path}'`), { code });
}
