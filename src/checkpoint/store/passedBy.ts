import type { Scope } from '../protocol/Scope.js';

/** A journal, as far as it matters here. */
interface KnownJournal {
  readonly source: string | undefined;
  /** Null as long as no source has opened it in this run. */
  readonly scope: Scope | null;
}

/**
 * Tells of the name of a source in an inner pipeline that has not come again since the restart whether it will not: a
 * later inner pipeline of the same operator is there, and nothing of its own is. It may wait for its turn otherwise,
 * since what makes it is replayed, too.
 */
export function passedBy(
  journals: Iterable<KnownJournal>,
  participants: () => Iterable<string>,
): (source: string) => boolean {
  let highest: Map<string, number> | null = null;
  const indexOf = (owner: string): number => {
    if (highest === null) {
      highest = new Map();
      for (const { source, scope } of journals) {
        if (source === undefined || scope === null) continue;
        for (const [outer, index] of innersIn(source)) highest.set(outer, Math.max(index, highest.get(outer) ?? -1));
      }
    }
    return highest.get(owner) ?? -1;
  };
  return (source) => {
    for (const [owner, index] of innersIn(source)) {
      if (indexOf(owner) <= index) continue;
      const prefix = `${owner}[${index}]`;
      if (![...participants()].some((name) => name.startsWith(prefix))) return true;
    }
    return false;
  };
}

/** The operators in whose inner pipelines a source stands, each with the index of the inner pipeline. */
function innersIn(source: string): [string, number][] {
  return Array.from(source.matchAll(/\[(\d+)\]/g), (match) => [source.slice(0, match.index), Number(match[1])]);
}
