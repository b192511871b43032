import { describe, expect, test } from '@jest/globals';
import type { DataPoint, Histogram } from '@opentelemetry/sdk-metrics';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';

import { Statistics } from '../../src/checkpoint/statistics/Statistics.js';
import { CheckpointFailedError } from '../../src/errors/CheckpointFailedError.js';
import { measureCheckpoints } from '../../src/opentelemetry/measureCheckpoints.js';

const completion = (timestamp: number) => ({
  timestamp,
  sizeBytes: 500,
  writtenBytes: 200,
  entrySizeBytes: () => 0,
  hasWritten: () => false,
});

/** The real SDK, which exports to memory. */
function telemetry() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const provider = new MeterProvider({ readers: [reader] });
  const collect = async () => {
    exporter.reset();
    await reader.forceFlush();
    const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
    return Object.fromEntries(
      metrics.map(({ descriptor, dataPoints }) => [
        descriptor.name.replace('rxjs_checkpoint.', ''),
        (dataPoints as DataPoint<number | Histogram>[]).map(({ value, attributes }) => ({
          value: typeof value === 'number' ? value : { count: value.count, sum: value.sum },
          attributes,
        })),
      ]),
    );
  };
  return { meter: provider.getMeter('spec'), collect, shutdown: () => provider.shutdown() };
}

describe('measureCheckpoints', () => {
  test('counts and measures what happens, with the attributes of the job', async () => {
    const { meter, collect, shutdown } = telemetry();
    const statistics = new Statistics(10);
    const attributes = { job: 'delays' };
    measureCheckpoints(statistics, meter, attributes);
    statistics.restored(4, 1_000);
    for (const id of [5, 6]) {
      statistics.triggered(id, 10_000 * id, null);
      statistics.swept(id, { timestamp: 10_000 * id + 20, synchronousMs: 4, participants: new Map() });
      statistics.completed(id, completion(10_000 * id + 500));
    }
    statistics.triggered(7, 70_000, null);
    statistics.failed(7, new CheckpointFailedError({ reason: 'aborted', message: '' }), 71_000);
    statistics.refused(new CheckpointFailedError({ reason: 'too-many-pending', message: '' }));
    statistics.triggered(8, 80_000, null);
    const point = (value: unknown, more: object = {}) => ({ value, attributes: { ...attributes, ...more } });
    expect(await collect()).toEqual({
      checkpoints: [point(2, { status: 'completed' }), point(1, { status: 'failed', reason: 'aborted' })],
      refusals: [point(1, { reason: 'too-many-pending' })],
      restores: [point(1)],
      duration: [point({ count: 2, sum: 1 })],
      start_delay: [point({ count: 2, sum: 0.04 })],
      synchronous: [point({ count: 2, sum: 0.008 })],
      asynchronous: [point({ count: 2, sum: 0.96 })],
      size: [point({ count: 2, sum: 1_000 })],
      written: [point({ count: 2, sum: 400 })],
      in_progress: [point(1)],
      last_completed: [point(60)],
    });
    await shutdown();
  });

  test('leaves out what happened before, and what happens after it is unsubscribed', async () => {
    const { meter, collect, shutdown } = telemetry();
    const statistics = new Statistics(10);
    statistics.triggered(1, 0, null);
    statistics.completed(1, completion(5));
    const subscription = measureCheckpoints(statistics, meter);
    statistics.restored(1, 6);
    subscription.unsubscribe();
    statistics.restored(1, 7);
    expect(await collect()).toMatchObject({ restores: [{ value: 1 }] });
    expect(Object.keys(await collect())).not.toContain('checkpoints');
    expect(Object.keys(await collect())).not.toContain('in_progress');
    await shutdown();
  });

  test('of two jobs does not mix them up', async () => {
    const { meter, collect, shutdown } = telemetry();
    for (const job of ['a', 'b']) {
      const statistics = new Statistics(10);
      measureCheckpoints(statistics, meter, { job });
      statistics.restored(1, 6);
      if (job === 'b') statistics.restored(1, 7);
    }
    expect((await collect()).restores).toEqual([
      { value: 1, attributes: { job: 'a' } },
      { value: 2, attributes: { job: 'b' } },
    ]);
    await shutdown();
  });
});
