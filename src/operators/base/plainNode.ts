import type { Observable, ObservableInput, Subscriber } from 'rxjs';
import { from, Observable as PlainObservable } from 'rxjs';

import { CheckpointedObservable } from './CheckpointedObservable.js';
import { NO_INPUTS } from './noInputs.js';
import type { PlainOptions } from './PlainSource.js';
import { PlainSource } from './PlainSource.js';
import type { Definition, Node, Plan, Site, Upstream } from './Site.js';

/** A plain Observable as a node of a graph. Outside of a job it is subscribed as it is. */
export function plainNode<T>(source: Observable<T>, options: PlainOptions): CheckpointedObservable<T> {
  return new CheckpointedObservable<T>(new PlainNode(source, options));
}

/** What a projection returned. */
export const ADOPTED: PlainOptions = { operator: 'plain', isAdopted: true };
const ADOPTED_ITEMS: PlainOptions = { ...ADOPTED, endsAtOnce: true };

/** Its definition, and a node itself, since there may be one for each value. */
class PlainNode<T> implements Node, Definition<T> {
  plan: Plan | null = null;

  constructor(
    private readonly plain: Observable<T>,
    private readonly options: PlainOptions,
  ) {}

  get definition(): this {
    return this;
  }

  get operator(): string {
    return this.options.operator;
  }

  get inputs(): readonly Node[] {
    return NO_INPUTS;
  }

  get isStateful(): boolean {
    return true;
  }

  get endsAtOnce(): boolean {
    return this.options.endsAtOnce === true;
  }

  get throwsOut(): boolean {
    return true;
  }

  connect(dest: Subscriber<T>, site: Site | null): Upstream | null {
    if (site !== null) return new PlainSource(dest, site, this.plain, this.options).connect();
    this.plain.subscribe(dest);
    return null;
  }
}

/**
 * What a projection returned, as a node: itself if it is checkpointed, else a plain source.
 *
 * @throws TypeError as RxJS does when it is nothing that can be subscribed.
 */
export function innerNode(input: ObservableInput<unknown>): Node {
  if (input instanceof CheckpointedObservable) return input;
  const source = from(input);
  disown(input);
  return new PlainNode(source, optionsFor(input));
}

/**
 * While a job connects, what was projected may be left before anything subscribes to it: replaced by a later value, or tried
 * by `check()` only. A Promise that nobody listens to would end the process when it rejects.
 */
export function disown(input: ObservableInput<unknown>): void {
  if (input instanceof Promise) input.then(undefined, () => {});
}

function optionsFor(input: ObservableInput<unknown>): PlainOptions {
  return Array.isArray(input) ? ADOPTED_ITEMS : ADOPTED;
}

/** The same for an operator's input: what is nothing to subscribe to fails when it is subscribed, as in RxJS. */
export function toInput<T>(input: ObservableInput<T>): CheckpointedObservable<T> {
  if (input instanceof CheckpointedObservable) return input as CheckpointedObservable<T>;
  try {
    return plainNode(from(input), optionsFor(input));
  } catch (error) {
    return failingNode('plain', error);
  }
}

export function failingNode(operator: string, error: unknown): CheckpointedObservable<never> {
  return plainNode(new PlainObservable<never>((subscriber) => subscriber.error(error)), { operator });
}
