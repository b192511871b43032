import type { Node } from './Site.js';

interface Made {
  /** Which that was, as all copies of its definition know it. */
  readonly key: WeakRef<object>;
  /** Null when there were several, of which nobody can say which one is meant. */
  node: WeakRef<Node> | null;
  readonly generation: number;
}

/** By their uid of today, and by those that they had before. */
const made = new Map<string, Made>();
let generation = 0;

/**
 * Notes a shared stream with a uid that was made outside of projections. Inner pipelines can lead to it, and nothing else:
 * then this is the only way to know of it before one of them does. What nobody can reach any more is not held.
 */
export function noteSharedStream(node: Node): void {
  const { shared } = node.definition;
  // There may be one without for each value of an operator, or one of its inner pipeline.
  if (shared?.constructedIn !== null) return;
  const { uid = '', upgrade } = node.definition;
  for (const name of [uid, ...(upgrade?.was ?? [])]) {
    const known = made.get(name);
    if (known?.generation !== generation)
      made.set(name, { key: new WeakRef(shared), node: new WeakRef(node), generation });
    else if (known.key.deref() !== shared) known.node = null;
  }
}

/** The one that has this uid, or had; undefined if there is none, or if there are several. */
export function sharedStreamNamed(name: string): Node | undefined {
  return made.get(name)?.node?.deref();
}

/** For test kits, which have several processes in one: what is made from now on takes the place of what is known. */
export function beginNextProcess(): void {
  generation++;
}
