/** How far it looks ahead: so many parts may have been taken out in one place. */
const AHEAD = 16;

/**
 * The objects in the version of a collection that was frozen before, in their order. Of a large one that is replaced by a
 * changed copy most are in both: they are frozen, and seen to be so without a look into each.
 */
export class FormerParts {
  /** The one that stands where the walk is; null behind the last. */
  current: object | null;
  private readonly ahead: object[] = [];
  private at = 0;

  constructor(private readonly parts: Iterator<unknown, unknown>) {
    this.current = this.pull();
  }

  /** Whether the part is one of them. To be asked for one after the other. */
  has(part: unknown): boolean {
    if (part !== this.current) return this.current !== null && this.skipTo(part);
    this.advance();
    return true;
  }

  private advance(): void {
    this.current = this.at < this.ahead.length ? this.ahead[this.at++]! : this.pull();
  }

  private skipTo(part: unknown): boolean {
    const { ahead } = this;
    ahead.splice(0, this.at);
    this.at = 0;
    while (ahead.length < AHEAD) {
      const next = this.pull();
      if (next === null) break;
      ahead.push(next);
    }
    const index = ahead.indexOf(part as object);
    if (index < 0) return false;
    this.at = index + 1;
    this.advance();
    return true;
  }

  private pull(): object | null {
    for (;;) {
      const { done, value } = this.parts.next();
      if (done === true) return null;
      if (typeof value === 'object' && value !== null) return value;
    }
  }
}
