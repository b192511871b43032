/**
 * The part of a POSIX file system that a storage of files stands on, named and shaped as in `node:fs/promises`. Errors
 * have a `code`, `ENOENT` for example.
 *
 * What was written, and every change of a directory, may be lost in a power failure until it was synced: bytes by `sync`
 * of their file, names by `sync` of their directory. `rename` replaces what is there in one step.
 */
export interface PosixFiles {
  /** @returns the first directory that was created; undefined when there was none to create. */
  mkdir(path: string, options?: { readonly recursive?: boolean }): Promise<string | undefined>;
  /** `wx`: for writing, a file that was not there; `r`: a file or directory to sync. */
  open(path: string, flags: 'wx' | 'r'): Promise<OpenFile>;
  readFile(path: string): Promise<Uint8Array>;
  readFile(path: string, encoding: 'utf8'): Promise<string>;
  readdir(path: string): Promise<string[]>;
  readdir(path: string, options: { readonly withFileTypes: true }): Promise<DirectoryEntry[]>;
  rename(from: string, to: string): Promise<void>;
  /** `force`: it need not be there. `recursive`: a directory with all that is in it. */
  rm(path: string, options?: { readonly force?: boolean; readonly recursive?: boolean }): Promise<void>;
  rmdir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  stat(path: string, options: { readonly bigint: true }): Promise<FileStatus>;
}

/** What changes when a file is written or replaced. */
export interface FileStatus {
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

export interface OpenFile {
  writeFile(data: Uint8Array | string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface DirectoryEntry {
  readonly name: string;
  isFile(): boolean;
}
