import type { SchedulerLike, Subscription } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { FileSystem } from '../io/FileSystem.js';
import type { FileFormat } from './FileFormat.js';
import type { FilePosition } from './FilePosition.js';
import { FileReader } from './FileReader.js';
import { Slice } from './Slice.js';

export interface FileOptions<T> {
  readonly fileSystem: FileSystem;
  readonly path: string;
  readonly format: FileFormat<T>;
  /** What yields between slices. */
  readonly scheduler?: SchedulerLike | undefined;
  /** How much to read at once. */
  readonly readBytes?: number | undefined;
}

/** Where the records go. */
export interface PumpSink<T> {
  readonly closed: boolean;
  next(record: T): void;
  error(error: unknown): void;
  complete(): void;
}

/** Drives a FileReader: emits its records in slices, can be paused, and gives the file back whatever happens. */
export class FilePump<T> {
  private reader: FileReader<T> | null = null;
  /** Opened once, also by who comes while it is being opened. */
  private opening: Promise<FileReader<T>> | null = null;
  private pending: Subscription | null = null;
  private isPaused = false;
  /** Waits for `resume`, and for nothing else. */
  private isIdle = false;
  private readonly slice: Slice;
  private readonly scheduler: SchedulerLike;

  constructor(
    private readonly options: FileOptions<T>,
    private readonly sink: PumpSink<T>,
    private readonly start: FilePosition | undefined,
  ) {
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.slice = new Slice(this.scheduler);
  }

  /** After the last emitted record; undefined for the start of a file that is not open yet. */
  position(): FilePosition | undefined {
    return this.reader === null ? this.start : this.reader.position();
  }

  /**
   * Opens the file, and sees whether it is the one that the position was taken of.
   *
   * @throws FileMissingError, FileReadError, FileShrunkError, FileReplacedError
   */
  prepare(): Promise<FileReader<T>> {
    return (this.opening ??= this.openReader());
  }

  private async openReader(): Promise<FileReader<T>> {
    const reader = await FileReader.open({ ...this.options, position: this.start });
    this.reader = reader;
    if (this.sink.closed) this.stop();
    return reader;
  }

  open(): void {
    if (this.reader !== null) return this.pump(this.reader);
    this.prepare().then(
      (reader) => this.pump(reader),
      (error: unknown) => this.sink.error(error),
    );
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    if (!this.isIdle || this.reader === null) return;
    this.isIdle = false;
    this.schedule(this.reader);
  }

  /** Gives the file back. May be called at any time, and again. */
  stop(): void {
    this.pending?.unsubscribe();
    // The file was only read: that it could not be closed is nothing that anybody could act on.
    this.reader?.close().catch(() => {});
  }

  /** Emits a slice. Only the reader can throw, at a record that it cannot make sense of: a consumer does not. */
  private pump(reader: FileReader<T>): void {
    try {
      this.emitSlice(reader);
    } catch (error) {
      this.stop();
      this.sink.error(error);
    }
  }

  private emitSlice(reader: FileReader<T>): void {
    const { sink, slice } = this;
    slice.begin();
    do {
      for (let left = slice.batch; left > 0; left--) {
        if (sink.closed) return;
        if (this.isPaused) return void (this.isIdle = true);
        if (!reader.next()) return this.refill(reader);
        sink.next(reader.record);
      }
    } while (!slice.isOver());
    this.schedule(reader);
  }

  private refill(reader: FileReader<T>): void {
    reader.refill().then(
      (hasMore) => {
        if (this.sink.closed) return;
        if (hasMore) return this.pump(reader);
        this.stop();
        this.sink.complete();
      },
      (error: unknown) => {
        if (this.sink.closed) return;
        this.stop();
        this.sink.error(error);
      },
    );
  }

  private schedule(reader: FileReader<T>): void {
    if (!this.sink.closed) this.pending = this.scheduler.schedule(() => this.pump(reader));
  }
}
