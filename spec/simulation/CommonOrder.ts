import { Violation } from './Violation.js';

/**
 * A part of the plain model: the values of several journals come in the same order in each life, as far as they came in one
 * before. What nobody had seen of one of them (a write that failed, and has taken place) may come in between.
 */
export class CommonOrder {
  /** The number of a journal for each of its values. */
  private readonly order: number[] = [];

  /**
   * @param passed - how many values of each journal a life has had, those before its start counted.
   * @param journal - of which the next one comes.
   * @throws Violation
   */
  came(passed: readonly number[], journal: number): void {
    const met = passed.map(() => 0);
    let missed: { readonly journal: number; readonly at: number; readonly turn: number } | null = null;
    for (const [turn, other] of this.order.entries()) {
      const at = met[other]!++;
      if (at < passed[other]!) continue;
      if (other !== journal) missed ??= { journal: other, at, turn };
      else if (missed === null) return;
      else
        throw new Violation(
          `journal ${journal} gave its value ${at} before value ${missed.at} of journal ${missed.journal}, which had come first`,
        );
    }
    this.order.splice(missed?.turn ?? this.order.length, 0, journal);
  }
}
