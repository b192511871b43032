import { UnreadableSnapshotError } from '../../errors/UnreadableSnapshotError.js';
import { decodeValue } from './codec.js';
import type { CodecTypes } from './CodecType.js';

/** A checkpoint out of the storage: all its bytes were read and found intact. */
export interface LoadedCheckpoint {
  readonly id: number;
  readonly timestamp: number;
  readonly meta: unknown;
  readonly entries: ReadonlyMap<string, LoadedEntry>;
  /** Of all that it consists of, wherever it was written. */
  readonly sizeBytes: number;
}

/** One snapshot of a loaded checkpoint, still encoded. May be handed to a later checkpoint as it is, to carry it over. */
export class LoadedEntry {
  private value: object | undefined;

  constructor(
    readonly name: string,
    readonly bytes: Uint8Array,
    private readonly types: CodecTypes,
    private readonly onDecoded: (value: object) => void,
  ) {}

  get sizeBytes(): number {
    return this.bytes.length;
  }

  /**
   * The snapshot; the same object every time.
   *
   * @throws UnreadableSnapshotError
   */
  decode(): object {
    if (this.value === undefined) {
      this.value = this.decodeObject();
      this.onDecoded(this.value);
    }
    return this.value;
  }

  private decodeObject(): object {
    try {
      const value = decodeValue(this.bytes, this.types);
      if (typeof value === 'object' && value !== null) return value;
      throw new UnreadableSnapshotError({ problem: `it is not an object, but ${String(value)}` });
    } catch (error) {
      throw error instanceof UnreadableSnapshotError ? error.of(this.name) : error;
    }
  }
}
