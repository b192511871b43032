import type { Value } from '../InputSpec.js';

export const thrower = (x: unknown): never => {
  throw new Error(`callback threw on ${String(x)}`);
};
export const double = (x: Value): number => 2 * (x ?? 10);
export const isOdd = (x: Value): boolean => (x ?? 0) % 2 === 1;
export const throwsOn2 = (x: Value): Value => (x === 2 ? thrower(x) : x);
export const sum = (acc: Value, x: Value): number => (acc ?? 0) + (x ?? 10);
export const append = (list: readonly unknown[], x: Value, index: number): readonly unknown[] => [...list, x, index];
export const sumThrowsOn3 = (acc: Value, x: Value): number => (x === 3 ? thrower(x) : sum(acc, x));
