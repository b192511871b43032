/** Random tests repeat: `SEED=7 npx jest …` for another sequence, `CASES=10 npx jest …` for ten times as many cases. */
export const seed = Number(process.env.SEED ?? 1);

export function caseCount(usual: number): number {
  return Math.round(usual * Number(process.env.CASES ?? 1));
}
