import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/**
 * Names a process so that it can be told from a later one with the same pid. Where no start time is to be had
 * (Windows), the pid alone must do: then a reused pid keeps a lock alive, but never the other way round.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever unit the system has. */
  readonly startedAt: string | undefined;
  /** Which run of the system it is part of; nothing survives to the next. */
  readonly bootId: string | undefined;
  readonly host: string;
}

let own: Promise<ProcessIdentity> | undefined;

/** Asked for once: it stays the same as long as the process lives. */
export function ownIdentity(): Promise<ProcessIdentity> {
  return (own ??= identify());
}

async function identify(): Promise<ProcessIdentity> {
  return { pid: process.pid, startedAt: await startOf(process.pid), bootId: await bootId(), host: hostname() };
}

/** `elsewhere`: it is another host's or container's, which cannot be asked from here. */
export type Liveness = 'alive' | 'dead' | 'elsewhere';

export async function livenessOf(identity: ProcessIdentity): Promise<Liveness> {
  // Whoever asks runs: there is nothing to ask the system for, which would take its time.
  if (isSame(identity, await ownIdentity())) return 'alive';
  if (identity.host !== hostname()) return 'elsewhere';
  if (identity.bootId !== (await bootId()) || !isRunning(identity.pid)) return 'dead';
  const startedAt = await startOf(identity.pid);
  if (startedAt === 'gone') return 'dead';
  // Asked again: it may have ended just now.
  if (startedAt === undefined || identity.startedAt === undefined) return isRunning(identity.pid) ? 'alive' : 'dead';
  return startedAt === identity.startedAt ? 'alive' : 'dead';
}

function isSame(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startedAt === b.startedAt && a.bootId === b.bootId && a.host === b.host;
}

export function parseIdentity(text: string): ProcessIdentity | undefined {
  try {
    const { pid, startedAt, bootId, host } = JSON.parse(text) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || typeof host !== 'string') return undefined;
    return { pid: pid as number, startedAt: textOf(startedAt), bootId: textOf(bootId), host };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** `gone` for a zombie too: it was killed, and only its parent has not noticed yet. Undefined when there is no telling. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return startInProc(pid);
  return process.platform === 'win32' ? undefined : startInPs(pid);
}

async function startInProc(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may itself have spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : fields[19];
  } catch {
    return undefined; // /proc is not mounted, or hides others' processes
  }
}

async function startInPs(pid: number): Promise<string | undefined> {
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env });
    const [state, ...start] = stdout.trim().split(/\s+/);
    return state?.startsWith('Z') ? 'gone' : start.join(' ') || undefined;
  } catch {
    return undefined;
  }
}

async function bootId(): Promise<string | undefined> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch {
    return undefined;
  }
}
