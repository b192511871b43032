import type { Subscriber } from 'rxjs';

import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { EmittingSource } from '../operators/base/EmittingSource.js';
import type { Site } from '../operators/base/Site.js';
import type { FilePosition } from './FilePosition.js';
import type { FileOptions, PumpSink } from './FilePump.js';
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
class FileSource<T> extends EmittingSource<T> implements PumpSink<T> {
  private pump: FilePump<T>;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly options: FileOptions<T>,
  ) {
    super(dest, site);
    this.pump = new FilePump(options, this, undefined);
  }

  snapshotState(): ParticipantSnapshot {
    const position = this.pump.position();
    return position === undefined ? { state: null } : { state: null, position };
  }

  /** Whether it is still the same file is found out before anything flows. */
  protected restore(snapshot: Snapshot): void {
    const position = snapshot.position as FilePosition | undefined;
    if (position === undefined) return;
    this.pump = new FilePump(this.options, this, position);
    this.run.connecting.awaitCheck(
      this.pump.prepare().then(
        () => null,
        (error: unknown) => () => this.error(error),
      ),
    );
  }

  start(): void {
    this.pump.open();
  }

  override pause(): void {
    super.pause();
    this.pump.pause();
  }

  protected resumed(): void {
    this.pump.resume();
  }

  protected stopped(): void {
    this.pump.stop();
  }

  get closed(): boolean {
    return this.dest.closed;
  }

  next(record: T): void {
    this.emit(record);
  }

  error(error: unknown): void {
    if (!this.dest.closed) this.fail(error);
  }
}
