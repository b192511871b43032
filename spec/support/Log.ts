import type { Subscriber } from 'rxjs';

import type { ParticipantSnapshot, Snapshot } from '../../src/checkpoint/protocol/Snapshot.js';
import type { SourcePosition } from '../../src/checkpoint/protocol/SourcePosition.js';
import { ReplayTooShortError } from '../../src/errors/ReplayTooShortError.js';
import { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { EmittingSource } from '../../src/operators/base/EmittingSource.js';
import type { Site } from '../../src/operators/base/Site.js';

/**
 * A source that a spec writes to, record by record. It keeps what was written, as a file or a topic does, so a restore
 * reads on after its position. What is written while nobody reads is not lost.
 */
export class Log<T> {
  readonly records: T[] = [];
  readonly stream$: CheckpointedObservable<T>;
  isEnded = false;
  /** What its readers do when they are told of a completed checkpoint. */
  onCompleted: ((id: number) => void) | null = null;
  private readonly readers = new Set<LogReader<T>>();

  constructor(records: readonly T[] = []) {
    this.records.push(...records);
    this.stream$ = new CheckpointedObservable<T>({
      operator: 'log',
      isStateful: true,
      inputs: [],
      connect: (dest, site) => {
        if (site === null) throw new Error('A Log is read in jobs only.');
        return new LogReader(dest, site, this, this.readers).connect();
      },
    });
  }

  /** Each record is a turn of its own. */
  write(...records: T[]): void {
    for (const record of records) {
      this.records.push(record);
      for (const reader of this.readers) reader.read();
    }
  }

  end(): void {
    this.isEnded = true;
    for (const reader of this.readers) reader.read();
  }

  /** Those who read at the moment get the error; whoever reads again goes on behind the last record. */
  breakDown(error: unknown): void {
    for (const reader of [...this.readers]) reader.breakDown(error);
  }

  get readerCount(): number {
    return this.readers.size;
  }
}

class LogReader<T> extends EmittingSource<T> {
  private index = 0;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly log: Log<T>,
    private readonly readers: Set<LogReader<T>>,
  ) {
    super(dest, site);
  }

  snapshotState(): ParticipantSnapshot {
    const position: SourcePosition = { offset: this.index, recordsAfterOffset: 0 };
    return { state: null, position };
  }

  checkpointCompleted(id: number): void {
    this.log.onCompleted?.(id);
  }

  protected restore(snapshot: Snapshot): void {
    this.index = (snapshot.position as SourcePosition).offset;
    const { length } = this.log.records;
    if (this.index > length) throw new ReplayTooShortError(this.name, this.index, length);
  }

  start(): void {
    this.readers.add(this);
    this.read();
  }

  read(): void {
    const { log, dest } = this;
    while (!dest.closed && !this.isPaused && this.index < log.records.length) this.emit(log.records[this.index++] as T);
    if (!dest.closed && log.isEnded && this.index === log.records.length) this.complete();
  }

  breakDown(error: unknown): void {
    this.fail(error);
  }

  protected resumed(): void {
    this.read();
  }

  protected stopped(): void {
    this.readers.delete(this);
  }
}
