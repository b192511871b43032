import type { ObservableInput, ObservedValueOf, Subscriber, Unsubscribable } from 'rxjs';
import { from } from 'rxjs';

import { EMPTY } from '../sources/empty.js';
import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { Site } from './base/Site.js';
import { DeferCore } from './DeferCore.js';

type Resource = Unsubscribable | void;

/**
 * Makes a resource for each subscription, emits what the Observable emits that is made of it, and gives the resource
 * back (`unsubscribe`) when that ends or nobody listens any more.
 *
 * **Checkpoint:** the state of the Observable. The resource itself is in no checkpoint: a restore calls both factories
 * again, a checkpointed Observable goes on where it was, and any other is subscribed again, without as many of its
 * values as it had emitted.
 *
 * ```text
 *         using(() => resource, () => x)
 * x       -1-%-2-|
 * result  -1-%-2-|
 * ```
 *
 * @example
 * const rows$ = using(() => openConnection(), (connection) => readRows(connection));
 * @param resourceFactory - makes the resource.
 * @param observableFactory - gives what to subscribe to; nothing stands for an empty one.
 * @throws what the factories throw goes to the subscriber as an error.
 */
export function using<O extends ObservableInput<unknown>>(
  resourceFactory: () => Unsubscribable | void,
  observableFactory: (resource: Unsubscribable | void) => O | void,
): CheckpointedObservable<ObservedValueOf<O>> {
  type Factory = (resource: Resource) => ObservableInput<ObservedValueOf<O>> | void;
  const factories: Factories<ObservedValueOf<O>> = {
    createResource: resourceFactory,
    createObservable: observableFactory as Factory,
  };
  return new CheckpointedObservable<ObservedValueOf<O>>({
    operator: 'using',
    isStateful: true,
    inputs: [],
    outlivesConsumer: true,
    throwsOut: true,
    connect(dest, site) {
      if (site !== null) return new UsingCore(dest, site, factories).connect();
      const resource = subscribeWith(factories, dest);
      // Added last: it goes after all that the source holds. After an end at once what it throws is thrown.
      if (resource) dest.add(() => resource.unsubscribe());
      return null;
    },
  });
}

interface Factories<T> {
  readonly createResource: () => Resource;
  readonly createObservable: (resource: Resource) => ObservableInput<T> | void;
}

/** Subscribes outside of a job, and gives what is to be released at the end; nothing after an error. */
function subscribeWith<T>(factories: Factories<T>, dest: Subscriber<T>): Resource {
  try {
    const [resource, source] = create(factories);
    from(source).subscribe(dest);
    return resource;
  } catch (error) {
    dest.error(error);
  }
}

function create<T>({ createResource, createObservable }: Factories<T>): [Resource, ObservableInput<T>] {
  const resource = createResource();
  const source = createObservable(resource);
  // Not for null alone: RxJS takes anything falsy for nothing.
  if (!source) return [resource, EMPTY];
  return [resource, source];
}

class UsingCore<T> extends DeferCore<T> {
  private resource: Resource = undefined;
  private isBusy = false;

  constructor(
    dest: Subscriber<T>,
    site: Site,
    private readonly factories: Factories<T>,
  ) {
    super(dest, site, () => EMPTY);
  }

  override project(): ObservableInput<T> {
    const [resource, source] = create(this.factories);
    this.resource = resource;
    return source;
  }

  protected override onOpen(): void {
    this.isBusy = true;
    super.onOpen();
    this.isBusy = false;
    if (this.dest.closed) this.release();
  }

  /** As in RxJS, what ends while it is subscribed keeps the resource until subscribing has come back. */
  protected override onEnd(): void {
    super.onEnd();
    if (!this.isBusy) this.release();
  }

  private release(): void {
    const { resource } = this;
    this.resource = undefined;
    if (resource) resource.unsubscribe();
  }
}
