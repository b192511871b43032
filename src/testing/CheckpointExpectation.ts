import type { AssertDeepEqual } from './assertEqual.js';
import { assertEqual } from './assertEqual.js';
import type { Expectation } from './Expectation.js';
import { inspectValue } from './inspectValue.js';
import type { TestCheckpoint } from './TestCheckpoint.js';

/** What a test says about a checkpoint. Operators are named as in `Checkpoint.operators`: by uid, or structural name. */
export interface CheckpointExpectation {
  /** The states of all operators. Sources have a position instead of a state and are not among them. */
  toBe(states: Readonly<Record<string, unknown>>): void;
  /** The states of these operators. */
  toContain(states: Readonly<Record<string, unknown>>): void;
  /** The positions of these sources; `{ records, barriers }` for those of marbles (`MarblePosition`). */
  toHavePositions(positions: Readonly<Record<string, unknown>>): void;
}

type Parts = Readonly<Record<string, unknown>>;

interface Claim {
  readonly expected: Parts;
  readonly what: string;
  readonly of: (checkpoint: TestCheckpoint) => Parts;
}

export class CheckpointComparison implements CheckpointExpectation, Expectation {
  private readonly claims: Claim[] = [];

  constructor(private readonly find: () => TestCheckpoint) {}

  toBe(states: Parts): void {
    this.claims.push({ expected: states, what: 'states', of: (checkpoint) => checkpoint.states });
  }

  toContain(states: Parts): void {
    const of = (checkpoint: TestCheckpoint): Parts => pick(checkpoint.states, states);
    this.claims.push({ expected: states, what: 'states', of });
  }

  toHavePositions(positions: Parts): void {
    const of = (checkpoint: TestCheckpoint): Parts => pick(checkpoint.positions, positions);
    this.claims.push({ expected: positions, what: 'positions', of });
  }

  get isReady(): boolean {
    return this.claims.length > 0;
  }

  check(assertDeepEqual: AssertDeepEqual): void {
    const checkpoint = this.find();
    for (const { expected, what, of } of this.claims) {
      const actual = of(checkpoint);
      assertEqual(assertDeepEqual, { actual, expected }, () =>
        [
          `Checkpoint ${checkpoint.id}, taken at frame ${checkpoint.frame}, has other ${what}.`,
          ...differences(expected, actual),
          `It has ${what} of: ${Object.keys(what === 'states' ? checkpoint.states : checkpoint.positions).join(', ') || 'nothing'}.`,
        ].join('\n'),
      );
    }
  }
}

function pick(parts: Parts, names: Parts): Parts {
  return Object.fromEntries(Object.entries(parts).filter(([name]) => Object.hasOwn(names, name)));
}

function differences(expected: Parts, actual: Parts): string[] {
  const show = (parts: Parts, name: string): string =>
    Object.hasOwn(parts, name) ? inspectValue(parts[name]) : '(nothing)';
  return [...new Set([...Object.keys(expected), ...Object.keys(actual)])].flatMap((name) => {
    const [wanted, found] = [show(expected, name), show(actual, name)];
    return wanted === found ? [] : [name, `  expected  ${wanted}`, `  actual    ${found}`];
  });
}
