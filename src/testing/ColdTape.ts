import type { SchedulerLike, Subscription } from 'rxjs';

import type { MarbleMessage } from './marbles.js';
import type { MarblePosition, Playback, StockSource, Tape, TapeListener } from './Tape.js';
import { countOf } from './Tape.js';

/** Begins anew for each listener, when that subscribes. */
export class ColdTape<T> implements Tape<T> {
  constructor(
    readonly messages: readonly MarbleMessage<T>[],
    readonly outside: StockSource<T>,
    private readonly scheduler: SchedulerLike,
  ) {}

  play(listener: TapeListener, from: MarblePosition | null): Playback {
    const { messages, scheduler } = this;
    const now = scheduler.now();
    const subscribedFrame = from?.subscribedFrame ?? now;
    const next = from === null ? 0 : countOf(from);
    const scheduled: Subscription[] = [];
    let arrived = next;
    messages.forEach(({ frame }, index) => {
      const delay = subscribedFrame + frame - now;
      if (index < next) return;
      if (delay < 0) arrived = index + 1;
      else scheduled.push(scheduler.schedule(() => listener.arrived(index + 1), delay));
    });
    return { next, arrived, subscribedFrame, stop: () => scheduled.forEach((action) => action.unsubscribe()) };
  }
}
