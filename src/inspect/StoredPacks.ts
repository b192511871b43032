import { asyncScheduler } from 'rxjs';

import type { CheckpointMeta } from '../checkpoint/CheckpointMeta.js';
import { decompressPack } from '../checkpoint/store/compressedPack.js';
import { checkpointIdOf } from '../checkpoint/store/checkpointName.js';
import type { Manifest } from '../checkpoint/store/Manifest.js';
import { packsOf } from '../checkpoint/store/Manifest.js';
import { openPack } from '../checkpoint/store/openPack.js';
import { savepointNameOf } from '../checkpoint/store/savepointName.js';
import { isJournalEntry } from '../checkpoint/store/savepointPack.js';
import { reasonOf } from '../errors/reasonOf.js';
import type { StorageError } from '../errors/StorageError.js';
import { attempt } from '../storage/attempt.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import { packName } from './packNames.js';

/** How often to look at a storage that changes all the time. */
const ATTEMPTS = 10;
/** So long a removal may take. */
const PAUSE_MS = 80;

/** What can be told of a pack without its chunks. */
export interface StoredPack {
  /** In the storage. */
  readonly name: string;
  /** As stored. */
  readonly sizeBytes: number;
  readonly manifestBytes: number;
  /** Null when it is damaged, or of a newer format. */
  readonly manifest: Manifest | null;
  /** `incomplete`: it refers to packs that are not there. That is all right for an old one which is kept for its chunks. */
  readonly status: 'intact' | 'incomplete' | 'damaged' | 'newer';
  /** What is wrong with it, e.g. `has a damaged manifest (checksum)`. */
  readonly problem: string | null;
}

/**
 * The checkpoints and savepoints of a storage, read without a lock beside a job that adds and removes some. A pack
 * never changes, so each is read once; what vanishes meanwhile was not there.
 */
export class StoredPacks {
  private readonly opened = new Map<string, StoredPack>();
  /** The names as of the last look. */
  names: readonly string[] = [];

  /** @param listsUnreadable - has those that the storage does not give, as damaged. They may not be, so for showing only. */
  constructor(
    readonly storage: CheckpointStorage,
    private readonly listsUnreadable = false,
  ) {}

  /** The checkpoints, the newest first, then the savepoints by name. */
  list(): Promise<StoredPack[]> {
    return this.look(() => true);
  }

  async named(name: string): Promise<StoredPack | undefined> {
    return (await this.look((candidate) => candidate === name))[0];
  }

  /** The newest intact checkpoint, as far as its manifest tells. */
  async newest(): Promise<StoredPack | undefined> {
    const isNewest = ({ status }: StoredPack): boolean => status === 'intact';
    return (await this.look((name) => checkpointIdOf(name) !== undefined, isNewest)).find(isNewest);
  }

  /** A pack, decompressed; undefined when it is not there (any more). */
  async read(name: string): Promise<Uint8Array | undefined> {
    const bytes = await this.readStored(name);
    return bytes && decompressPack(bytes);
  }

  private readStored(name: string): Promise<Uint8Array | undefined> {
    const what = { storage: this.storage.description, operation: 'read', target: name } as const;
    return attempt(what, () => this.storage.read(name));
  }

  private async look(
    isWanted: (name: string) => boolean,
    isEnough: (pack: StoredPack) => boolean = () => false,
  ): Promise<StoredPack[]> {
    // A list is not taken in one moment: what is incomplete, or gone when it is read, may be about to be removed, and what
    // has come instead may not be in it. What stays incomplete is, and may be kept for its chunks only.
    let known: ReadonlySet<string> = new Set();
    for (let attempt = 1; ; attempt++) {
      const { packs, hasVanished } = await this.lookOnce(isWanted, isEnough);
      const isUnsure = (pack: StoredPack): boolean => pack.status === 'incomplete' && !known.has(claimOf(pack));
      const unsure = packs.filter(isUnsure);
      if (unsure.length === 0 && !hasVanished) return packs;
      if (attempt === ATTEMPTS) return packs.filter((pack) => !isUnsure(pack));
      known = new Set(packs.filter(({ status }) => status === 'incomplete').map(claimOf));
      if (unsure.length > 0) await pause(PAUSE_MS);
    }
  }

