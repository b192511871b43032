import type { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { fromRemote } from '../../src/sources/fromRemote.js';
import type { RemoteConnection, RemoteSink } from '../../src/sources/RemoteSource.js';

type Sink = RemoteSink<number, number>;

/**
 * A remote side with records of its own, over a line on which nothing moves before a spec says so. Its positions are
 * the numbers of records sent.
 */
export class Remote {
  readonly stream$: CheckpointedObservable<number> = fromRemote<number, number>((sink, position) =>
    this.connect(sink, position),
  );
  /** The positions that it was connected with. */
  readonly connectedAt: (number | undefined)[] = [];
  /** What the job asked for, barrier ids and pauses among it. */
  readonly asked: string[] = [];
  isClosed = true;
  answersAtOnce = false;
  private sink: Sink | null = null;
  private sent = 0;
  private requests: number[] = [];
  private line: ((sink: Sink) => void)[] = [];

  constructor(private readonly records: readonly number[] = []) {}

  private connect(sink: Sink, position: number | undefined): RemoteConnection {
    this.connectedAt.push(position);
    this.sink = sink;
    this.sent = position ?? 0;
    this.requests = [];
    this.line = [];
    this.isClosed = false;
    return {
      requestBarrier: (id) => {
        this.asked.push(`barrier ${id}`);
        this.requests.push(id);
        if (this.answersAtOnce) this.deliverBarrier();
      },
      pause: () => this.asked.push('pause'),
      resume: () => this.asked.push('resume'),
      close: () => {
        this.isClosed = true;
        this.sink = null;
      },
    };
  }

  get isConnected(): boolean {
    return this.sink !== null;
  }

  /** Puts its next record on the line; its end when there is none. */
  send(): void {
    const record = this.records[this.sent];
    if (record === undefined) this.line.push((sink) => sink.complete());
    else this.line.push((sink) => sink.next(record));
    if (record !== undefined) this.sent++;
  }

  /** Puts its answer to the oldest request on the line. */
  answer(): void {
    const id = this.requests.shift();
    const position = this.sent;
    if (id !== undefined) this.line.push((sink) => sink.barrier(id, position));
  }

  fail(error: unknown): void {
    this.line.push((sink) => sink.error(error));
  }

  /** Lets the oldest message on the line arrive. */
  arrive(): void {
    const message = this.line.shift();
    if (this.sink !== null) message?.(this.sink);
  }

  arriveAll(): void {
    while (this.line.length > 0) this.arrive();
  }

  /** Sends its next record, which arrives at once. */
  emit(count = 1): void {
    for (let i = 0; i < count; i++) {
      this.send();
      this.arriveAll();
    }
  }

  /** Answers, and the answer arrives at once. */
  deliverBarrier(): void {
    this.answer();
    this.arriveAll();
  }
}
