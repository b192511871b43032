import type { Observable } from 'rxjs';

import type { MarbleMessage, TestMessage } from './marbles.js';

/** When something was subscribed and unsubscribed; Infinity for never. The same shape as in RxJS. */
export interface SubscriptionLog {
  subscribedFrame: number;
  unsubscribedFrame: number;
}

/** Where a source of marbles goes on. */
export interface MarblePosition {
  /** How many values of its marbles it has emitted. A hot one counts those too that nobody was there for. */
  readonly records: number;
  /** How many `%` of its marbles it has come by. */
  readonly barriers: number;
  /** For cold ones: when its marbles began. */
  readonly subscribedFrame?: number;
}

/** The marbles of a source, and how they come to those who listen. */
export interface Tape<T> {
  /** All that they tell, up to the end of the stream. */
  readonly messages: readonly MarbleMessage<T>[];
  /** The same for those outside of the job, with RxJS's own logs. */
  readonly outside: StockSource<T>;
  /** Plays it to a part of the job: from the start, or from where that was left. */
  play(listener: TapeListener, from: MarblePosition | null): Playback;
}

export interface TapeListener {
  /** So many messages have come by now; not to be called within `play`. */
  arrived(count: number): void;
}

export interface Playback {
  /** The index of the first message that the listener is to take. */
  readonly next: number;
  /** How many messages have come already. */
  readonly arrived: number;
  /** For cold ones: when its marbles began. */
  readonly subscribedFrame?: number;
  stop(): void;
}

/** What RxJS's test scheduler makes, of which this library uses the logs and the behaviour outside of a job. */
export interface StockSource<T> extends Observable<T> {
  messages: TestMessage<T>[];
  subscriptions: SubscriptionLog[];
  logSubscribedFrame(): number;
  logUnsubscribedFrame(index: number): void;
}

/** How many messages to pass over to be at a position: only those that are not the end can be in it. */
export function countOf(position: MarblePosition): number {
  return position.records + position.barriers;
}
