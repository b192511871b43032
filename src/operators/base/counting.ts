/** What is stored of an operator that only counts its values; its state is the number itself. */
interface CountingSnapshot {
  /** How many values have come: the index of the next one. */
  readonly index: number;
}

export function startCounting(): number {
  return 0;
}

export const counting = {
  capture: (index: number): CountingSnapshot => ({ index }),
  restore: ({ index }: CountingSnapshot): number => index,
};
