import type { Scope } from '../../checkpoint/protocol/Scope.js';
import { structuralPrefixOf } from '../../checkpoint/protocol/Scope.js';
import type { Upgrade } from '../../checkpoint/protocol/Upgrade.js';
import { DuplicateUidError } from '../../errors/DuplicateUidError.js';
import { NotMigratableError } from '../../errors/NotMigratableError.js';
import { RenameConflictError } from '../../errors/RenameConflictError.js';
import type { Definition, Node, Plan, UidUpgrade } from './Site.js';

interface Draft extends Plan {
  localName: string;
  upgrade: Upgrade | null;
  readonly anchor: string;
  /** What the anchor was called before. */
  readonly oldAnchors: readonly string[];
}

const NO_INPUTS: readonly Plan[] = [];
const NO_NAMES: readonly string[] = [];

/**
 * Names every subscription of the graph of which `node` is the end. One without a uid gets a structural name: the nearest uid
 * above it, the operator, and where there are several of that operator, which of how many. The count is part of the
 * name, so that adding one never hands its neighbour's state to the wrong operator: the old names find no place.
 *
 * @throws DuplicateUidError, RenameConflictError, NotMigratableError
 */
export function planOf(node: Node): Plan {
  // Kept there, and not in a WeakMap: most nodes are projected, used once and garbage.
  return (node.plan ??= makePlan(node.definition));
}

/**
 * Throws what `planOf` does. Where nothing can be wrong no plan is made: most inner pipelines have no uid or one, and end
 * before anybody asks for a name.
 *
 * @throws DuplicateUidError, RenameConflictError, NotMigratableError
 */
export function checkNames(node: Node): void {
  if (node.plan === null && entanglement(node.definition) > 1) planOf(node);
}

/** How many uids there are; what has more to it than a name counts for several. */
function entanglement({ uid, upgrade, shared, inputs }: Definition<never>): number {
  if (upgrade !== undefined || shared !== undefined) return 2;
  let sum = uid === undefined ? 0 : 1;
  for (const { definition } of inputs) sum += entanglement(definition);
  return sum;
}

function makePlan(definition: Definition<never>): Plan {
  // Nothing to tell apart. Most inner pipelines are no more than that.
  if (definition.inputs.length === 0)
    return {
      definition,
      localName: definition.uid ?? definition.operator,
      sharedAs: null,
      inputs: NO_INPUTS,
      upgrade: definition.upgrade === undefined ? null : upgradeOf(definition, definition.upgrade),
    };
  return new Planner().plan(definition);
}

class Planner {
  private shared: Map<object, Draft> | null = null;
  private uids: Map<string, Definition<never>> | null = null;
  /** Who says that it was called so. */
  private oldNames: Map<string, string> | null = null;
  /** Those with state and without a uid: of the part that is being visited, and of others. */
  private unnamed: Draft[] = [];
  private numbered: Draft[] | null = null;
  private sharedAs: string | null = null;

  plan(root: Definition<never>): Plan {
    const draft = this.visit(root);
    if (this.hasSiblings()) this.numberSiblings();
    if (this.numbered !== null) this.unnamed.push(...this.numbered);
    if (this.oldNames !== null) this.checkOldNames(this.oldNames);
    return draft;
  }

  /** Small plans, of which there may be one for each value, are looked through without a Map. */
  private hasSiblings(): boolean {
    const { unnamed } = this;
    if (unnamed.length > 8) return true;
    return unnamed.some(({ localName }, i) => unnamed.findIndex((other) => other.localName === localName) !== i);
  }

  private numberSiblings(): void {
    const families = new Map<string, Draft[]>();
    for (const draft of this.unnamed) {
      const siblings = families.get(draft.localName);
      if (siblings === undefined) families.set(draft.localName, [draft]);
      else siblings.push(draft);
    }
    for (const siblings of families.values()) {
      if (siblings.length === 1) continue;
      siblings.forEach((sibling, i) => (sibling.localName += `#${i + 1}of${siblings.length}`));
    }
  }

  private visit(definition: Definition<never>): Draft {
    const known = definition.shared === undefined ? undefined : this.shared?.get(definition.shared);
    if (known !== undefined) {
      if (known.definition.uid === definition.uid) return known;
      throw new DuplicateUidError(definition.uid ?? known.definition.uid ?? '', 'late-name');
    }
    const inputs = isPartOfItsOwn(definition) ? this.visitPart(definition) : this.visitInputs(definition);
    const draft = this.name(definition, inputs);
    if (definition.shared !== undefined) (this.shared ??= new Map()).set(definition.shared, draft);
    return draft;
  }

  private visitInputs({ inputs }: Definition<never>): Draft[] {
    return inputs.map((input) => this.visit(input.definition));
  }

  /** What is above has the same names in every pipeline that leads there. */
  private visitPart(definition: Definition<never>): Draft[] {
    const { unnamed, sharedAs } = this;
    this.unnamed = [];
    this.sharedAs = definition.uid!;
    const inputs = this.visitInputs(definition);
    if (this.hasSiblings()) this.numberSiblings();
    (this.numbered ??= []).push(...this.unnamed);
    this.unnamed = unnamed;
    this.sharedAs = sharedAs;
    return inputs;
  }

