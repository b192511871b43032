import type { Subscriber } from 'rxjs';

import type { Participant } from '../../checkpoint/protocol/Participant.js';
import type { JobInnersOf } from './Inner.js';
import { JobInner } from './Inner.js';
import { JobSite } from './JobSite.js';
import type { Consumer, Definition, Node, Site } from './Site.js';

/** What can be the source of a late inner, or an operator behind one. */
export interface LateDefinition<V> extends Definition<V> {
  /** Null if the source is of another kind. */
  createInner<T>(home: JobInnersOf<T>, index: number, value: T): LateInner<T, unknown> | null;
  /** Subscribes all but the source; gives what that is to emit into. */
  connectLate(dest: Subscriber<V>): Subscriber<unknown>;
}

/** An operator of a late inner, which gets its place in the job when somebody asks who takes part. */
export interface LateOperator extends Participant {
  readonly dest: Consumer<unknown>;
  readonly closed: boolean;
  takePlace(site: Site): void;
}

/**
 * An inner that knows its source: what that emits comes back to it, through the operators behind the source if there are
 * any. They take part in the job from when somebody asks who does, as a rule at the next barrier; most have ended before. A
 * restore makes of them what is a part of the job from the start, under the same names.
 */
export abstract class LateInner<T, V> extends JobInner<T, V> {
  /** Subscribed, and not in the job yet. */
  private isAbsent?: boolean;
  /** What the projection gave, and the first operator in there (or the inner). From when it connects. */
  private node?: Node;
  private first?: Subscriber<unknown>;

  constructor(home: JobInnersOf<T>, index: number, value: T) {
    super();
    this['initialTeardown'] = undefined;
    this.closed = false;
    this['_parentage'] = null;
    this['_finalizers'] = null;
    this.isStopped = false;
    this.destination = home.dest;
    this.seat = -1;
    this.home = home;
    this.index = index;
    this.value = value;
  }

  /** Where the source emits: into its first operator, or into the inner. */
  protected get into(): Subscriber<unknown> {
    return this.first ?? this;
  }

  /** Begins to emit. */
  protected abstract start(): void;
  /**
   * The operators have their places; now the source.
   *
   * @param place - its own.
   */
  protected abstract enlistSource(place: Site): void;

  /** @param node - what the projection gave. */
  connect(node: Node): void {
    this.node = node;
    this.first = (node.definition as LateDefinition<never>).connectLate(this);
    this.isAbsent = true;
    this.start();
  }

  override enlist(): void {
    if (this.isAbsent !== true) return;
    this.isAbsent = false;
    const { site, scope, node } = this;
    this.enlistSource(this.enlistOperators(JobSite.atEnd(site.run, scope, node!)));
  }

  /** From the last one up, as they would join. Gives the place of the source. */
  private enlistOperators(end: JobSite): JobSite {
    const operators: LateOperator[] = [];
    let at: unknown = this.into;
    for (; at !== this; at = (at as LateOperator).dest) operators.unshift(at as LateOperator);
    let place = end;
    for (const operator of operators) {
      if (place.isStateful && !operator.closed) operator.takePlace(place);
      place = place.input(0);
    }
    return place;
  }
}
