import { attempt } from '../../storage/attempt.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';

/** Where a piece of state is kept: a pack, for one. It is written once, and known by its name. */
export interface StateHandle {
  readonly name: string;
  /** In bytes; undefined as long as it was neither written nor read here. */
  readonly size: number | undefined;
  /** @returns undefined when there is nothing. @throws StorageError */
  get(): Promise<Uint8Array | undefined>;
  /** Of no effect when there is nothing. @throws StorageError */
  discard(): Promise<void>;
}

/** Where handles come from: the only thing that the chunk store knows of where its bytes are. */
export interface StateHandleProvider {
  /** Resolves when the bytes are durable. @throws StorageError */
  create(name: string, bytes: Uint8Array): Promise<StateHandle>;
  /** Of what may be there under a name. */
  handle(name: string): StateHandle;
}

/** Keeps pieces of state in a storage, one under each name. */
export class StorageHandles implements StateHandleProvider {
  constructor(private readonly storage: CheckpointStorage) {}

  async create(name: string, bytes: Uint8Array): Promise<StateHandle> {
    const what = { storage: this.storage.description, operation: 'write', target: name } as const;
    await attempt(what, () => this.storage.write(name, bytes));
    return new StorageHandle(this.storage, name, bytes.length);
  }

  handle(name: string): StateHandle {
    return new StorageHandle(this.storage, name);
  }
}

class StorageHandle implements StateHandle {
  constructor(
    private readonly storage: CheckpointStorage,
    readonly name: string,
    public size: number | undefined = undefined,
  ) {}

  async get(): Promise<Uint8Array | undefined> {
    const bytes = await this.attempt('read', () => this.storage.read(this.name));
    this.size = bytes?.length;
    return bytes;
  }

  discard(): Promise<void> {
    return this.attempt('remove', () => this.storage.remove(this.name));
  }

  private attempt<R>(operation: 'read' | 'remove', work: () => Promise<R>): Promise<R> {
    return attempt({ storage: this.storage.description, operation, target: this.name }, work);
  }
}
