import type { ObservableInput, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { Scope } from '../checkpoint/protocol/Scope.js';
import { endsAtOnce, subscribeAtOnce } from './base/atOnce.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { subscribeOutside } from './base/connectOutside.js';
import type { Projecting } from './base/construction.js';
import { beginProjection, endProjection } from './base/construction.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import { NO_INPUTS } from './base/noInputs.js';
import { disown } from './base/plainNode.js';
import type { Definition, Node, Plan, Site, Tried, Upstream } from './base/Site.js';

/** A node that subscribes to what `factory` gives. */
export function deferNode<T>(operator: string, factory: () => ObservableInput<T>): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>(new DeferDefinition(operator, factory));
}

class DeferDefinition<T> implements Definition<T> {
  constructor(
    readonly operator: string,
    protected readonly factory: () => ObservableInput<T>,
  ) {}

  get inputs(): readonly Node[] {
    return NO_INPUTS;
  }

  get isStateful(): boolean {
    return true;
  }

  get outlivesConsumer(): boolean {
    return true;
  }

  connect(dest: Subscriber<T>, site: Site | null): Upstream | null {
    const { factory } = this;
    if (site !== null) return new DeferCore(dest, site, factory).connect();
    subscribeOutside(factory(), dest);
    return null;
  }

  get mayEndAtOnce(): boolean {
    return true;
  }

  /** What a user's function gives at each subscription is an array most often, or ends at once for other reasons. */
  tryAtOnce(dest: Tried<T>): Node | null {
    const { operator, factory } = this;
    const place = new DeferPlace(operator, dest);
    let input: ObservableInput<T>;
    let madeScope: Scope | null = null;
    beginProjection(place, 0);
    try {
      input = factory();
    } finally {
      madeScope = endProjection();
    }
    if (dest.closed) disown(input);
    else if (endsAtOnce(input)) subscribeAtOnce(input, dest);
    else return new ResolvedDefer(operator, factory, input, madeScope ?? dest.scope.inner(place, 0));
    return null;
  }
}

/** The site that it would have. */
class DeferPlace implements Projecting {
  constructor(
    private readonly operator: string,
    private readonly tried: Tried<never>,
  ) {}

  get scope(): Scope {
    return this.tried.scope;
  }

  get name(): string {
    return this.scope.structuralPrefix + this.operator;
  }
}

/** Within a turn the factory can be called before it is known whether this has to be a part of the job. */
class ResolvedDefer<T> extends DeferDefinition<T> implements Node {
  plan: Plan | null = null;

  constructor(
    operator: string,
    factory: () => ObservableInput<T>,
    readonly input: ObservableInput<T>,
    /** Where what the factory made belongs. */
    readonly innerScope: Scope,
  ) {
    super(operator, factory);
  }

  get definition(): this {
    return this;
  }

  override connect(dest: Subscriber<T>, site: Site | null): Upstream | null {
    return new DeferCore(dest, site!, this.factory, this).connect();
  }
}

interface DeferSnapshot {
  readonly inners: InnersSnapshot<null>;
}

/** In a job what the factory gives is an inner, of no value. Also the base of `using`. */
export class DeferCore<T> extends HigherOrderCore<null, T, null> {
  s: null = null;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly factory: () => ObservableInput<T>,
    private readonly resolved: ResolvedDefer<T> | null = null,
  ) {
    super(dest, site, []);
  }

  /**
   * The factory is called within a turn, since a checkpoint that it asks for has to wait until its result is known. What
   * it gave opens after that, so that each record of a synchronous source is a turn of its own.
   */
  protected override onOpen(): void {
    const { resolved, jobInners } = this;
    const { run } = jobInners;
    if (resolved !== null) return void jobInners.connect(resolved.innerScope, resolved.input, null, 0);
    // Somebody else's turn, which no barrier divides.
    if (run.isWithinTurn) return this.startInner(null, 0);
    jobInners.opensLater = true;
    run.turn(() => {
      try {
        this.subscribeInner(null, 0);
      } catch (error) {
        this.dest.error(error);
      }
    });
    jobInners.takeOpening()?.open();
    jobInners.opensLater = false;
  }

  project(): ObservableInput<T> {
    const { factory } = this;
    return factory();
  }

  override onNext(): void {}

  override onComplete(): void {}

  onInnerComplete(): void {
    this.dest.complete();
  }

  protected captureState(capture: Capture): DeferSnapshot {
    return { inners: this.captureInners(capture) };
  }

  protected restoreState({ inners }: DeferSnapshot): void {
    this.restoreInners(inners);
  }
}
