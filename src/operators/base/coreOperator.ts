import type { Observable, ObservableInput, Subscriber } from 'rxjs';

import type { MapState } from '../../checkpoint/protocol/Upgrade.js';
import { endsAtOnce } from './atOnce.js';
import type { CheckpointedOperator } from './CheckpointedObservable.js';
import { CheckpointedObservable } from './CheckpointedObservable.js';
import { lift } from './lift.js';
import { toInput } from './plainNode.js';
import type { Definition, Node, Site, Tried, Upstream } from './Site.js';

export interface CoreDefinition<R> {
  /** The operator's name in RxJS. */
  readonly operator: string;
  /** Set by operators whose inner parts may live on without the consumer. */
  readonly outlivesConsumer?: boolean;
  /** Reaches what is a user's in a snapshot, for migrations. */
  readonly mapState?: MapState;
  /** Set by operators that have ended at the latest when all of their inputs have: without timers and inners. */
  readonly endsWithInputs?: boolean;
  /** @param sources - nodes in a job, else whatever RxJS can subscribe to. */
  create(
    dest: Subscriber<R>,
    site: Site | null,
    sources: readonly ObservableInput<unknown>[],
  ): { connect(): Upstream | null };
  /** Set where a shorter way than by a core leads to the same outside of a job. */
  subscribe?(dest: Subscriber<R>, sources: readonly ObservableInput<unknown>[]): void;
  /** `Definition.tryAtOnce`, if the inputs end at once. */
  tryAtOnce?(dest: Tried<R>, node: Node, sources: readonly ObservableInput<unknown>[]): Node | null;
}

const NO_OTHERS: readonly ObservableInput<unknown>[] = [];

/**
 * Makes an operator of an operator core.
 *
 * @param others - inputs besides the piped one; a plain one is subscribed again and skipped at a restore.
 */
export function coreOperator<T, R>(
  definition: CoreDefinition<R>,
  others: readonly ObservableInput<unknown>[] = NO_OTHERS,
): CheckpointedOperator<T, R> {
  const apply = (source: Observable<T>): Observable<R> => {
    if (!(source instanceof CheckpointedObservable)) {
      return lift<T, R>(source, (dest, lifted) => subscribeInputs(definition, dest, [lifted, ...others]));
    }
    return new CheckpointedObservable<R>(
      new CoreNodeDefinition(definition, others.length === 0 ? [source] : [source, ...others]),
    );
  };
  return apply as CheckpointedOperator<T, R>;
}

/** A node of a graph that runs an operator core. */
export function coreNode<R>(
  definition: CoreDefinition<R>,
  inputs: readonly ObservableInput<unknown>[],
): CheckpointedObservable<R> {
  return new CheckpointedObservable<R>(new CoreNodeDefinition(definition, inputs));
}

/** Outside of a job. */
export function subscribeInputs<R>(
  definition: CoreDefinition<R>,
  dest: Subscriber<R>,
  sources: readonly ObservableInput<unknown>[],
): void {
  if (definition.subscribe === undefined) definition.create(dest, null, sources).connect();
  else definition.subscribe(dest, sources);
}

export class CoreNodeDefinition<R> implements Definition<R> {
  private nodes: readonly CheckpointedObservable<unknown>[] | null = null;

  constructor(
    private readonly definition: CoreDefinition<R>,
    /** As it was given: outside of a job RxJS converts it when it is subscribed, and an error there ends it all. */
    private readonly sources: readonly ObservableInput<unknown>[],
  ) {}

  get inputs(): readonly CheckpointedObservable<unknown>[] {
    return (this.nodes ??= this.sources.map((source) => toInput(source)));
  }

  get operator(): string {
    return this.definition.operator;
  }

  get isStateful(): boolean {
    return true;
  }

  get outlivesConsumer(): boolean {
    return this.definition.outlivesConsumer === true;
  }

  get mapState(): MapState | null {
    return this.definition.mapState ?? null;
  }

  get endsAtOnce(): boolean {
    return this.definition.endsWithInputs === true && this.sources.every(endsAtOnce);
  }

  get mayEndAtOnce(): boolean {
    return this.definition.tryAtOnce !== undefined && this.sources.every(endsAtOnce);
  }

  tryAtOnce(dest: Tried<R>, node: Node): Node | null {
    return this.definition.tryAtOnce!(dest, node, this.sources);
  }

  connect(dest: Subscriber<R>, site: Site | null): Upstream | null {
    if (site !== null) return this.definition.create(dest, site, this.inputs).connect();
    subscribeInputs(this.definition, dest, this.sources);
    return null;
  }
}
