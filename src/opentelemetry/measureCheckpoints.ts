import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api';
import type { Observable, Subscription } from 'rxjs';

import type { CheckpointRecord, CheckpointStatistics } from '../checkpoint/statistics/CheckpointStatistics.js';

/**
 * Hands what a CheckpointSubject knows of its checkpoints to OpenTelemetry, until it is unsubscribed:
 *
 * | metric                                 | kind            | unit | attributes         |
 * |----------------------------------------|-----------------|------|--------------------|
 * | `rxjs_checkpoint.checkpoints`          | counter         |      | `status`, `reason` |
 * | `rxjs_checkpoint.refusals`             | counter         |      | `reason`           |
 * | `rxjs_checkpoint.restores`             | counter         |      |                    |
 * | `rxjs_checkpoint.duration`             | histogram       | s    |                    |
 * | `rxjs_checkpoint.start_delay`          | histogram       | s    |                    |
 * | `rxjs_checkpoint.synchronous`          | histogram       | s    |                    |
 * | `rxjs_checkpoint.asynchronous`         | histogram       | s    |                    |
 * | `rxjs_checkpoint.size`                 | histogram       | By   |                    |
 * | `rxjs_checkpoint.written`              | histogram       | By   |                    |
 * | `rxjs_checkpoint.in_progress`          | up-down counter |      |                    |
 * | `rxjs_checkpoint.last_completed`       | gauge           | s    |                    |
 *
 * `status` is `completed` or `failed`; `reason` says why, in the words of `CheckpointFailedError.reason`. Histograms are of
 * completed checkpoints. `last_completed` is when the newest completed checkpoint was triggered, in seconds since the
 * epoch: what alerts compare with the time. What happened before the call is not counted.
 *
 * @example
 * const subscription = measureCheckpoints(checkpoints, metrics.getMeter('flights'), { job: 'delays' });
 * @param checkpoints - a CheckpointSubject.
 * @param attributes - of all that is measured: the name of the job, say.
 */
export function measureCheckpoints(
  checkpoints: { readonly stats$: Observable<CheckpointStatistics> },
  meter: Meter,
  attributes: Attributes = {},
): Subscription {
  const instruments = createInstruments(meter, attributes);
  let newest: CheckpointStatistics | null = null;
  const inProgress = meter.createObservableUpDownCounter('rxjs_checkpoint.in_progress', {
    description: 'Checkpoints that are on their way.',
  });
  const lastCompleted = meter.createObservableGauge('rxjs_checkpoint.last_completed', {
    unit: 's',
    description: 'When the newest completed checkpoint was triggered, since the epoch.',
  });
  const observeInProgress = (result: ObservableResult): void => {
    if (newest !== null) result.observe(newest.counts.inProgress, attributes);
  };
  const observeLastCompleted = (result: ObservableResult): void => {
    const completed = newest?.latest.completed;
    if (completed) result.observe(completed.timestamp / 1_000, attributes);
  };
  inProgress.addCallback(observeInProgress);
  lastCompleted.addCallback(observeLastCompleted);
  const subscription = checkpoints.stats$.subscribe({
    next(stats) {
      if (newest !== null) record(instruments, newest, stats);
      newest = stats;
    },
    // It never has one.
    error: () => undefined,
  });
  subscription.add(() => {
    inProgress.removeCallback(observeInProgress);
    lastCompleted.removeCallback(observeLastCompleted);
  });
  return subscription;
}

type Instruments = ReturnType<typeof createInstruments>;

function createInstruments(meter: Meter, attributes: Attributes) {
  const counter = (name: string, description: string) => {
    const instrument = meter.createCounter(`rxjs_checkpoint.${name}`, { description });
    return (more: Attributes = {}) => instrument.add(1, { ...attributes, ...more });
  };
  const histogram = (name: string, unit: 's' | 'By', description: string) => {
    const instrument = meter.createHistogram(`rxjs_checkpoint.${name}`, { unit, description });
    return (value: number | null) => {
      if (value !== null) instrument.record(unit === 's' ? value / 1_000 : value, attributes);
    };
  };
  return {
    checkpoint: counter('checkpoints', 'Checkpoints that have ended.'),
    refusal: counter('refusals', 'Checkpoints that were asked for and not begun.'),
    restore: counter('restores', 'How often a job began with a checkpoint.'),
    duration: histogram('duration', 's', 'From the trigger until the checkpoint was durable.'),
    startDelay: histogram('start_delay', 's', 'From the trigger until the barrier began.'),
    synchronous: histogram('synchronous', 's', 'How long the pipelines stood still.'),
    asynchronous: histogram('asynchronous', 's', 'From the barrier until the checkpoint was durable.'),
    size: histogram('size', 'By', 'Of all that the checkpoint consists of.'),
    written: histogram('written', 'By', 'What the checkpoint wrote.'),
  };
}

/** One change at a time: that is what `stats$` tells. */
function record(instruments: Instruments, { counts }: CheckpointStatistics, now: CheckpointStatistics): void {
  const { completed, failed, refusal } = now.latest;
  if (now.counts.completed > counts.completed && completed !== null) recordCompleted(instruments, completed);
  if (now.counts.failed > counts.failed)
    instruments.checkpoint({ status: 'failed', reason: failed?.failure?.reason ?? 'unknown' });
  if (now.counts.refused > counts.refused) instruments.refusal({ reason: refusal?.reason ?? 'unknown' });
  if (now.counts.restored > counts.restored) instruments.restore();
}

function recordCompleted(instruments: Instruments, checkpoint: CheckpointRecord): void {
  instruments.checkpoint({ status: 'completed' });
  instruments.duration(checkpoint.durationMs);
  instruments.startDelay(checkpoint.startDelayMs);
  instruments.synchronous(checkpoint.synchronousMs);
  instruments.asynchronous(checkpoint.asynchronousMs);
  instruments.size(checkpoint.sizeBytes);
  instruments.written(checkpoint.writtenBytes);
}
