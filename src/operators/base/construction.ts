import type { Scope } from '../../checkpoint/protocol/Scope.js';

let current: Scope | null = null;

/** Runs a user's projection; what it constructs belongs to `scope`. */
export function constructIn<R>(scope: Scope, project: () => R): R {
  const outer = current;
  current = scope;
  try {
    return project();
  } finally {
    current = outer;
  }
}

/** The dynamic part of a job in whose projection we are; null outside of any. */
export function constructionScope(): Scope | null {
  return current;
}
