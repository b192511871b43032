import type { Connectable, Subject, SubjectLike, Subscriber, Subscription } from 'rxjs';

import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import type { Definition, Site, UidUpgrade, Upstream } from './base/Site.js';
import { Control } from './CheckpointedConnectable.js';
import { ConnectableObservable } from './ConnectableObservable.js';
import { JobMulticast } from './JobMulticast.js';
import { refCounted } from './refCounted.js';

/** How a deprecated multicast operator shares its source. */
export interface Multicasting<T> {
  /** The operator's name in RxJS. */
  readonly operator: string;
  /** Gives the Subject, when there is none or it has ended. */
  readonly connector: () => Subject<T>;
  /** In a job, where each run has one of its own. */
  readonly jobConnector: (place: { readonly name: string }) => SubjectLike<T>;
  /** Whether each connection has a Subject of its own. */
  readonly resetOnDisconnect: boolean;
}

interface Insides<T> {
  readonly _refCount: number;
  getSubject(): SubjectLike<T>;
}

/** What the deprecated multicast operators make of a checkpointed stream: in place of RxJS's ConnectableObservable. */
export class CheckpointedMulticast<T> extends CheckpointedObservable<T> implements Connectable<T> {
  private constructor(
    definition: Definition<T>,
    private readonly control: Control<T, JobMulticast<T>>,
    private readonly outside: ConnectableObservable<T>,
  ) {
    super(definition);
  }

  /** @internal */
  static of<T>(source: CheckpointedObservable<T>, multicasting: Multicasting<T>): CheckpointedMulticast<T> {
    const { operator, connector, jobConnector, resetOnDisconnect } = multicasting;
    const outside = new ConnectableObservable(source, connector);
    const control = new Control<T, JobMulticast<T>>(
      operator,
      outside,
      (byHand, key, name, ...place) =>
        new JobMulticast<T>(byHand, resetOnDisconnect, () => jobConnector({ name }), key, name, ...place),
    );
    return new CheckpointedMulticast(control.definition(source), control, outside);
  }

  /** @internal */
  override renamed(uid: string, upgrade: UidUpgrade | undefined): CheckpointedMulticast<T> {
    return new CheckpointedMulticast({ ...this.definition, uid, upgrade }, this.control, this.outside);
  }

  /** As that of `connectable`. */
  connect(): Subscription {
    return this.control.connect();
  }

  /** @internal What RxJS's class has for its subclasses, and others look at: of the stream outside of a job. */
  getSubject(): SubjectLike<T> {
    return (this.outside as unknown as Insides<T>).getSubject();
  }

  /** @internal */
  get _refCount(): number {
    return (this.outside as unknown as Insides<T>)._refCount;
  }

  /** The same stream, connected as long as somebody is subscribed to it by this. */
  refCount(): CheckpointedObservable<T> {
    const { control } = this;
    const connect = (dest: Subscriber<T>, site: Site | null): Upstream | null => {
      if (site !== null) return control.hubAt(site).joinCounted(dest, site);
      refCounted(control.useOutside()).subscribe(dest);
      return null;
    };
    return new CheckpointedObservable({ ...this.definition, connect });
  }
}