  private claim(operator: string, oldNames: readonly string[]): void {
    for (const was of oldNames) {
      if (this.oldNames?.has(was) === true) throw new RenameConflictError({ operator, was, problem: 'two-claim' });
      (this.oldNames ??= new Map()).set(was, operator);
    }
  }

  private checkOldNames(oldNames: ReadonlyMap<string, string>): void {
    for (const draft of this.unnamed) draft.upgrade = followed(draft);
    for (const [was, operator] of oldNames)
      if (this.uids?.has(was) === true) throw new RenameConflictError({ operator, was, problem: 'name-in-use' });
  }

  private name(definition: Definition<never>, inputs: Draft[]): Draft {
    const { uid } = definition;
    const { sharedAs } = this;
    if (uid !== undefined) {
      const other = this.uids?.get(uid);
      if (other !== undefined) throw new DuplicateUidError(uid, other === definition ? 'same-node' : 'two-nodes');
      (this.uids ??= new Map()).set(uid, definition);
      if (definition.upgrade === undefined)
        return { definition, inputs, localName: uid, sharedAs, anchor: uid, oldAnchors: NO_NAMES, upgrade: null };
      const upgrade = upgradeOf(definition, definition.upgrade);
      this.claim(uid, upgrade.was);
      const oldAnchors = upgrade.was.filter(isUid);
      return { definition, inputs, localName: uid, sharedAs, anchor: uid, oldAnchors, upgrade };
    }
    const anchor = inputs[0]?.anchor ?? '';
    const oldAnchors = inputs[0]?.oldAnchors ?? NO_NAMES;
    const localName = anchor === '' ? definition.operator : `${anchor}:${definition.operator}`;
    const draft: Draft = { definition, inputs, localName, sharedAs, anchor, oldAnchors, upgrade: null };
    if (definition.isStateful) this.unnamed.push(draft);
    return draft;
  }
}

/** A shared node with a uid: see `Scope.attemptAbove`. */
function isPartOfItsOwn({ shared, uid }: Definition<never>): boolean {
  return shared !== undefined && uid !== undefined;
}

function upgradeOf(definition: Definition<never>, { was, version, migration }: UidUpgrade): Upgrade {
  const { uid = '', operator } = definition;
  const mapState = definition.mapState ?? null;
  if (version > 1 && mapState === null) throw new NotMigratableError(uid, operator);
  return { localName: uid, was, version, migration, mapState };
}

function isUid(name: string): boolean {
  return !name.includes(':');
}

/** An operator without a uid follows when the uid above it changes, which its name begins with. */
function followed({ localName, anchor, oldAnchors }: Draft): Upgrade | null {
  if (oldAnchors.length === 0) return null;
  const was = oldAnchors.map((old) => `:${old}${localName.slice(anchor.length)}`);
  return { localName, was, version: 1, migration: null, mapState: null };
}

/** Tells all nodes of the plan that they are given to a job. */
export function enterJob(plan: Plan): void {
  for (const { definition } of plansIn(plan)) definition.enterJob?.();
}

function plansIn(plan: Plan): Set<Plan> {
  const plans = new Set([plan]);
  // A Set grows while it is walked.
  for (const { inputs } of plans) for (const input of inputs) plans.add(input);
  return plans;
}

/** What names in a scope begin with. */
export type Prefixes = Pick<Scope, 'uidPrefix' | 'structuralPrefix'>;

/** The name of a node in that scope. */
export function nameIn(plan: Plan, scope: Prefixes): string {
  const { definition, localName } = plan;
  return (definition.uid === undefined ? prefixIn(plan, scope) : scope.uidPrefix) + localName;
}

/** What structural names begin with where the node stands. */
export function prefixIn({ sharedAs }: Plan, { uidPrefix, structuralPrefix }: Prefixes): string {
  return sharedAs === null ? structuralPrefix : structuralPrefixOf(uidPrefix + sharedAs);
}

/** The names that all nodes of the plan have in that scope. */
export function namesIn(plan: Plan, scope: Prefixes): Set<string> {
  return new Set(Array.from(plansIn(plan), (at) => nameIn(at, scope)));
}

/** The names of the operators in the plan that have state and no uid, each once. */
export function statefulWithoutUid(plan: Plan, scope: Prefixes): string[] {
  const names: string[] = [];
  const seen = new Set<Plan>();
  const visit = (at: Plan): void => {
    if (seen.has(at)) return;
    seen.add(at);
    at.inputs.forEach(visit);
    if (at.definition.isStateful && at.definition.uid === undefined) names.push(nameIn(at, scope));
  };
  visit(plan);
  return names;
}

/** Of the names in a pipeline, but for its inner pipelines. */
export function prefixesOf(pipeline: string): Prefixes {
  return { uidPrefix: '', structuralPrefix: `${pipeline}:` };
}
