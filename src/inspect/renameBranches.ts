/**
 * A state in which the branches of shared streams, groups and windows name their users anew. They are arrays called
 * `branches` of objects with an `edge`, a `serial` and `isNew`, in the operator's own state or in that of one of its
 * groups or windows: never within users' values, which lie deeper.
 */
export function renameBranches(state: unknown, rename: (name: string) => string): unknown {
  return walk(state, rename, 0);
}

/** `state.branches` has depth 1, `state.groups[0].branches` 3. */
const DEPTH = 3;

function walk(value: unknown, rename: (name: string) => string, depth: number): unknown {
  if (depth > DEPTH || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => walk(item, rename, depth + 1));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  let changed: Record<string, unknown> | null = null;
  for (const [key, part] of Object.entries(value)) {
    const isOurs = key === 'branches' && Array.isArray(part) && part.length > 0 && part.every(isBranch);
    const next = isOurs ? renamed(part, rename) : walk(part, rename, depth + 1);
    if (next !== part) (changed ??= { ...value })[key] = next;
  }
  return changed ?? value;
}

interface Branch {
  readonly edge: string;
  readonly serial: number;
  readonly isNew: boolean;
}

function isBranch(value: unknown): value is Branch {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 3) return false;
  const { edge, serial, isNew } = value as Partial<Branch>;
  return typeof edge === 'string' && typeof serial === 'number' && typeof isNew === 'boolean';
}

function renamed(branches: readonly Branch[], rename: (name: string) => string): readonly Branch[] {
  const next = branches.map((branch) => {
    const edge = renameEdge(branch.edge, rename);
    return edge === branch.edge ? branch : { ...branch, edge };
  });
  return next.some((branch, i) => branch !== branches[i]) ? next : branches;
}

/** `total.0`: input 0 of an operator; `retry@1`: its attempt; `per-state[3]:end`: the end of an inner pipeline. */
function renameEdge(edge: string, rename: (name: string) => string): string {
  const [, name = edge, rest = ''] = /^(.*?)(\.\d+|@\d+)?$/s.exec(edge) ?? [];
  return rename(name) + rest;
}
