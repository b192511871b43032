import type { Scope } from '../../checkpoint/protocol/Scope.js';
import type { Definition, Node } from './Site.js';

interface Made {
  /** Which that was, as all copies of its definition know it. */
  readonly key: WeakRef<object>;
  /** Null when there were several, of which nobody can say which one is meant. */
  node: WeakRef<Node> | null;
  readonly generation: number;
}

/** A pipeline over a storage. */
export interface Use {
  readonly pipeline: Node;
  readonly storage: object;
}

/** By their uid of today, and by those that they had before. */
const made = new Map<string, Made>();
let generation = 0;
/**
 * Of pipelines, over a storage: what their inner pipelines have led to in this process, or were said to. By name as above.
 * Over another storage the same pipeline may be somebody else's.
 */
let used = new WeakMap<object, WeakMap<object, Map<string, Node | null>>>();
/** Of what they are connected in. */
const pipelines = new WeakMap<Scope, Use>();
/** While a pipeline is restored: what its projections make, by what they make it for, and by uid. Null as above. */
let projected: Map<Scope, Map<string, Node | null>> | null = null;

/**
 * Notes a shared stream with a uid. Inner pipelines can lead to it, and nothing else: then this is the only way to know of it
 * before one of them does. What nobody can reach any more is not held.
 */
export function noteSharedStream(node: Node): void {
  const { shared } = node.definition;
  if (shared === undefined) return;
  if (shared.constructedIn === null) noteMade(node, shared);
  // There may be one for each value of an operator.
  else if (projected !== null) noteProjected(projected, node, shared.constructedIn);
}

function noteMade(node: Node, shared: object): void {
  for (const name of namesOf(node.definition)) {
    const known = made.get(name);
    if (known?.generation !== generation)
      made.set(name, { key: new WeakRef(shared), node: new WeakRef(node), generation });
    else if (known.key.deref() !== shared) known.node = null;
  }
}

function noteProjected(streams: NonNullable<typeof projected>, node: Node, scope: Scope): void {
  const { uid = '', shared } = node.definition;
  const inScope = streams.get(scope) ?? new Map<string, Node | null>();
  const known = inScope.get(uid);
  inScope.set(uid, known === undefined || known?.definition.shared === shared ? node : null);
  streams.set(scope, inScope);
}

function namesOf({ uid = '', upgrade }: Definition<never>): readonly string[] {
  return upgrade === undefined ? [uid] : [uid, ...upgrade.was];
}

/** A pipeline connects, in that scope. */
export function notePipeline(scope: Scope, use: Use): void {
  pipelines.set(scope, use);
}

/** In that scope a shared stream is subscribed to. The same pipeline leads there again when it is restored. */
export function noteUse(definition: Definition<never>, scope: Scope): void {
  let root = scope;
  while (root.parent !== null) root = root.parent;
  const use = pipelines.get(root);
  if (use === undefined || root === scope) return;
  const streams = streamsOf(use);
  for (const name of namesOf(definition)) {
    const known = streams.get(name);
    if (known === undefined) streams.set(name, { definition, plan: null });
    else if (known?.definition.shared !== definition.shared) streams.set(name, null);
  }
}

/** It is said that the pipeline leads there. */
export function noteUsed(use: Use, stream: Node): void {
  for (const name of namesOf(stream.definition)) streamsOf(use).set(name, stream);
}

function streamsOf({ pipeline, storage }: Use): Map<string, Node | null> {
  const byStorage = used.get(pipeline) ?? new WeakMap<object, Map<string, Node | null>>();
  const streams = byStorage.get(storage) ?? new Map<string, Node | null>();
  used.set(pipeline, byStorage.set(storage, streams));
  return streams;
}

/**
 * The one that has this uid, or had, and to which inner pipelines of that pipeline can lead; undefined if there is none, or
 * if there are several.
 */
export function sharedStreamNamed(name: string, { pipeline, storage }: Use): Node | undefined {
  const known = used.get(pipeline)?.get(storage)?.get(name);
  return known === undefined ? made.get(name)?.node?.deref() : (known ?? undefined);
}

/** Has it noted what projections make meanwhile. */
export function whileProjecting(connect: () => void): void {
  projected = new Map();
  try {
    connect();
  } finally {
    projected = null;
  }
}

/** What the projection has made for that inner pipeline, while its pipeline is restored; null for several of one uid. */
export function sharedStreamsOf(scope: Scope): Iterable<Node | null> {
  return projected?.get(scope)?.values() ?? [];
}

/** For test kits, which have several processes in one: what is made from now on takes the place of what is known. */
export function beginNextProcess(): void {
  generation++;
  used = new WeakMap();
}
