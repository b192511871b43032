import type { Named, Scope } from '../../checkpoint/protocol/Scope.js';

/** An operator in its scope, as its site is. */
export interface Projecting extends Named {
  readonly scope: Scope;
}

/** Where a user's callback constructs. Kept for the next one: there may be one for each value. */
interface Place {
  scope: Scope | null;
  /** The operator whose inner pipeline `index` that is; its scope is made when somebody asks for it. */
  site: Projecting | null;
  index: number;
}

/** One for each callback on the stack; the first is where none is. */
const places: Place[] = [{ scope: null, site: null, index: 0 }];
let depth = 0;

/** Runs a user's callback; what it constructs belongs to `scope`. */
export function constructIn<R>(scope: Scope, construct: () => R): R {
  enterPlace(scope, null, 0);
  try {
    return construct();
  } finally {
    leavePlace();
  }
}

/** The same for a projection, to the scope of inner pipeline `index`. To be ended, whatever happens. */
export function beginProjection(site: Projecting, index: number): void {
  enterPlace(null, site, index);
}

/** Gives the scope, if somebody has asked for it. */
export function endProjection(): Scope | null {
  return leavePlace();
}

/** The dynamic part of a job in whose projection we are; null outside of any. */
export function constructionScope(): Scope | null {
  const place = places[depth]!;
  const { site, index } = place;
  return site === null ? place.scope : (place.scope ??= site.scope.inner(site, index));
}

function enterPlace(scope: Scope | null, site: Projecting | null, index: number): void {
  const place = places[++depth];
  if (place === undefined) places.push({ scope, site, index });
  else {
    place.scope = scope;
    place.site = site;
    place.index = index;
  }
}

/** Holds on to nothing. */
function leavePlace(): Scope | null {
  const place = places[depth--]!;
  const { scope } = place;
  place.scope = place.site = null;
  return scope;
}
