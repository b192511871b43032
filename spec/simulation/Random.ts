/** Seeded decisions: the same for the same seed, on every machine (the generator is splitmix32). */
export class Random {
  private state: number;

  /** @param seed - a whole number below 2^53. */
  constructor(seed: number) {
    this.state = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
  }

  /** A whole number from 0 to below 2^32. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  below(n: number): number {
    return Math.floor((this.next() / 2 ** 32) * n);
  }

  chance(probability: number): boolean {
    return this.next() / 2 ** 32 < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
