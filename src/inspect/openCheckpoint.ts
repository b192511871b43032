import { readChunk } from '../checkpoint/store/openPack.js';
import type { Manifest } from '../checkpoint/store/Manifest.js';
import { notFound } from '../checkpoint/store/storedSavepoints.js';
import { isJournalEntry } from '../checkpoint/store/savepointPack.js';
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
    const name = packName(this.pack, reference.pack);
    const bytes = this.last?.name === name ? this.last.bytes : await this.packs.read(name);
    if (bytes === undefined)
      throw await this.unreadable(`needs the snapshot of '${operator}' in ${name}, which is missing`);
    this.last = { name, bytes };
    const chunk = readChunk(bytes, reference);
    if (typeof chunk === 'string')
      throw await this.unreadable(`needs the snapshot of '${operator}' in ${name}, which ${chunk}`);
    return chunk;
  }

  private async unreadable(problem: string): Promise<UnreadableCheckpointError> {
    const isThere = (await this.packs.read(this.name)) !== undefined;
    const gone = 'was removed while it was read: a running job has newer ones';
    return new UnreadableCheckpointError({ checkpoint: this.name, problem: isThere ? problem : gone });
  }
}

/** @throws RestorePointNotFoundError, UnreadableCheckpointError, StorageError */
export async function openCheckpoint(
  storage: CheckpointStorage,
  reference: CheckpointReference,
): Promise<OpenCheckpoint> {
  const packs = new StoredPacks(storage);
  const name = nameFor(reference);
  const isLatest = reference === 'latest';
  const pack = isLatest ? await packs.newest() : name === undefined ? undefined : await packs.named(name);
  if (pack === undefined) throw await notFound(storage, reference);
  if (pack.manifest !== null) return new OpenCheckpoint(pack, packs);
  throw new UnreadableCheckpointError({ checkpoint: pack.name, problem: pack.problem! });
}
