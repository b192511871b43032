import { Observable } from 'rxjs';

import { BARRIER, completeNotification, errorNotification, nextNotification } from './marbles.js';
import type { MarbleMessage } from './marbles.js';

/** What a stream has told, message by message. A value that is a stream itself is recorded as its own messages. */
export class Recording {
  readonly messages: MarbleMessage<unknown>[] = [];

  constructor(
    private readonly clock: { readonly frame: number },
    /** The frame that counts as the first. */
    private readonly origin: number = 0,
  ) {}

  next(value: unknown): void {
    this.add(nextNotification(value instanceof Observable ? this.recordInner(value) : value));
  }

  error(error: unknown): void {
    this.add(errorNotification(error));
  }

  complete(): void {
    this.add(completeNotification);
  }

  barrier(): void {
    this.add(BARRIER);
  }

  private add(notification: MarbleMessage<unknown>['notification']): void {
    this.messages.push({ frame: this.clock.frame - this.origin, notification });
  }

  private recordInner(stream: Observable<unknown>): MarbleMessage<unknown>[] {
    const recording = new Recording(this.clock, this.clock.frame);
    stream.subscribe({
      next: (value) => recording.add(nextNotification(value)),
      error: (error: unknown) => recording.error(error),
      complete: () => recording.complete(),
    });
    return recording.messages;
  }
}
