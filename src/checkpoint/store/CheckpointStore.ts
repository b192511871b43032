/**
 * Checkpoints at rest. Invariants (3, 4 and 5 of the design):
 * - Ids ascend strictly, across restarts too: a new id is above every id that the storage has a name for, intact or not.
 * - A manifest refers only to chunks that are durable: those of its own pack, which is written in one piece, and those
 *   of packs whose write has resolved and whose removal has not begun.
 * - A pack is removed only when no retained checkpoint refers to it, nor one that is about to be written. No name is
 *   ever written twice.
 * - Where there is a checkpoint, however damaged, a load never comes back empty.
 */
import type { CheckpointDamage } from '../../errors/DamagedCheckpointError.js';
import { invariant } from '../../errors/invariant.js';
import { ClaimedStorage } from '../../storage/ClaimedStorage.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import type { Pack } from './buildPack.js';
import { buildPackInSteps } from './buildPack.js';
import type { CheckpointContent } from './CheckpointContent.js';
import { checkpointName } from './checkpointName.js';
import type { Compression } from './compressedPack.js';
import { compressPack } from './compressedPack.js';
import { checksum } from './checksum.js';
import { chooseChunks, encodeChunks } from './chooseChunks.js';
import type { CodecTypes } from './CodecType.js';
import type { FoundCheckpoints } from './findCheckpoints.js';
import { findCheckpoints } from './findCheckpoints.js';
import { finish } from './finish.js';
import type { ClaimedName } from './Lineage.js';
import { NO_LINEAGE } from './Lineage.js';
import type { LoadedCheckpoint } from './LoadedCheckpoint.js';
import { LoadedEntry } from './LoadedCheckpoint.js';
import type { VerifiedCheckpoint } from './PackReader.js';
import type { PreparedCheckpoint } from './PreparedCheckpoint.js';
import type { PackIds, Remover, RetentionLine } from './Retention.js';
import type { ReturnPoint } from './ReturnPoint.js';
import { StorageHandles } from './StateHandle.js';
import { StorageState } from './StorageState.js';
import { verifyPackInSteps } from './verifyPack.js';

export interface CheckpointStoreOptions {
  /** How many of the newest completed checkpoints to keep, at least 1. */
  readonly retained: number;
  readonly types: CodecTypes;
  /** Snapshots of up to so many bytes are written into each checkpoint again. Default: 0. */
  readonly inlineThresholdBytes?: number;
  /** Default: `'none'`. */
  readonly compression?: Compression;
  /** A newer checkpoint than the loaded one is damaged. */
  onDamaged(damage: CheckpointDamage): void;
  /** An old checkpoint could not be removed; it is tried again after the next one. */
  onCleanupFailed?(error: unknown): void;
}

export interface LoadOptions {
  /** That none is intact is reported and no error, since the job begins with something else. */
  readonly mayBeDamaged?: boolean;
  /** Another one than the newest, which has to be intact. The newest has to be loaded before. */
  readonly from?: ReturnPoint | undefined;
}

export class CheckpointStore {
  private readonly state: StorageState;
  private readonly handles: StorageHandles;
  /** Null until the storage was looked into. */
  private remover: Remover | null = null;
  /** What else the last load came across: all names, and the `meta` of each intact checkpoint that counts for retention. */
  found: { readonly names: readonly string[]; readonly metas: ReadonlyMap<number, unknown> } = {
    names: [],
    metas: new Map(),
  };
  /** The ids that were given to checkpoints which are still to be encoded. */
  private readonly takenIds = new Set<number>();

  constructor(
    private readonly storage: CheckpointStorage,
    private readonly options: CheckpointStoreOptions,
  ) {
    const { retained } = options;
    invariant(Number.isInteger(retained) && retained >= 1, `retained is ${retained}, and not a whole number above 0`);
    this.state = StorageState.of(storage);
    this.handles = new StorageHandles(storage);
  }

  /** The highest id that was given here or found in the storage; 0 when there is none. */
  highestId(): number {
    return this.state.highestId;
  }

