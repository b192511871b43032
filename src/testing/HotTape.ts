import type { SchedulerLike, Subject } from 'rxjs';

import type { MarbleMessage } from './marbles.js';
import type { MarblePosition, Playback, StockSource, Tape, TapeListener } from './Tape.js';
import { countOf } from './Tape.js';

/** Runs by itself from the first flush on; who listens gets what comes from then on. */
export class HotTape<T> implements Tape<T> {
  /** How many messages have come. */
  played = 0;
  private readonly listeners = new Set<TapeListener>();
  private startFrame = 0;
  private subject: StockSource<T> & Subject<T>;

  constructor(
    readonly messages: readonly MarbleMessage<T>[],
    /** A silent Subject with RxJS's logs. */
    private readonly createSubject: () => StockSource<T> & Subject<T>,
    private readonly scheduler: SchedulerLike,
  ) {
    this.subject = createSubject();
  }

  get outside(): StockSource<T> {
    return this.subject;
  }

  start(): void {
    this.startFrame = this.scheduler.now();
    this.schedule();
  }

  /** Goes on after so many messages, for a new life of the job: nobody of the one before listens any more. */
  rewind(played: number): void {
    const { subscriptions } = this.subject;
    this.subject = Object.assign(this.createSubject(), { subscriptions });
    this.listeners.clear();
    this.played = played;
    this.schedule();
  }

  private schedule(): void {
    const { messages, scheduler, startFrame } = this;
    const now = scheduler.now();
    for (let index = this.played; index < messages.length; index++) {
      const { frame, notification } = messages[index]!;
      scheduler.schedule(() => this.tell(notification, index), startFrame + frame - now);
    }
  }

  private tell(notification: MarbleMessage<T>['notification'], index: number): void {
    this.played = index + 1;
    for (const listener of [...this.listeners]) listener.arrived(this.played);
    const { subject } = this;
    if (notification.kind === 'N') subject.next(notification.value);
    else if (notification.kind === 'E') subject.error(notification.error as unknown);
    else if (notification.kind === 'C') subject.complete();
  }

  play(listener: TapeListener, from: MarblePosition | null): Playback {
    const { listeners, messages, played } = this;
    listeners.add(listener);
    // Who comes after the end is told of the end, as with any Subject.
    const kind = messages.at(-1)?.notification.kind;
    const hasEnd = kind === 'C' || kind === 'E';
    const fresh = hasEnd ? Math.min(played, messages.length - 1) : played;
    const next = from === null ? fresh : countOf(from);
    return { next, arrived: Math.max(played, next), stop: () => listeners.delete(listener) };
  }
}
