import type { Checkpoint } from '../../checkpoint/Checkpoint.js';
import { isSame } from '../contracts/isSame.js';
import { inspectValue } from '../inspectValue.js';
import type { Testimony } from './Witness.js';
import { withRanks } from './withRanks.js';
import { isWitness, witnessOf } from './Witness.js';

/** Something that a pipeline told, and when, in ms that had passed. */
export interface Output {
  readonly at: number;
  readonly kind: 'value' | 'error' | 'complete';
  readonly value: unknown;
}

/** A moment at which no other timer was due. */
export interface QuietMoment {
  readonly at: number;
  /** How many steps there were before it. */
  readonly steps: number;
}

/** What a life did without a crash: what lives with crashes have to do too. */
export class CrashHistory {
  /** @param run - which it was, for messages. */
  constructor(readonly run: string) {}

  /** By pipeline. */
  readonly outputs: Map<string, Output[]> = new Map<string, Output[]>();
  readonly steps: string[] = [];
  readonly quietMoments: QuietMoment[] = [];
  checkpoints = 0;
  /** When the next timer is due that was not waited for; Infinity for none. */
  nextDue = Infinity;
  /** The states of all operators, by what the outside had seen when they were taken. */
  private readonly states = new Map<string, States[]>();

  /** What each pipeline did. */
  get pipelines(): Record<string, { readonly values: number; readonly end: 'completed' | 'failed' | 'cut-off' }> {
    const ends = { complete: 'completed', error: 'failed', value: 'cut-off' } as const;
    return Object.fromEntries(
      [...this.outputs].map(([name, outputs]) => [
        name,
        {
          values: outputs.filter(({ kind }) => kind === 'value').length,
          end: ends[outputs.at(-1)?.kind ?? 'value'],
        },
      ]),
    );
  }

  keepStates(checkpoint: Checkpoint): void {
    this.checkpoints++;
    const key = keyOf(checkpoint);
    if (key === null) return;
    const known = this.states.get(key);
    if (known === undefined) this.states.set(key, [statesOf(checkpoint)]);
    else known.push(statesOf(checkpoint));
  }

  /**
   * Compares the state of every operator with what it was at the same moment: at the same time, after as many outputs,
   * with the sources where they were.
   *
   * @returns what differs; null for nothing, undefined where there is no such moment.
   */
  differenceOf(checkpoint: Checkpoint): string | null | undefined {
    const candidates = this.states.get(keyOf(checkpoint) ?? '');
    if (candidates === undefined) return undefined;
    const actual = statesOf(checkpoint);
    const differences = candidates.map((expected) => difference(actual, expected));
    return differences.includes(null) ? null : differences[0];
  }
}

/** What tells the moment of a checkpoint; null when it can be mistaken for another. */
function keyOf({ operators, pipelines }: Checkpoint): string | null {
  const positions = Object.entries(operators).map(([name, { position }]) => [name, position]);
  const testimonies: unknown[] = [];
  for (const name of Object.keys(pipelines)) {
    const testimony = operators[witnessOf(name)]?.state as Testimony | undefined;
    if (testimony?.isQuiet === false) return null;
    // A restart looks at what the clock has made obsolete, others look when they need it.
    if (testimony !== undefined && testimony.jumps.length > 0) return null;
    testimonies.push([name, testimony?.now, testimony?.outputs]);
  }
  return JSON.stringify([positions.sort(), testimonies.sort()]);
}

/** By operator. */
type States = Readonly<Record<string, unknown>>;

function statesOf({ operators }: Checkpoint): States {
  const states = Object.entries(operators).filter(([name]) => !isWitness(name));
  return withRanks(Object.fromEntries(states.map(([name, { state }]) => [name, state])));
}

function difference(actual: States, expected: States): string | null {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    if (!(name in actual)) return `'${name}' has no state, and should have ${inspectValue(expected[name])}`;
    if (!(name in expected)) return `'${name}' has the state ${inspectValue(actual[name])}, and should have none`;
    if (!isSame(actual[name], expected[name]))
      return `'${name}' has the state ${inspectValue(actual[name])}, and should have ${inspectValue(expected[name])}`;
  }
  return null;
}