  /**
   * The newest intact checkpoint, every byte of it verified; undefined for an empty storage.
   *
   * @throws DamagedCheckpointError, NewerFormatError, StorageError
   */
  async load({ mayBeDamaged = false, from }: LoadOptions = {}): Promise<LoadedCheckpoint | undefined> {
    const { chunks, retention } = this.state;
    const { retained } = this.options;
    this.remover = null;
    retention.suspend();
    const isBeingRemoved = (id: number): boolean => retention.isBeingRemoved(id);
    const found = await findCheckpoints(this.storage, retained, isBeingRemoved, { mayBeDamaged, from: from?.id });
    this.state.highestId = Math.max(this.state.highestId, ...found.ids.slice(0, 1));
    this.state.leaveRoomForIds(this.storage);
    chunks.reset(from?.claim === 'no-claim' ? [] : (found.newest?.packs ?? []));
    for (const id of found.ids) if (retention.isBeingRemoved(id)) chunks.dropPack(id);
    const start = retention.resume({
      retained,
      stored: found.ids,
      ...(from === undefined
        ? inherited(found)
        : from.line(found, {
            next: this.state.highestId + 1,
            foreign: retention.foreignCheckpoints,
            claimed: retention.claimedNames,
          })),
    });
    const onFailed = (error: unknown): void => this.options.onCleanupFailed?.(error);
    this.remover = { start, handles: this.handles, onFailed };
    this.found = found;
    for (const damage of found.damages) this.options.onDamaged(damage);
    return found.newest === undefined ? undefined : this.loaded(found.newest);
  }

  /** Takes an id at the moment that a checkpoint is of: what comes later has to tell that it does. */
  takeId(id: number): void {
    invariant(id > this.highestId(), `checkpoint ${id} comes after checkpoint ${this.highestId()}`);
    checkpointName(id);
    this.state.highestId = id;
    this.takenIds.add(id);
  }

  /** A checkpoint that has an id will not be encoded here. */
  giveUpId(id: number): void {
    this.takenIds.delete(id);
  }

  /** As `encode`, in one go. */
  prepare(content: CheckpointContent): PreparedCheckpoint {
    return finish(this.encode(content));
  }

  /**
   * The job begins with something that is no checkpoint of this storage: ids go on above it too, the next checkpoint is
   * written in full, and nobody falls back to the checkpoints that are there.
   */
  beginWith(id: number): void {
    const { chunks, retention } = this.state;
    this.state.highestId = Math.max(this.state.highestId, id);
    chunks.reset([]);
    retention.leave(this.state.highestId + 1);
  }

  /** From now on nothing is removed, until what it gives is called. */
  hold(): () => void {
    return this.state.retention.hold();
  }

  /**
   * Encodes a checkpoint, for `write` to write it; may be interrupted wherever it yields, and left there. Several may
   * be encoded and written at once. A snapshot that an earlier checkpoint wrote, or that was decoded from the loaded
   * one, is referred to.
   *
   * @throws UnstorableValueError naming the entry, CheckpointTooLargeError
   */
  *encode(content: CheckpointContent): Generator<void, PreparedCheckpoint, void> {
    invariant(this.remover !== null, 'a checkpoint is prepared before the storage was looked into');
    const { id } = content;
    const isTaken = this.takenIds.delete(id);
    invariant(isTaken || id > this.highestId(), `checkpoint ${id} comes after checkpoint ${this.highestId()}`);
    const target = checkpointName(id);
    const { chunks, retention } = this.state;
    const { types, inlineThresholdBytes = 0 } = this.options;
    const snapshots = new Map(content.entries);
    const chosen = chooseChunks(snapshots, chunks, inlineThresholdBytes);
    const packs: PackIds = new Set([id, ...Array.from(chosen.values(), ({ pack }) => pack)]);
    retention.pin(packs);
    let isPrepared = false;
    try {
      const entries = yield* encodeChunks(snapshots, chosen, types);
      const pack = yield* buildPackInSteps({ ...content, lineage: retention.currentLineage(), entries });
      yield* verifyPackInSteps(pack);
      this.state.highestId = Math.max(this.state.highestId, id);
      isPrepared = true;
      return this.prepared({ target, pack, packs, snapshots });
    } finally {
      if (!isPrepared) retention.unpin(packs);
    }
  }

