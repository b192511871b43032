import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';

import type { PosixFiles } from '../io/PosixFiles.js';

/** The files of the operating system, for storages. */
export const nodePosixFiles: PosixFiles = { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, unlink };
