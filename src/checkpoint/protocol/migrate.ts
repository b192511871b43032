import { MigrationError } from '../../errors/MigrationError.js';
import { UnstorableValueError } from '../../errors/UnstorableValueError.js';
import type { Capture } from './Capture.js';
import { isPromise } from './isPromise.js';
import type { Revival } from './Revival.js';
import type { Snapshot } from './Snapshot.js';
import type { Migration, Upgrade } from './Upgrade.js';

/**
 * A snapshot as the current version of the operator has it. What it was made from stays as it is.
 *
 * @throws MigrationError
 */
export function migrate(
  operator: string,
  snapshot: Snapshot,
  { version, migration, mapState }: Upgrade,
  { capture, revival }: { readonly capture: Capture; readonly revival: Revival },
): Snapshot {
  const { version: from = 1, state } = snapshot;
  const details = { operator, from, to: version };
  if (mapState === null) throw new MigrationError({ ...details, problem: { type: 'no-state' } });
  const steps = stepsOf(migration, from, version);
  if (typeof steps === 'number') throw new MigrationError({ ...details, problem: { type: 'no-step', step: steps } });
  const upgraded = mapState(state as never, (value) => {
    let current: unknown = revival.detached(value);
    for (const step of steps) current = step.run(operator, current);
    try {
      return capture.held(current, 'migrated');
    } catch (cause) {
      if (!(cause instanceof UnstorableValueError)) throw cause;
      throw new MigrationError({ ...details, problem: { type: 'unstorable', cause: cause.of(operator) } });
    }
  });
  return Object.freeze({ ...snapshot, state: Object.freeze(upgraded), version });
}

/** The steps to take; the number of the one that is missing. */
function stepsOf(migration: Migration | null, from: number, to: number): Step[] | number {
  if (migration === null) return from;
  if (typeof migration === 'function') return [new Step(from, to, (old) => migration(old as never, from))];
  const steps: Step[] = [];
  for (let at = from; at < to; at++) {
    const step = migration[at];
    if (step === undefined) return at;
    steps.push(new Step(at, at + 1, (old) => step(old as never)));
  }
  return steps;
}

class Step {
  constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly work: (old: unknown) => unknown,
  ) {}

  run(operator: string, old: unknown): unknown {
    const { from, to } = this;
    const details = { operator, from, to };
    let result: unknown;
    try {
      result = this.work(old);
    } catch (cause) {
      throw new MigrationError({ ...details, problem: { type: 'thrown', cause } });
    }
    if (isPromise(result)) {
      result.then(undefined, () => {});
      throw new MigrationError({ ...details, problem: { type: 'promise' } });
    }
    // It has changed the old state in place, and forgotten to return it.
    if (result === undefined && old !== undefined)
      throw new MigrationError({ ...details, problem: { type: 'nothing' } });
    return result;
  }
}