  private async lookOnce(
    isWanted: (name: string) => boolean,
    isEnough: (pack: StoredPack) => boolean,
  ): Promise<{ packs: StoredPack[]; hasVanished: boolean }> {
    const { storage } = this;
    this.names = await attempt({ storage: storage.description, operation: 'list' }, () => storage.list());
    const present = new Set(this.names);
    const packs: StoredPack[] = [];
    let hasVanished = false;
    for (const name of this.names.filter((name) => isPackName(name) && isWanted(name)).sort(inOrder)) {
      const opened = this.opened.get(name) ?? (await this.open(name));
      if (opened === undefined) {
        hasVanished = true;
        continue;
      }
      const pack = completed(opened, present);
      packs.push(pack);
      if (isEnough(pack)) break;
    }
    return { packs, hasVanished };
  }

  private async open(name: string): Promise<StoredPack | undefined> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await this.readStored(name);
    } catch (error) {
      if (!this.listsUnreadable) throw error;
      return unreadable(name, error as StorageError);
    }
    if (bytes === undefined) return undefined;
    const pack = { ...openStoredPack(name, await decompressPack(bytes)), sizeBytes: bytes.length };
    this.opened.set(name, pack);
    return pack;
  }
}

/**
 * @param name - in the storage, or of a file: then its id is not compared.
 * @param bytes - decompressed.
 */
export function openStoredPack(name: string, bytes: Uint8Array): StoredPack {
  const pack = openPack(bytes);
  const base = { name, sizeBytes: bytes.length, manifestBytes: 0, manifest: null };
  if (pack.type === 'damaged') return { ...base, status: 'damaged', problem: pack.problem };
  if (pack.type === 'newer') {
    const problem = `has format version ${pack.formatVersion}: a newer rxjs-checkpoint wrote it`;
    return { ...base, status: 'newer', problem };
  }
  const { manifest, manifestBytes } = pack;
  const id = checkpointIdOf(name);
  if (id !== undefined && manifest.id !== id)
    return { ...base, status: 'damaged', problem: `holds checkpoint ${manifest.id}: it was renamed` };
  if (id === undefined && packsOf(manifest).size > 1)
    return { ...base, status: 'damaged', problem: 'refers to other packs, so it is no savepoint: it was renamed' };
  return { ...base, manifestBytes, manifest, status: 'intact', problem: null };
}

function unreadable(name: string, { cause }: StorageError): StoredPack {
  const problem = `could not be read: ${reasonOf(cause)}`;
  return { name, sizeBytes: 0, manifestBytes: 0, manifest: null, status: 'damaged', problem };
}

/** The names of the operators; a savepoint has entries of journals beside them. */
export function operatorsIn({ entries }: Manifest): string[] {
  return [...entries.keys()].filter((name) => !isJournalEntry(name));
}

/** What the coordinator wrote beside the snapshots; empty where it makes no sense. */
export function metaOf(manifest: Manifest): CheckpointMeta {
  const meta = (manifest.meta ?? {}) as Partial<CheckpointMeta>;
  return { ...meta, pipelines: { ...meta.pipelines }, serial: meta.serial ?? 0 };
}

function completed(pack: StoredPack, present: ReadonlySet<string>): StoredPack {
  if (pack.manifest === null) return pack;
  const missing = [...packsOf(pack.manifest)].filter((id) => !present.has(packName(pack, id)));
  if (missing.length === 0) return pack;
  const names = missing.map((id) => packName(pack, id)).join(', ');
  return {
    ...pack,
    status: 'incomplete',
    problem: `refers to ${names}, which ${missing.length > 1 ? 'are' : 'is'} missing`,
  };
}

function claimOf({ name, problem }: StoredPack): string {
  return `${name} ${problem}`;
}

function isPackName(name: string): boolean {
  return checkpointIdOf(name) !== undefined || savepointNameOf(name) !== undefined;
}

function inOrder(a: string, b: string): number {
  const [idA, idB] = [checkpointIdOf(a), checkpointIdOf(b)];
  if (idA !== undefined && idB !== undefined) return idB - idA;
  if (idA === undefined && idB === undefined) return a < b ? -1 : 1;
  return idA === undefined ? 1 : -1;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void asyncScheduler.schedule(() => resolve(), ms));
}
