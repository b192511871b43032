import type { Subscriber } from 'rxjs';

import type { AsynchronousInput } from '../checkpoint/protocol/AsynchronousInput.js';
import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { EmittingSource } from '../operators/base/EmittingSource.js';
import { Fifo } from '../operators/base/Fifo.js';
import type { Site } from '../operators/base/Site.js';

/** What a remote side tells the job, in the order in which it came. */
export interface RemoteSink<T, P> {
  next(record: T): void;
  /**
   * Answers `requestBarrier(id)`, after the last record before the barrier.
   *
   * @param position - where to go on after that record; a value that can be stored, and is not changed afterwards.
   */
  barrier(id: number, position: P): void;
  error(error: unknown): void;
  complete(): void;
}

/** What the job tells a remote side. */
export interface RemoteConnection {
  /** Asks it to answer in-band: with `sink.barrier(id, position)`, between two records, paused or not. */
  requestBarrier(id: number): void;
  /** The job has more than it can take. What is on its way may still come. */
  pause?(): void;
  resume?(): void;
  /** Nothing is wanted any more. */
  close(): void;
}

/** Connects to a remote side that goes on after `position`; undefined for its start. */
export type RemoteConnect<T, P> = (sink: RemoteSink<T, P>, position: P | undefined) => RemoteConnection;

/**
 * A remote side in a job. What comes while it is held is kept back in its order: records, the end, and barriers too,
 * which stand behind records that count before them. So is what comes from within `connect`, before it has joined.
 */
export class RemoteSource<T, P> extends EmittingSource<T> implements AsynchronousInput {
  private connection: RemoteConnection | null = null;
  /** As of the newest barrier, or of the start. */
  private position: P | undefined = undefined;
  private request: { readonly id: number; readonly delivered: () => void } | null = null;
  private readonly keptBack = new Fifo<() => void>();
  private isHeld = false;
  private isHandingOn = false;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly connectRemote: RemoteConnect<T, P>,
  ) {
    super(dest, site);
  }

  snapshotState(capture: Capture): ParticipantSnapshot {
    return { state: null, position: capture.held(this.position, 'position') };
  }

  protected restore(snapshot: Snapshot): void {
    this.position = this.run.revival.held(snapshot.position) as P | undefined;
  }

  start(): void {
    try {
      this.connection = this.connectRemote(this.sink, this.position);
    } catch (error) {
      return this.fail(error);
    }
    if (this.dest.closed) return this.stopped();
    if (this.isPaused) this.connection.pause?.();
    this.run.joinAsynchronous(this);
    this.handOn();
  }

  // What the remote side tells

  private readonly sink: RemoteSink<T, P> = {
    next: (record) => {
      if (this.isBlocked) this.keptBack.push(() => this.emit(record));
      else if (!this.dest.closed) this.emit(record);
      else this.run.onAsynchronousInputs?.strayed?.('a message after its end');
    },
    barrier: (id, position) => this.take(() => this.answered(id, position)),
    error: (error) => this.take(() => this.fail(error)),
    complete: () => this.take(() => this.complete()),
  };

  private answered(id: number, position: P): void {
    const { request } = this;
    // Of a checkpoint that was given up, if it is not the one that was asked for last.
    if (request?.id !== id) return this.run.onAsynchronousInputs?.strayed?.('a barrier that nobody waits for');
    this.request = null;
    this.position = position;
    request.delivered();
  }

  private take(message: () => void): void {
    if (this.isBlocked) this.keptBack.push(message);
    else if (!this.dest.closed) message();
    else this.run.onAsynchronousInputs?.strayed?.('a message after its end');
  }

  private get isBlocked(): boolean {
    return this.isHeld || this.isHandingOn || this.connection === null;
  }

  private handOn(): void {
    if (this.isHandingOn) return; // It is the loop below that was released.
    this.isHandingOn = true;
    try {
      while (this.keptBack.length > 0 && !this.isHeld && !this.dest.closed) this.keptBack.shift()();
    } finally {
      this.isHandingOn = false;
    }
  }

  // What the job tells

  requestBarrier(id: number, delivered: () => void): void {
    this.request = { id, delivered };
    try {
      this.connection?.requestBarrier(id);
    } catch (error) {
      this.fail(error);
    }
  }

  hold(): void {
    this.isHeld = true;
  }

  release(): void {
    this.isHeld = false;
    this.handOn();
  }

  override pause(): void {
    super.pause();
    this.connection?.pause?.();
  }

  protected resumed(): void {
    this.connection?.resume?.();
  }

  protected stopped(): void {
    this.run.leaveAsynchronous(this);
    this.connection?.close();
  }
}
