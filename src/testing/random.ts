/** Choices that repeat for the same seed. */
export interface Random {
  /** A whole number from 0 up to, and not including, `n`; `n` is 1 to 2**32. */
  below(n: number): number;
  /** True with probability `p`: never for 0, always for 1. */
  chance(p: number): boolean;
  pick<T>(array: readonly T[]): T;
}

/**
 * A generator of random choices for tests. Not for secrets.
 *
 * @param seed - a whole number from 0 to 2**53 - 1; each gives another sequence.
 */
export function random(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`The seed ${seed} is no whole number from 0 to 2**53 - 1.`);
  }
  return new Xoroshiro64(seed);
}

/** Blackman and Vigna's xoroshiro64**: 64 bits of state, of which a seed fills 53. */
class Xoroshiro64 implements Random {
  private s0: number;
  private s1: number;

  constructor(seed: number) {
    // Scrambling is reversible, so that no two seeds begin alike; and a state of nothing but zeros would stay so.
    this.s0 = scrambled(seed ^ 0x9e3779b9);
    this.s1 = scrambled((seed / 0x100000000) ^ 0x7f4a7c15) || 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  chance(p: number): boolean {
    return p > 0 && this.next() < p;
  }

  pick<T>(array: readonly T[]): T {
    if (array.length === 0) throw new RangeError('There is nothing to pick from: the array is empty.');
    return array[this.below(array.length)] as T;
  }

  /** From 0 up to, and not including, 1. */
  private next(): number {
    const { s0 } = this;
    const s1 = this.s1 ^ s0;
    this.s0 = rotated(s0, 26) ^ s1 ^ (s1 << 9);
    this.s1 = rotated(s1, 13);
    return (Math.imul(rotated(Math.imul(s0, 0x9e3779bb), 5), 5) >>> 0) / 0x100000000;
  }
}

function rotated(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** The last steps of MurmurHash3: every bit of the input counts for every bit of the result. */
function scrambled(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
