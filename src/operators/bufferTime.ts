import type { ObservableInput, SchedulerLike, Subscriber } from 'rxjs';
import { asyncScheduler } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { OperatorCore } from './base/OperatorCore.js';
import type { Site } from './base/Site.js';
import type { Timer, TimerSnapshot } from './base/Timers.js';
import { Timers } from './base/Timers.js';
import { popScheduler } from './base/trailingArguments.js';

/**
 * Collects the values of a time span into an array and emits it at the end of the span.
 *
 * **Checkpoint:** the open buffers, and the absolute times when they are due and when the next opens. A buffer that is
 * overdue at a restore is emitted first thing.
 *
 * ```text
 * source  -a-b-%-c---|
 *         bufferTime(5)
 * result  -----%x---(y|)      x = [a, b], y = [c]
 * ```
 *
 * @example
 * const perSecond$ = clicks$.pipe(bufferTime(1_000));
 * @param bufferTimeSpan - how long each buffer is open, in ms.
 * @param bufferCreationInterval - opens a buffer each so many ms; by default one opens when the one before is emitted.
 * @param maxBufferSize - emits a buffer as soon as it has so many values.
 * @param scheduler - the clock. Default: `asyncScheduler`.
 */
export function bufferTime<T>(bufferTimeSpan: number, scheduler?: SchedulerLike): CheckpointedOperator<T, T[]>;
export function bufferTime<T>(
  bufferTimeSpan: number,
  bufferCreationInterval: number | null | undefined,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, T[]>;
export function bufferTime<T>(
  bufferTimeSpan: number,
  bufferCreationInterval: number | null | undefined,
  maxBufferSize: number,
  scheduler?: SchedulerLike,
): CheckpointedOperator<T, T[]>;
export function bufferTime<T>(bufferTimeSpan: number, ...otherArgs: unknown[]): CheckpointedOperator<T, T[]> {
  const args = [...otherArgs];
  const scheduler = popScheduler(args) ?? asyncScheduler;
  const options: BufferTimeOptions = {
    timeSpanMs: bufferTimeSpan,
    creationIntervalMs: (args[0] as number | null | undefined) ?? null,
    // Also 0, NaN and null are no limit, as in RxJS.
    // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
    maxSize: (args[1] as number | null | undefined) || Infinity,
    scheduler,
  };
  return coreOperator<T, T[]>({
    operator: 'bufferTime',
    create: (dest, site, sources) => new BufferTimeCore(dest, site, sources, options),
  });
}

interface BufferTimeOptions {
  readonly timeSpanMs: number;
  readonly creationIntervalMs: number | null;
  readonly maxSize: number;
  readonly scheduler: SchedulerLike;
}

interface OpenBuffer<T> {
  readonly id: number;
  readonly values: T[];
  timer: Timer<TimerPayload>;
}

/** The id of the buffer that is due, or null to open the next. */
type TimerPayload = number | null;

interface BufferTimeState<T> {
  nextId: number;
  /** By age. */
  readonly buffers: Map<number, OpenBuffer<T>>;
}

interface BufferTimeSnapshot<T> {
  readonly nextId: number;
  readonly buffers: readonly { readonly id: number; readonly values: readonly T[] }[];
  readonly timers: readonly TimerSnapshot<TimerPayload>[];
}

class BufferTimeCore<T> extends OperatorCore<T[], BufferTimeState<T>> {
  s: BufferTimeState<T> = { nextId: 0, buffers: new Map() };
  private readonly timers: Timers<TimerPayload>;
  /** Null: one opens when the one before is emitted. */
  private readonly creationIntervalMs: number | null;

  constructor(
    dest: Subscriber<T[]>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
    private readonly options: BufferTimeOptions,
  ) {
    super(dest, site, sources);
    const { creationIntervalMs } = options;
    this.creationIntervalMs = creationIntervalMs !== null && creationIntervalMs >= 0 ? creationIntervalMs : null;
    this.timers = new Timers(options.scheduler, site?.run ?? null, (payload) => this.onTimer(payload));
  }

  protected override onOpen(): void {
    const { creationIntervalMs } = this;
    if (creationIntervalMs !== null) this.timers.schedule(creationIntervalMs, null);
    this.openBuffer();
  }

  override onNext(value: unknown): void {
    // A copy: emitting may open the next buffer, which this value is not for.
    for (const buffer of [...this.s.buffers.values()]) {
      buffer.values.push(value as T);
      if (buffer.values.length >= this.options.maxSize) this.emit(buffer);
    }
  }

  override onComplete(): void {
    const { buffers } = this.s;
    for (const [id, { values }] of buffers) {
      buffers.delete(id);
      this.out.next(values);
    }
    this.inputs[0]?.unsubscribe();
    this.dest.complete();
  }

  private onTimer(payload: TimerPayload): void {
    if (payload === null) {
      this.openBuffer();
      this.timers.scheduleAgain(this.creationIntervalMs!, null);
      return;
    }
    const buffer = this.s.buffers.get(payload);
    if (buffer !== undefined) this.emit(buffer);
  }

  private openBuffer(): void {
    const { s } = this;
    const id = s.nextId++;
    s.buffers.set(id, { id, values: [], timer: this.timers.schedule(this.options.timeSpanMs, id) });
  }

  private emit(buffer: OpenBuffer<T>): void {
    buffer.timer.cancel();
    this.s.buffers.delete(buffer.id);
    this.out.next(buffer.values);
    if (this.creationIntervalMs === null && !this.dest.closed) this.openBuffer();
  }

  protected override onEnd(): void {
    this.timers.cancelAll();
    this.s.buffers.clear();
  }

  protected captureState(capture: Capture): BufferTimeSnapshot<T> {
    const { nextId, buffers } = this.s;
    const taken = [...buffers.values()].map(({ id, values }) =>
      Object.freeze({
        id,
        values: Object.freeze(values.map((value, i) => capture.held(value, `buffers[${id}][${i}]`))),
      }),
    );
    return { nextId, buffers: Object.freeze(taken), timers: Object.freeze(this.timers.snapshot((payload) => payload)) };
  }

  protected restoreState({ nextId, buffers, timers }: BufferTimeSnapshot<T>, revival: Revival): void {
    const round = this.site!.run.connecting;
    const restored = new Map(timers.map((timer) => [timer.payload, this.timers.restore(timer, timer.payload, round)]));
    this.s = { nextId, buffers: new Map() };
    for (const { id, values } of buffers) {
      const timer = restored.get(id)!;
      this.s.buffers.set(id, { id, values: values.map((value) => revival.held(value)), timer });
    }
  }
}
