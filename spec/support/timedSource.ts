import type { Subscriber, Subscription } from 'rxjs';
import { asyncScheduler, Observable } from 'rxjs';

import type { ParticipantSnapshot, Snapshot } from '../../src/checkpoint/protocol/Snapshot.js';
import type { SourcePosition } from '../../src/checkpoint/protocol/SourcePosition.js';
import { CheckpointedObservable } from '../../src/operators/base/CheckpointedObservable.js';
import { EmittingSource } from '../../src/operators/base/EmittingSource.js';
import type { Site } from '../../src/operators/base/Site.js';
import type { Message, Value } from './InputSpec.js';
import { deliver, ThrownByInput } from './InputSpec.js';

/** Emits messages at their frames, counted from when it is opened. A restore goes on after the last one. */
export function timedSource(messages: readonly Message[]): CheckpointedObservable<Value> {
  return new CheckpointedObservable<Value>({
    operator: 'timed',
    isStateful: true,
    inputs: [],
    connect(dest, site) {
      if (site !== null) return new TimedSource(dest, site, messages).connect();
      timedObservable(messages, () => 0).subscribe(dest);
      return null;
    },
  });
}

/** The same without checkpoints. What was due before now comes at once. */
export function timedObservable(messages: readonly Message[], ageOf: () => number): Observable<Value> {
  return new Observable((subscriber) => {
    const start = asyncScheduler.now() - ageOf();
    let index = 0;
    const goOn = (): void => {
      while (index < messages.length && !subscriber.closed) {
        const message = messages[index]!;
        const left = start + message.frame - asyncScheduler.now();
        if (left > 0) return void subscriber.add(asyncScheduler.schedule(goOn, left));
        index++;
        deliver(message, subscriber);
      }
    };
    goOn();
  });
}

class TimedSource extends EmittingSource<Value> {
  private index = 0;
  private startedAt: number | null = null;
  private timer: Subscription | null = null;

  constructor(
    dest: Subscriber<Value>,
    site: Site,
    private readonly messages: readonly Message[],
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
    this.startedAt ??= asyncScheduler.now();
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
      const message = this.messages[this.index]!;
      const left = this.startedAt! + message.frame - asyncScheduler.now();
      if (left > 0) {
        this.timer = asyncScheduler.schedule(() => this.goOn(), left);
        return;
      }
      this.index++;
      if (message.kind === 'next') this.emit(message.value);
      else if (message.kind === 'error') this.fail(new ThrownByInput('thrown by an input'));
      else this.complete();
    }
  }
}
