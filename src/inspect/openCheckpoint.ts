import { readChunk } from '../checkpoint/store/openPack.js';
import type { ChunkReference, Manifest } from '../checkpoint/store/Manifest.js';
import { notFound } from '../checkpoint/store/storedSavepoints.js';
import { isJournalEntry, journalEntryOf } from '../checkpoint/store/savepointPack.js';
import { OperatorNotFoundError } from '../errors/OperatorNotFoundError.js';
import { UnreadableCheckpointError } from '../errors/UnreadableCheckpointError.js';
import type { CheckpointStorage } from '../storage/CheckpointStorage.js';
import type { CheckpointReference } from './packNames.js';
import { nameFor, packName } from './packNames.js';
import type { StoredPack } from './StoredPacks.js';
import { operatorsIn, StoredPacks } from './StoredPacks.js';

/** A checkpoint whose manifest is there, to read chunks of. */
export class OpenCheckpoint {
  readonly manifest: Manifest;
  /** The pack that was read last: chunks come pack by pack. */
  private last: { readonly name: string; readonly bytes: Uint8Array } | undefined;

  constructor(
    readonly pack: StoredPack,
    private readonly packs: StoredPacks,
  ) {
    this.manifest = pack.manifest!;
  }

  get name(): string {
    return this.pack.name;
  }

  /** The names of the operators, those in one pack together. */
  namesByPack(): string[] {
    const { entries } = this.manifest;
    return operatorsIn(this.manifest).sort((a, b) => entries.get(a)!.pack - entries.get(b)!.pack);
  }

  /**
   * The encoded snapshot of one operator, verified.
   *
   * @throws OperatorNotFoundError, UnreadableCheckpointError
   */
  async chunk(operator: string): Promise<Uint8Array> {
    const { entries } = this.manifest;
    const reference = entries.get(operator);
    if (reference === undefined || isJournalEntry(operator))
      throw new OperatorNotFoundError({
        checkpoint: this.name,
        wanted: operator,
        available: operatorsIn(this.manifest),
      });
    return this.read(reference, `the snapshot of '${operator}'`);
  }

  /** Whether the reference means another one by now, or none. */
  async hasMoved(reference: CheckpointReference): Promise<boolean> {
    const packs = new StoredPacks(this.packs.storage);
    const now = reference === 'latest' ? await packs.newest() : await packs.named(this.name);
    return now?.name !== this.name;
  }

  /** Of a savepoint: what a journaled source has still to emit, encoded. */
  async journal(source: string): Promise<Uint8Array | undefined> {
    const reference = this.manifest.entries.get(journalEntryOf(source));
    return reference === undefined ? undefined : this.read(reference, `the journal of '${source}'`);
  }

  private async read(reference: ChunkReference, what: string): Promise<Uint8Array> {
    const name = packName(this.pack, reference.pack);
    const bytes = this.last?.name === name ? this.last.bytes : await this.packs.read(name);
    if (bytes === undefined) throw this.unreadable(`needs ${what} in ${name}, which is missing`);
    this.last = { name, bytes };
    const chunk = readChunk(bytes, reference);
    if (typeof chunk === 'string') throw this.unreadable(`needs ${what} in ${name}, which ${chunk}`);
    return chunk;
  }

  private unreadable(problem: string): UnreadableCheckpointError {
    return new UnreadableCheckpointError({ checkpoint: this.name, problem });
  }
}

/** A job may take a hundred checkpoints a second. */
const ATTEMPTS = 20;

/**
 * Reads a checkpoint beside a job that may remove it meanwhile: then the newest is another one, and any other was not
 * there. What is wrong with it is told only if it still is there.
 */
export async function withCheckpoint<R>(
  storage: CheckpointStorage,
  reference: CheckpointReference,
  work: (checkpoint: OpenCheckpoint) => Promise<R>,
): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    const checkpoint = await openCheckpoint(storage, reference);
    try {
      return await work(checkpoint);
    } catch (error) {
      if (attempt === ATTEMPTS || !(await checkpoint.hasMoved(reference))) throw error;
    }
  }
}

/** @throws RestorePointNotFoundError, UnreadableCheckpointError, StorageError */
async function openCheckpoint(storage: CheckpointStorage, reference: CheckpointReference): Promise<OpenCheckpoint> {
  const packs = new StoredPacks(storage);
  const name = nameFor(reference);
  const isLatest = reference === 'latest';
  const pack = isLatest ? await packs.newest() : name === undefined ? undefined : await packs.named(name);
  if (pack === undefined) throw await notFound(storage, reference);
  if (pack.manifest !== null) return new OpenCheckpoint(pack, packs);
  throw new UnreadableCheckpointError({ checkpoint: pack.name, problem: pack.problem! });
}
