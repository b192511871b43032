/**
 * Simulated processes: their calls to `node:fs/promises` wait for permission, and may wait for ever, which is a crash.
 * Imported before the code under test, since it replaces modules.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type * as FileSystem from 'node:fs/promises';

import { afterEach, jest } from '@jest/globals';

import type * as Identity from '../../src/node/ProcessIdentity.js';

export interface SimulatedProcess {
  /** Waits until the process may make this system call. */
  beforeCall(call: string): Promise<void>;
  /** By which it is known to others; see `alive`. */
  readonly name?: string;
}

/** The names of the simulated processes that run. */
export const alive: Set<string> = new Set();

const current = new AsyncLocalStorage<SimulatedProcess>();
const openFiles = new Set<FileSystem.FileHandle>();

/** The promise of a process that crashes never settles. */
export function simulate<R>(simulated: SimulatedProcess, work: () => Promise<R>): Promise<R> {
  return current.run(simulated, work);
}

/** A process that crashes after so many system calls. */
export function crashingAfter(limit: number): SimulatedProcess & { calls: string[]; crashed: Promise<void> } {
  const calls: string[] = [];
  let crash!: () => void;
  const crashed = new Promise<void>((resolve) => (crash = resolve));
  const beforeCall = (call: string): Promise<void> => {
    if (calls.length === limit) {
      crash();
      return new Promise(() => undefined);
    }
    calls.push(call);
    return Promise.resolve();
  };
  return { beforeCall, calls, crashed };
}

afterEach(async () => {
  for (const file of openFiles) await file.close();
  openFiles.clear();
});

jest.mock('node:fs/promises', () => {
  const real = jest.requireActual<typeof FileSystem>('node:fs/promises');
  const { mkdir, readFile, readdir, rename, rm, rmdir, unlink } = real;
  const calls = { mkdir, readFile, readdir, rename, rm, rmdir, unlink, open: openWith(real) };
  return {
    ...real,
    ...Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, controlled(name, call)])),
  };
});

jest.mock('../../src/node/ProcessIdentity.js', () => {
  const real = jest.requireActual<typeof Identity>('../../src/node/ProcessIdentity.js');
  const PREFIX = 'simulated ';
  return {
    ...real,
    ownIdentity: async () => {
      const name = current.getStore()?.name;
      return { ...(await real.ownIdentity()), ...(name !== undefined && { startedAt: PREFIX + name }) };
    },
    livenessOf: async (identity: Identity.ProcessIdentity) => {
      if (!identity.startedAt?.startsWith(PREFIX)) return real.livenessOf(identity);
      return alive.has(identity.startedAt.slice(PREFIX.length)) ? 'alive' : 'dead';
    },
  };
});

type AnyCall = (...args: never[]) => Promise<unknown>;

function controlled(name: string, call: AnyCall): AnyCall {
  return async (...args) => {
    await current.getStore()?.beforeCall(name);
    return call(...args);
  };
}

function openWith(real: typeof FileSystem): AnyCall {
  return async (...args: Parameters<typeof real.open>) => {
    const file = await real.open(...args);
    openFiles.add(file);
    const writeFile = async (data: Uint8Array | string): Promise<void> => {
      // In two halves, since a write of many bytes is not one system call.
      const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
      const half = bytes.length >> 1;
      await file.write(bytes.subarray(0, half));
      await current.getStore()?.beforeCall('write the rest');
      await file.write(bytes.subarray(half));
    };
    const close = async (): Promise<void> => {
      openFiles.delete(file);
      await file.close();
    };
    return { writeFile: controlled('write', writeFile), sync: controlled('sync', () => file.sync()), close };
  };
}
