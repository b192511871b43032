import type { Observable } from 'rxjs';

import { isName } from '../checkpoint/protocol/isName.js';
import { checkNames, checkOption } from '../errors/invalidOption.js';
import { InvalidUidError } from '../errors/InvalidUidError.js';
import type { CheckpointedOperator } from './base/CheckpointedObservable.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { noteSharedStream } from './base/sharedStreams.js';
import type { UidUpgrade } from './base/Site.js';

/** What an operator was called in earlier programs. */
export interface RenamedUid {
  /**
   * Its uid before, or all that it ever had. For an operator that had none: its structural name as the error or report
   * shows it (`main:log:scan`); in an inner pipeline the part behind its prefix, with the colon (`:group:scan`).
   */
  readonly was?: string | readonly string[];
}

export interface UnversionedUid extends RenamedUid {
  readonly version?: 1;
  readonly migrate?: undefined;
}

/** A state that has changed its shape since it was first stored. */
export interface VersionedUid<Old> extends RenamedUid {
  /** Counts the shapes of the state, from 1: what was stored without a version is 1. */
  readonly version: number;
  /**
   * Makes a state of this version from an older one: a function of the old state and its version, or a chain of steps,
   * each from its number to the next (say what each of them takes). It gets a copy that it may change, and returns what can
   * be stored. It runs before anything is subscribed.
   */
  readonly migrate: ((old: Old, from: number) => unknown) | Readonly<Record<number, (old: never) => unknown>>;
}

/**
 * Names the operator (or source) before it, so that its snapshot is found again when the pipeline around it changes.
 * It costs nothing at run time, and does nothing on a plain Observable.
 *
 * **Checkpoint:** nothing of its own: the snapshot of the operator before it has this name, and this version.
 *
 * @example
 * const total$ = orders$.pipe(scan((sum, order) => sum + order.amount, 0), uid('total'));
 * @param name - unique in the job; in an inner pipeline, unique in there. Keep it for as long as you want the state.
 * @param options - `was`: an old name that the snapshot may have. `version` and `migrate`: what became of its shape.
 * @throws InvalidUidError, RangeError for a version that is none, or migrations that do not lead to it, TypeError for other options.
 */
export function uid<T>(name: string, options?: UnversionedUid): CheckpointedOperator<T, T>;
export function uid<T, Old = unknown>(name: string, options: VersionedUid<Old>): CheckpointedOperator<T, T>;
export function uid<T>(name: string, options: UnversionedUid | VersionedUid<never> = {}): CheckpointedOperator<T, T> {
  if (!isName(name)) throw new InvalidUidError(name);
  const upgrade = upgradeFrom(name, options);
  const apply = (source: Observable<T>): Observable<T> => {
    if (!(source instanceof CheckpointedObservable)) return source;
    const named = (source as CheckpointedObservable<T>).renamed(name, upgrade);
    noteSharedStream(named);
    return named;
  };
  return apply as CheckpointedOperator<T, T>;
}

function upgradeFrom(name: string, options: UnversionedUid | VersionedUid<never>): UidUpgrade | undefined {
  checkNames(`uid('${name}')`, options, ['was', 'version', 'migrate']);
  const { version = 1, migrate = null, was: old = [] } = options;
  const was = Array.isArray(old) ? (old as readonly string[]) : [old as string];
  for (const before of was) if (before === name || !isOldName(before)) throw new InvalidUidError(before);
  checkVersion(name, version, migrate);
  return was.length === 0 && version === 1 ? undefined : { was, version, migration: migrate };
}

function isOldName(old: unknown): boolean {
  return isName(old) || (typeof old === 'string' && old.includes(':'));
}

function checkVersion(name: string, version: number, migrate: VersionedUid<never>['migrate'] | null): void {
  checkOption(
    `The version of uid('${name}')`,
    version,
    Number.isSafeInteger(version) && version >= 1,
    'a whole number from 1 on',
  );
  if (migrate === null || typeof migrate === 'function') return;
  const isSteps = typeof migrate === 'object' && Object.values(migrate).every((step) => typeof step === 'function');
  checkOption(`migrate of uid('${name}')`, migrate, isSteps, 'a function, or an object of functions by versions');
  const steps = Object.keys(migrate).map(Number);
  const lowest = Math.min(...steps);
  const isChain = steps.every((step) => Number.isInteger(step) && step >= 1 && step < version);
  if (!isChain || steps.length !== version - lowest) {
    throw new RangeError(
      `The migrations of uid('${name}') do not lead to version ${version}: they are to be numbered from the oldest version on, without a gap, up to ${version - 1}, and are ${steps.join(', ') || 'none'}.`,
    );
  }
}
