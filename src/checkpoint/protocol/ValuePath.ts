import { UnstorableValueError } from '../../errors/UnstorableValueError.js';

/** Where a walk over a value is, kept as a stack so that it costs a string only when something is wrong. */
export class ValuePath {
  private readonly segments: string[] = [];

  constructor(private readonly start: string) {}

  push(segment: string): void {
    this.segments.push(segment);
  }

  pop(): void {
    this.segments.pop();
  }

  fail(problem: string): never {
    throw new UnstorableValueError({ path: this.start + this.segments.join(''), problem });
  }

  /** Runs the walk; a value nested deeper than the stack allows is an error like the others. */
  walk<R>(work: () => R): R {
    try {
      return work();
    } catch (error) {
      if (error instanceof RangeError && /call stack/i.test(error.message)) {
        this.segments.length = Math.min(this.segments.length, 5);
        this.fail('… is nested too deeply (thousands of levels). Keep a flat structure, such as an array, instead.');
      }
      throw error;
    }
  }
}

export function propertySegment(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
