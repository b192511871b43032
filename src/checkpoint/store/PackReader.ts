import { NewerFormatError } from '../../errors/NewerFormatError.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { checkpointName } from './checkpointName.js';
import { decompressPack } from './compressedPack.js';
import type { ChunkReference, Manifest } from './Manifest.js';
import { packsOf } from './Manifest.js';
import { openPack, readChunk } from './openPack.js';
import { NEWEST_FORMAT_VERSION } from './packLayout.js';
import { StorageHandles } from './StateHandle.js';

/** A checkpoint whose every chunk was read and verified. */
export interface VerifiedCheckpoint {
  readonly manifest: Manifest;
  readonly manifestBytes: number;
  readonly chunks: ReadonlyMap<string, Uint8Array>;
  /** The packs that it refers to, its own among them, with their sizes. */
  readonly packs: ReadonlyMap<number, number>;
}

/** Reads checkpoints for one load; each pack is read once. Problems are told as strings, for the damage report. */
export class PackReader {
  private readonly packs = new Map<number, Promise<Uint8Array | undefined>>();

  private readonly handles: StorageHandles;

  constructor(private readonly storage: CheckpointStorage) {
    this.handles = new StorageHandles(storage);
  }

  /** Reads a manifest and everything that it refers to. */
  async readCheckpoint(id: number): Promise<VerifiedCheckpoint | string> {
    const opened = await this.readManifest(id);
    if (typeof opened === 'string') return opened;
    const { manifest, manifestBytes } = opened;
    const packs = new Map(
      await Promise.all([...packsOf(manifest)].map(async (pack) => [pack, await this.readPack(pack)] as const)),
    );
    const chunks = new Map<string, Uint8Array>();
    for (const [name, reference] of manifest.entries) {
      const chunk = chunkIn(packs.get(reference.pack), reference);
      if (typeof chunk === 'string')
        return `needs the snapshot of '${name}' in ${checkpointName(reference.pack)}, which ${chunk}`;
      chunks.set(name, chunk);
    }
    return {
      manifest,
      manifestBytes,
      chunks,
      packs: new Map(Array.from(packs, ([pack, bytes]) => [pack, bytes!.length])),
    };
  }

  private async readManifest(id: number): Promise<{ manifest: Manifest; manifestBytes: number } | string> {
    const bytes = await this.readPack(id);
    if (bytes === undefined) return 'is listed by the storage, which has no bytes for it';
    const pack = openPack(bytes);
    if (pack.type === 'damaged') return pack.problem;
    if (pack.type === 'newer') throw this.newer(id, pack.formatVersion);
    return pack.manifest.id === id ? pack : `holds checkpoint ${pack.manifest.id}: it was renamed`;
  }

  private readPack(id: number): Promise<Uint8Array | undefined> {
    let pack = this.packs.get(id);
    if (pack === undefined) {
      pack = this.readBytes(id);
      this.packs.set(id, pack);
    }
    return pack;
  }

  private async readBytes(id: number): Promise<Uint8Array | undefined> {
    const bytes = await this.handles.handle(checkpointName(id)).get();
    return bytes && decompressPack(bytes);
  }

  private newer(id: number, formatVersion: number): NewerFormatError {
    return new NewerFormatError({
      storage: this.storage.description,
      checkpoint: checkpointName(id),
      formatVersion,
      supportedVersion: NEWEST_FORMAT_VERSION,
    });
  }
}

function chunkIn(pack: Uint8Array | undefined, reference: ChunkReference): Uint8Array | string {
  return pack === undefined ? 'is missing' : readChunk(pack, reference);
}
