import type { Subscriber } from 'rxjs';

import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { EmittingSource } from '../operators/base/EmittingSource.js';
import type { Site } from '../operators/base/Site.js';
import type { FilePosition } from './FilePosition.js';
import type { FileOptions } from './FilePump.js';
import { FilePump } from './FilePump.js';

/** The records of a file, as a source. Adapters bind the file system. */
export function fileNode<T>(options: FileOptions<T>): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>({
    operator: 'fromFile',
    isStateful: true,
    inputs: [],
    connect(dest, site) {
      if (site !== null) return new FileSource(dest, site, options).connect();
      const pump = new FilePump(options, dest, undefined);
      dest.add(() => pump.stop());
      pump.open();
      return null;
    },
  });
}

/** In a job: its position is the byte after the last record, with a fingerprint of what stands before. */
class FileSource<T> extends EmittingSource<T> {
  private pump: FilePump<T> | null = null;
  private restored: FilePosition | undefined = undefined;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly options: FileOptions<T>,
  ) {
    super(dest, site);
  }

  snapshotState(): ParticipantSnapshot {
    const position = this.pump === null ? this.restored : this.pump.position();
    return position === undefined ? { state: null } : { state: null, position };
  }

  protected restore(snapshot: Snapshot): void {
    this.restored = snapshot.position as FilePosition | undefined;
  }

  start(): void {
    const { dest, run } = this;
    const sink = {
      get closed(): boolean {
        return dest.closed;
      },
      next: (record: T): void => {
        run.enter();
        try {
          dest.next(record);
        } finally {
          run.leave();
        }
      },
      error: (error: unknown): void => this.fail(error),
      complete: (): void => this.complete(),
    };
    this.pump = new FilePump(this.options, sink, this.restored);
    if (this.isPaused) this.pump.pause();
    this.pump.open();
  }

  override pause(): void {
    super.pause();
    this.pump?.pause();
  }

  protected resumed(): void {
    this.pump?.resume();
  }

  protected stopped(): void {
    this.pump?.stop();
  }
}
