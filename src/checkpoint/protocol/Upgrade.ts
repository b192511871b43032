/**
 * Makes the state of the current version from an older one. A function gets every older version; steps lead from their
 * number to the next, and are taken one after the other.
 */
export type Migration = ((old: never, from: number) => unknown) | Readonly<Record<number, (old: never) => unknown>>;

/** Puts what a user knows as the state through `map`, and leaves the rest of an operator's snapshot as it is. */
export type MapState = (state: never, map: (value: unknown) => unknown) => unknown;

/** How an operator finds and reads what an older program has stored of it. */
export interface Upgrade {
  /** Its name in its scope, as a part of its full name. */
  readonly localName: string;
  /** What it was called before: uids of its scope, or structural names, see `formerNames`. */
  readonly was: readonly string[];
  /** Of its state, from 1. */
  readonly version: number;
  readonly migration: Migration | null;
  readonly mapState: MapState | null;
}

/**
 * The full names that a participant may have had. A text with a colon is a structural name, as a report shows it; one
 * that begins with a colon is one within the scope, for parts of inner pipelines, whose scopes have many names.
 */
export function formerNames(name: string, structuralPrefix: string, { localName, was }: Upgrade): string[] {
  const prefix = name.slice(0, name.length - localName.length);
  return was.map((old) => {
    if (old.startsWith(':')) return structuralPrefix + old.slice(1);
    return old.includes(':') ? old : prefix + old;
  });
}
