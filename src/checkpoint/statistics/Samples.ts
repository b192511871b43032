import type { Distribution } from './CheckpointStatistics.js';

/** Of so many of the newest values the median and the 99th percentile are taken. */
const WINDOW = 1_000;

/** Collects what one figure of all checkpoints was. Takes as much memory for ten million as for a thousand. */
export class Samples {
  private readonly window: number[] = [];
  private count = 0;
  private sum = 0;
  private min = Infinity;
  private max = -Infinity;

  add(value: number): void {
    this.window[this.count % WINDOW] = value;
    this.count++;
    this.sum += value;
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
  }

  /** To be called with a value at least. */
  distribution(): Distribution {
    const { count, sum, min, max } = this;
    const sorted = Float64Array.from(this.window).sort();
    return Object.freeze({
      min,
      average: sum / count,
      median: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      max,
    });
  }
}

/** The smallest value that so large a part of all is not above. */
function percentile(sorted: Float64Array, part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]!;
}
