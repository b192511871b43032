import type { Checkpoint } from '../checkpoint/Checkpoint.js';
import { foreignPlace } from '../checkpoint/protocol/foreignOperators.js';
import { isName } from '../checkpoint/protocol/isName.js';
import { InvalidPipelineNameError } from '../errors/InvalidPipelineNameError.js';
import { NotAPipelineError } from '../errors/NotAPipelineError.js';
import { CheckpointedObservable } from '../operators/base/CheckpointedObservable.js';
import { nameIn, planOf, prefixesOf } from '../operators/base/Plan.js';
import type { Plan } from '../operators/base/Site.js';
import type { NodeSnapshot } from './NodeSnapshots.js';
import { NodeSnapshots } from './NodeSnapshots.js';
import type { CheckpointDetails } from './readCheckpoint.js';

/** An operator, source or sink of a pipeline. */
export interface GraphNode {
  /** Within this graph: `n1`, `n2` …, inputs before those that use them. */
  readonly id: string;
  /** What it is called in RxJS, e.g. `scan`. */
  readonly operator: string;
  /** Under which a checkpoint has its snapshot: the uid, or the structural name. Null for one without state. */
  readonly name: string | null;
  readonly uid: string | null;
  /** Whether it takes part in checkpoints. */
  readonly hasState: boolean;
  /** Whether there is one instance, whoever uses it: `share()` and the like. */
  readonly isShared: boolean;
  /** The ids of what it is subscribed to, in the order of its inputs; none for a source. */
  readonly inputs: readonly string[];
  /** The names of the pipelines that it is part of. */
  readonly pipelines: readonly string[];
  /** What the checkpoint has of it, if one was given that has. */
  readonly snapshot?: NodeSnapshot;
}

/** The static graph of one or more pipelines. Plain JSON. */
export interface PipelineGraph {
  readonly nodes: readonly GraphNode[];
  /** The id of the last node of each pipeline, by the pipeline's name. */
  readonly ends: Readonly<Record<string, string>>;
  /** What the checkpoint has and none of these pipelines: of others, or of before a change. */
  readonly unmatched: readonly string[];
}

export interface DescribeOptions {
  /** Adds to the nodes what it has of them: one that a `CheckpointSubject` emitted, or that `readCheckpoint` gave. */
  readonly checkpoint?: Checkpoint | CheckpointDetails;
}

/**
 * What pipelines are made of, before anything is subscribed: as data, which is JSON, and with `toMermaid` as a diagram.
 * Inner pipelines come up at run time, so they are counted at the operator that has them, if a checkpoint is given.
 *
 * @example
 * console.log(toMermaid(describe({ delays: delays$, airports: airports$ })));
 * @param pipelines - one, which is called `main` as in `recover()`, or several by their names.
 * @throws NotAPipelineError, InvalidPipelineNameError, DuplicateUidError
 */
export function describe(
  pipelines: CheckpointedObservable<unknown> | Readonly<Record<string, CheckpointedObservable<unknown>>>,
  options: DescribeOptions = {},
): PipelineGraph {
  const named = isSingle(pipelines) ? { main: pipelines } : pipelines;
  const drawing = new Drawing(new NodeSnapshots(options.checkpoint));
  const ends: Record<string, string> = {};
  for (const [name, pipeline$] of Object.entries(named)) {
    if (!isName(name)) throw new InvalidPipelineNameError(name);
    if (!(pipeline$ instanceof CheckpointedObservable)) throw new NotAPipelineError(foreignPlace(pipeline$));
    ends[name] = drawing.add(planOf(pipeline$), name).id;
  }
  return { nodes: drawing.finished(), ends, unmatched: drawing.snapshots.unmatched() };
}

/** An Observable that is none of ours is one, too: it is refused under its own name. */
function isSingle(
  pipelines: CheckpointedObservable<unknown> | Readonly<Record<string, CheckpointedObservable<unknown>>>,
): pipelines is CheckpointedObservable<unknown> {
  return typeof (pipelines as { subscribe?: unknown } | null)?.subscribe === 'function' || pipelines === null;
}

type Draft = Omit<GraphNode, 'pipelines'> & { readonly pipelines: Set<string> };

class Drawing {
  /** By the plan, or for shared nodes by what tells them apart: other pipelines have other plans of them. */
  private readonly drafts = new Map<object, Draft>();
  private readonly order: Draft[] = [];

  constructor(readonly snapshots: NodeSnapshots) {}

  add(plan: Plan, pipeline: string): Draft {
    const key = plan.definition.shared ?? plan;
    // A plan may be that of another pipeline, which has the same nodes once more.
    const known = this.drafts.get(key);
    if (known !== undefined && (key !== plan || known.pipelines.has(pipeline))) {
      this.join(known, pipeline);
      return known;
    }
    const inputs = plan.inputs.map((input) => this.add(input, pipeline).id);
    const draft = this.draw(plan, inputs, pipeline);
    this.drafts.set(key, draft);
    return draft;
  }

  finished(): GraphNode[] {
    return this.order.map((draft) => ({ ...draft, pipelines: [...draft.pipelines] }));
  }

  private draw(plan: Plan, inputs: string[], pipeline: string): Draft {
    const { operator, uid = null, isStateful: hasState, shared } = plan.definition;
    const name = hasState ? nameIn(plan, prefixesOf(pipeline)) : null;
    const snapshot = name === null ? undefined : this.snapshots.of(name);
    const draft: Draft = {
      id: `n${this.order.length + 1}`,
      operator,
      name,
      uid,
      hasState,
      isShared: shared !== undefined,
      inputs,
      pipelines: new Set([pipeline]),
      ...(snapshot === undefined ? {} : { snapshot }),
    };
    this.order.push(draft);
    return draft;
  }

  /** With all that is above. */
  private join(draft: Draft, pipeline: string): void {
    if (draft.pipelines.has(pipeline)) return;
    draft.pipelines.add(pipeline);
    for (const id of draft.inputs) this.join(this.order[Number(id.slice(1)) - 1]!, pipeline);
  }
}
