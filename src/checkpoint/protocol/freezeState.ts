import type { FormerStates } from './FormerStates.js';
import { FreezeWalk, isDeeplyFrozen } from './FreezeWalk.js';
import { ValuePath } from './ValuePath.js';
import { isPrimitive, refusal } from './valueParts.js';

/** Of fewer parts a walk costs less than to remember the version before. */
const MANY = 256;

/**
 * Freezes a state in place, all the way down, so that a later mutation throws where it is done. Maps and Sets are made
 * to refuse changes as immer does it.
 *
 * @param path - names the value in errors, e.g. `state.value`.
 * @param former - has the version before: what is in both was frozen with it.
 * @returns false when it holds something that freezing does not protect (a Date, a typed array, a live Observable):
 * then a snapshot of it must be a copy.
 * @throws UnstorableValueError for what a snapshot cannot hold.
 */
export function freezeState(value: unknown, path: string, former?: FormerStates): boolean {
  if (isPrimitive(value)) {
    former?.set(path, undefined);
    return true;
  }
  if (typeof value !== 'object') return new ValuePath(path).fail(refusal(value));
  if (isDeeplyFrozen(value)) {
    // Its size is not known. If it is the one before, the next will be much like it.
    if (former?.get(path) !== value) former?.set(path, undefined);
    return true;
  }
  const valuePath = new ValuePath(path);
  const walk = new FreezeWalk(valuePath);
  const isProtected = valuePath.walk(() => walk.start(value, former?.get(path)));
  former?.set(path, isProtected && walk.size >= MANY ? value : undefined);
  return isProtected;
}
