import type { Scope } from '../../checkpoint/protocol/Scope.js';

let current: Scope | null = null;

/** Runs a user's callback; what it constructs belongs to `scope`. */
export function constructIn<R>(scope: Scope, construct: () => R): R {
  const outer = beginConstruction(scope);
  try {
    return construct();
  } finally {
    endConstruction(outer);
  }
}

/** The same for who runs it often: to be ended with what this gives, whatever happens. */
export function beginConstruction(scope: Scope): Scope | null {
  const outer = current;
  current = scope;
  return outer;
}

export function endConstruction(outer: Scope | null): void {
  current = outer;
}

/** The dynamic part of a job in whose projection we are; null outside of any. */
export function constructionScope(): Scope | null {
  return current;
}
