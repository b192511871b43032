import type { Choices } from '../../src/testing/LossyTree.js';

/** Makes one choice after another, and in the end all combinations; of a choice among many, its ends and its middle. */
export async function everyOutcome(visit: (choices: Choices) => Promise<void>): Promise<number> {
  const made: { index: number; options: readonly number[] }[] = [];
  for (let count = 1; ; count++) {
    let position = 0;
    const below = (n: number): number => {
      if (position === made.length) made.push({ index: 0, options: optionsOf(n) });
      const { index, options } = made[position++]!;
      return options[index]!;
    };
    await visit({ below });
    made.length = position;
    while (made.length > 0 && ++made.at(-1)!.index === made.at(-1)!.options.length) made.pop();
    if (made.length === 0) return count;
  }
}

function optionsOf(n: number): readonly number[] {
  return n <= 6 ? Array.from({ length: n }, (_, i) => i) : [0, n >> 1, n - 1];
}
