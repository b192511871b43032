import { UnstorableValueError } from '../../errors/UnstorableValueError.js';

/** How a key is written in a path. */
export type Segment<K extends string | number> = (key: K) => string;

/** Where a walk over a value is, kept as a stack so that it costs a string only when something is wrong. */
export class ValuePath {
  private readonly segments: Segment<never>[] = [];
  private readonly keys: (string | number)[] = [];

  constructor(private readonly start: string) {}

  push<K extends string | number>(segment: Segment<K>, key: K): void {
    this.segments.push(segment);
    this.keys.push(key);
  }

  pop(): void {
    this.segments.pop();
    this.keys.pop();
  }

  fail(problem: string, cause?: unknown): never {
    const path = this.segments.map((segment, i) => segment(this.keys[i] as never)).join('');
    throw new UnstorableValueError({ path: this.start + path, problem, cause });
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

export const indexSegment = (index: number): string => `[${index}]`;
export const keySegment = (index: number): string => `.<key ${index}>`;
export const entrySegment = (index: number): string => `.<entry ${index}>`;
