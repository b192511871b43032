import type { ObservableNotification, SchedulerLike, Subscriber, Subscription } from 'rxjs';
import { asyncScheduler, Observable } from 'rxjs';

import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import type { SourcePosition } from '../checkpoint/protocol/SourcePosition.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { EmittingSource } from '../operators/base/EmittingSource.js';
import type { Site } from '../operators/base/Site.js';

export interface TimedNotification<T> {
  readonly frame: number;
  readonly notification: ObservableNotification<T>;
}

/** Emits at frames that are counted from when it is opened. A restore goes on after the last notification. */
export function timedSource<T>(
  messages: readonly TimedNotification<T>[],
  scheduler: SchedulerLike = asyncScheduler,
): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>({
    operator: 'timed',
    isStateful: true,
    inputs: [],
    connect(dest, site) {
      if (site !== null) return new TimedSource(dest, site, messages, scheduler).connect();
      timedObservable(messages, () => 0, scheduler).subscribe(dest);
      return null;
    },
  });
}

/** The same without checkpoints. What was due before now comes at once. */
export function timedObservable<T>(
  messages: readonly TimedNotification<T>[],
  ageOf: () => number,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<T> {
  return new Observable((subscriber) => {
    const start = scheduler.now() - ageOf();
    let index = 0;
    const goOn = (): void => {
      while (index < messages.length && !subscriber.closed) {
        const { frame, notification } = messages[index]!;
        const left = start + frame - scheduler.now();
        if (left > 0) return void subscriber.add(scheduler.schedule(goOn, left));
        index++;
        if (notification.kind === 'N') subscriber.next(notification.value);
        else if (notification.kind === 'E') subscriber.error(notification.error);
        else subscriber.complete();
      }
    };
    goOn();
  });
}

class TimedSource<T> extends EmittingSource<T> {
  private index = 0;
  private startedAt: number | null = null;
  private timer: Subscription | null = null;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly messages: readonly TimedNotification<T>[],
    private readonly scheduler: SchedulerLike,
  ) {
    super(dest, site);
  }

  snapshotState(): ParticipantSnapshot {
    const position: SourcePosition = { offset: this.index, recordsAfterOffset: 0 };
    return { state: { startedAt: this.startedAt }, position };
  }

  protected restore(snapshot: Snapshot): void {
    this.index = (snapshot.position as SourcePosition).offset;
    this.startedAt = (snapshot.state as { startedAt: number | null }).startedAt;
  }

  start(): void {
    this.startedAt ??= this.scheduler.now();
    this.goOn();
  }

  protected resumed(): void {
    this.goOn();
  }

  protected stopped(): void {
    this.timer?.unsubscribe();
  }

  private goOn(): void {
    this.timer?.unsubscribe();
    while (this.index < this.messages.length && !this.dest.closed && !this.isPaused) {
      const { frame, notification } = this.messages[this.index]!;
      const left = this.startedAt! + frame - this.scheduler.now();
      if (left > 0) {
        this.timer = this.scheduler.schedule(() => this.goOn(), left);
        return;
      }
      this.index++;
      if (notification.kind === 'N') this.emit(notification.value);
      else if (notification.kind === 'E') this.fail(notification.error);
      else this.complete();
    }
  }
}