  /** From now on a checkpoint that is completed is the only one that is kept. Until the next load. */
  keepOnlyNewest(): void {
    this.state.retention.keep(1);
  }

  /**
   * Makes another name (a savepoint that was restored, say) this job's to remove, as soon as it needs it no more.
   *
   * @throws StorageError
   */
  async claim(name: string): Promise<void> {
    const bytes = await this.handles.handle(name).get();
    if (bytes !== undefined) this.state.retention.claim([name, this.state.highestId + 1, checksum(bytes)]);
  }

  /** The ids of the checkpoints that are kept, for a restart to begin with or because of a hold, the newest first. */
  retainedIds(): number[] {
    return this.state.retention.retainedIds();
  }

  /** Whether there are checkpoints that are somebody else's, and stay with all that they need. */
  get hasForeign(): boolean {
    return this.state.retention.hasForeign;
  }

  /** Resolves when no removal of an old checkpoint is under way. */
  idle(): Promise<void> {
    return this.state.retention.idle();
  }

  private loaded({ manifest, manifestBytes, chunks }: VerifiedCheckpoint): LoadedCheckpoint {
    const entries = new Map<string, LoadedEntry>();
    let sizeBytes = manifestBytes;
    for (const [name, reference] of manifest.entries) {
      const remember = (snapshot: object): void => this.state.chunks.remember(snapshot, reference);
      const entry = new LoadedEntry(name, chunks.get(name)!, this.options.types, remember);
      remember(entry);
      entries.set(name, entry);
      sizeBytes += reference.length;
    }
    const { id, timestamp, meta } = manifest;
    return { id, timestamp, meta, entries, sizeBytes };
  }

  private prepared(preparation: Preparation): PreparedCheckpoint {
    const { manifest, manifestBytes, bytes } = preparation.pack;
    let isWritten = false;
    let sizeBytes = manifestBytes;
    for (const { length } of manifest.entries.values()) sizeBytes += length;
    const prepared: Writable<PreparedCheckpoint> = {
      id: manifest.id,
      sizeBytes,
      writtenBytes: bytes.length,
      entrySizeBytes: (name) => manifest.entries.get(name)!.length,
      writes: (name) => manifest.entries.get(name)?.pack === manifest.id,
      write: async (storing) => {
        invariant(!isWritten, `${preparation.target} is written twice`);
        isWritten = true;
        prepared.writtenBytes = await this.write(preparation, storing);
      },
    };
    return prepared;
  }

  /** @returns how many bytes it took. */
  private async write(preparation: Preparation, storing: () => void = () => {}): Promise<number> {
    const { target, pack, packs } = preparation;
    const { compression = 'none' } = this.options;
    let bytes = pack.bytes;
    try {
      if (compression !== 'none') bytes = await compressPack(bytes);
      storing();
      this.state.retention.mayBeStored(pack.manifest.id);
      await this.handles.create(target, bytes);
    } finally {
      this.state.retention.unpin(packs);
    }
    this.complete(preparation);
    return bytes.length;
  }

  private complete({ pack, packs, snapshots }: Preparation): void {
    if (this.storage instanceof ClaimedStorage) this.storage.settle();
    const { bytes, manifest } = pack;
    this.state.chunks.addPack(manifest.id, bytes.length);
    for (const [name, snapshot] of snapshots) this.state.chunks.remember(snapshot, manifest.entries.get(name)!);
    const removed = this.state.retention.complete(manifest.id, packs, this.remover);
    for (const old of removed) this.state.chunks.dropPack(old);
  }
}

function inherited({ intact, foreign, newest, names }: FoundCheckpoints): RetentionLine {
  const { claimed, ...lineage } = newest?.manifest.lineage ?? NO_LINEAGE;
  // What was removed behind this checkpoint is claimed no more: the name may be given anew.
  const isThere = ([name]: ClaimedName): boolean => names.includes(name);
  return { checkpoints: intact, foreign, lineage: { ...lineage, claimed: claimed.filter(isThere) } };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Preparation {
  /** The name to write to. */
  readonly target: string;
  readonly pack: Pack;
  readonly packs: PackIds;
  readonly snapshots: CheckpointContent['entries'];
}
