import type { Subscriber } from 'rxjs';

import type { AsynchronousInput } from '../checkpoint/protocol/AsynchronousInput.js';
import type { Run } from '../checkpoint/protocol/Run.js';
import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import { ReplayTooShortError } from '../errors/ReplayTooShortError.js';
import { EmittingSource } from '../operators/base/EmittingSource.js';
import type { Site } from '../operators/base/Site.js';
import { isBarrier } from './marbles.js';
import type { MarblePosition, Playback, Tape, TapeListener } from './Tape.js';
import { countOf } from './Tape.js';

/**
 * A source of marbles in a job. It takes its barrier where its marbles have one, so it is an asynchronous input: asked
 * for a barrier it delivers at its next `%`, or at once when there is none left. What comes while it is held waits.
 */
export class MarbleInput<T> extends EmittingSource<T> implements AsynchronousInput, TapeListener {
  private playback: Playback | null = null;
  private subscriptionIndex = 0;
  /** Where it was left, until it is started. */
  private restored: MarblePosition | null = null;
  /** The index of the next message to handle; those up to `count` have come. */
  private next = 0;
  private count = 0;
  private request: (() => void) | null = null;
  /** It has come to a `%` of its own that nobody has asked for yet. */
  private isAtBarrier = false;
  private isHeld = false;
  private isHandingOn = false;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly tape: Tape<T>,
    /** Told when a `%` comes that no checkpoint waits for. False when that begins none. */
    readonly onBarrier: (run: Run) => boolean,
  ) {
    super(dest, site);
  }

  snapshotState(): ParticipantSnapshot {
    return { state: null, position: this.playback === null ? this.restored : this.position(this.playback) };
  }

  private position({ subscribedFrame }: Playback): MarblePosition {
    const barriers = this.tape.messages.slice(0, this.next).filter(isBarrier).length;
    const position = { records: this.next - barriers, barriers };
    return subscribedFrame === undefined ? position : { ...position, subscribedFrame };
  }

  protected restore(snapshot: Snapshot): void {
    const position = snapshot.position as MarblePosition | null;
    const { length } = this.tape.messages;
    if (position !== null && countOf(position) > length)
      throw new ReplayTooShortError(this.name, countOf(position), length);
    this.restored = position;
  }

  start(): void {
    this.playback = this.tape.play(this, this.restored);
    this.subscriptionIndex = this.tape.outside.logSubscribedFrame();
    this.next = this.playback.next;
    this.count = this.playback.arrived;
    this.run.joinAsynchronous(this);
    this.handOn();
  }

  arrived(count: number): void {
    this.count = count;
    this.handOn();
  }

  private handOn(): void {
    if (this.isHandingOn) return; // It is the loop below that has let more come.
    this.isHandingOn = true;
    try {
      while (this.next < this.count && !this.isHeld && !this.isAtBarrier && !this.dest.closed) this.handle();
    } finally {
      this.isHandingOn = false;
    }
  }

  private handle(): void {
    const { notification } = this.tape.messages[this.next++]!;
    switch (notification.kind) {
      case 'N':
        return this.emit(notification.value);
      case 'E':
        return this.fail(notification.error);
      case 'C':
        return this.complete();
      case 'B':
        return this.comeToBarrier();
    }
  }

  private comeToBarrier(): void {
    const { request } = this;
    this.request = null;
    if (request !== null) return request();
    this.isAtBarrier = true;
    if (!this.onBarrier(this.run)) this.isAtBarrier = false;
  }

  requestBarrier(_id: number, delivered: () => void): void {
    const hasNone = !this.tape.messages.slice(this.next).some(isBarrier);
    if (!this.isAtBarrier && !hasNone) {
      this.request = delivered;
      return;
    }
    this.isAtBarrier = false;
    delivered();
  }

  hold(): void {
    this.isHeld = true;
  }

  release(): void {
    this.isHeld = false;
    this.handOn();
  }

  protected resumed(): void {
    // Marbles come when they say, whatever becomes of them.
  }

  protected stopped(): void {
    const { playback } = this;
    if (playback === null) return;
    playback.stop();
    this.tape.outside.logUnsubscribedFrame(this.subscriptionIndex);
    this.run.leaveAsynchronous(this);
  }
}
