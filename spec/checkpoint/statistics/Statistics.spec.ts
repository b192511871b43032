import { describe, expect, test } from '@jest/globals';

import { Samples } from '../../../src/checkpoint/statistics/Samples.js';
import { Statistics } from '../../../src/checkpoint/statistics/Statistics.js';
import type { CheckpointStatistics } from '../../../src/checkpoint/statistics/CheckpointStatistics.js';
import type { HandOver } from '../../../src/checkpoint/statistics/CheckpointListener.js';
import { CheckpointFailedError } from '../../../src/errors/CheckpointFailedError.js';

const handOver = (fields: Partial<HandOver> = {}): HandOver => ({
  synchronousMs: 0.5,
  isHolding: false,
  isLate: false,
  ...fields,
});

const completion = (timestamp: number, written: readonly string[] = []) => ({
  timestamp,
  sizeBytes: 100,
  writtenBytes: 40,
  entrySizeBytes: (name: string) => name.length * 10,
  hasWritten: (name: string) => written.includes(name),
});

function last(statistics: Statistics): CheckpointStatistics {
  let current: CheckpointStatistics | undefined;
  statistics.stats$.subscribe({ next: (stats) => (current = stats) }).unsubscribe();
  return current!;
}

describe('statistics', () => {
  test('follow a checkpoint from its trigger until it is durable', () => {
    const statistics = new Statistics(10);
    const seen: CheckpointStatistics[] = [];
    statistics.stats$.subscribe((stats) => seen.push(stats));
    statistics.triggered(7, 1_000, null);
    statistics.delivered(7, 'remote', 1_010);
    statistics.swept(7, {
      timestamp: 1_030,
      synchronousMs: 2,
      participants: new Map([
        ['remote', handOver()],
        ['slow', handOver({ isLate: true, isHolding: true })],
      ]),
    });
    statistics.arrived(7, 'slow', 1_090);
    statistics.completed(7, completion(1_200, ['slow']));

    expect(seen.map(({ counts }) => [counts.triggered, counts.inProgress, counts.completed])).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [1, 1, 0],
      [1, 1, 0],
      [1, 0, 1],
    ]);
    expect(seen[2]!.history[0]).toMatchObject({ status: 'in-progress', startDelayMs: 30, acknowledgedAt: null });
    const { history, latest, summary } = seen.at(-1)!;
    expect(history).toEqual([
      {
        ...{ id: 7, status: 'completed', failure: null, savepoint: null, timestamp: 1_000, acknowledgedAt: 1_090 },
        ...{ durationMs: 200, startDelayMs: 30, synchronousMs: 2, asynchronousMs: 170, inFlightBytes: 40 },
        ...{ sizeBytes: 100, writtenBytes: 40 },
        participants: {
          remote: {
            ...{ acknowledgedAt: 1_030, synchronousMs: 0.5, asynchronousMs: 0, alignmentMs: 20, startDelayMs: 30 },
            ...{ inFlightBytes: 0, sizeBytes: 60, writtenBytes: 0 },
          },
          slow: {
            ...{ acknowledgedAt: 1_090, synchronousMs: 0.5, asynchronousMs: 60, alignmentMs: 0, startDelayMs: 30 },
            ...{ inFlightBytes: 40, sizeBytes: 40, writtenBytes: 40 },
          },
        },
      },
    ]);
    expect(latest.completed).toBe(history[0]);
    expect(summary!.durationMs).toEqual({ min: 200, average: 200, median: 200, p99: 200, max: 200 });
  });

  test('do not change once they were handed out', () => {
    const statistics = new Statistics(10);
    statistics.triggered(1, 0, null);
    const before = last(statistics);
    const copy = structuredClone(before);
    statistics.swept(1, { timestamp: 1, synchronousMs: 1, participants: new Map([['a', handOver()]]) });
    statistics.completed(1, completion(2));
    statistics.restored(1, 3);
    expect(before).toEqual(copy);
    expect(Object.isFrozen(before) && Object.isFrozen(before.history) && Object.isFrozen(before.history[0])).toBe(true);
  });

  test('tell failures, and what was refused before it began', () => {
    const statistics = new Statistics(10);
    const failure = new CheckpointFailedError({ reason: 'aborted', message: 'late' });
    statistics.refused(failure);
    statistics.triggered(1, 10, null);
    statistics.failed(1, failure, 40);
    const { counts, latest, summary } = last(statistics);
    expect(counts).toEqual({ triggered: 1, inProgress: 0, completed: 0, failed: 1, refused: 1, restored: 0 });
    expect(latest.failed).toMatchObject({ id: 1, failure, durationMs: 30 });
    expect(summary).toBeNull();
  });

  test('know the newest savepoint, which keeps its place when others come', () => {
    const statistics = new Statistics(10);
    for (const [id, savepoint] of [
      [1, null],
      [2, 'before-deploy'],
      [3, null],
    ] as const) {
      statistics.triggered(id, id, savepoint);
      statistics.completed(id, completion(id + 1));
    }
    expect(last(statistics).latest).toMatchObject({ savepoint: { id: 2 }, completed: { id: 3 } });
  });

  test('of a checkpoint that has gone on are void when it is over', () => {
    const statistics = new Statistics(10);
    statistics.triggered(1, 0, null);
    statistics.failed(1, new CheckpointFailedError({ reason: 'aborted', message: 'late' }), 1);
    const before = last(statistics);
    statistics.swept(1, { timestamp: 2, synchronousMs: 1, participants: new Map() });
    statistics.arrived(1, 'a', 2);
    statistics.completed(1, completion(3));
    expect(last(statistics)).toEqual(before);
  });

  test('keep so many checkpoints, and know all of them in sum', () => {
    const statistics = new Statistics(3);
    for (let id = 1; id <= 5_000; id++) {
      statistics.triggered(id, id, null);
      statistics.completed(id, completion(id + (id === 1 ? 900 : 10)));
    }
    const { history, counts, summary } = last(statistics);
    expect(history.map(({ id }) => id)).toEqual([5_000, 4_999, 4_998]);
    expect(counts).toMatchObject({ triggered: 5_000, completed: 5_000 });
    expect(summary!.durationMs).toMatchObject({ min: 10, median: 10, p99: 10, max: 900 });
  });

  test('with two on their way tell each apart, also out of order', () => {
    const statistics = new Statistics(1);
    statistics.triggered(1, 0, null);
    statistics.triggered(2, 5, null);
    statistics.completed(1, completion(20));
    statistics.completed(2, completion(25));
    expect(last(statistics).latest.completed).toMatchObject({ id: 2, durationMs: 20 });
    expect(last(statistics).history.map(({ id }) => id)).toEqual([2]);
  });
});

test('percentiles are values that were there', () => {
  const samples = new Samples();
  for (let value = 100; value >= 1; value--) samples.add(value);
  expect(samples.distribution()).toEqual({ min: 1, average: 50.5, median: 50, p99: 99, max: 100 });
});
