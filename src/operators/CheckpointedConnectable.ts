import type { Connectable as RxjsConnectable, SubjectLike, Subscriber } from 'rxjs';
import { Subscription } from 'rxjs';

import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { constructionScope } from './base/construction.js';
import type { Definition, SharedKey, Site, UidUpgrade, Upstream } from './base/Site.js';
import type { ByHand, Connected } from './JobConnectable.js';
import { JobConnectable } from './JobConnectable.js';
import type { CreateHub } from './JobShareHub.js';
import { JobShareHub } from './JobShareHub.js';

interface Config<T> {
  readonly connector: () => SubjectLike<T>;
  readonly resetOnDisconnect?: boolean;
}

/** Makes the job's instance of a stream that is connected by hand. */
export type CreateConnectable<T, H extends JobConnectable<T>> = (
  byHand: ByHand,
  ...place: Parameters<CreateHub<T>>
) => H;

/** What `connectable` makes of a checkpointed stream. */
class Connectable<T> extends CheckpointedObservable<T> implements RxjsConnectable<T> {
  private constructor(
    definition: Definition<T>,
    private readonly control: Control<T, JobConnectable<T>>,
  ) {
    super(definition);
  }

  /** @internal */
  static of<T>(source: CheckpointedObservable<T>, config: Config<T>, outside: RxjsConnectable<T>): Connectable<T> {
    const { connector, resetOnDisconnect = true } = config;
    const control = new Control<T, JobConnectable<T>>(
      'connectable',
      outside,
      (byHand, ...place) => new JobConnectable<T>(byHand, resetOnDisconnect, connector, ...place),
    );
    return new Connectable(control.definition(source), control);
  }

  /** @internal */
  override renamed(uid: string, upgrade: UidUpgrade | undefined): Connectable<T> {
    return new Connectable({ ...this.definition, uid, upgrade }, this.control);
  }

  /**
   * Subscribes to the source, unless that is done, and gives what unsubscribes from it. Once it is in a pipeline that was
   * given to `recover()`, it does so in the job; if that does not run yet, as soon as it does.
   */
  connect(): Subscription {
    return this.control.connect();
  }
}

export { Connectable as CheckpointedConnectable };

/** What `connect` has said, for all runs of all jobs that use the stream, and for who subscribes outside of one. */
export class Control<T, H extends JobConnectable<T>> implements ByHand {
  private isInJob: boolean;
  private isUsedOutside = false;
  private readonly hubs = new Set<Connected>();
  private connection: Subscription | null = null;
  private readonly shared: SharedKey = { constructedIn: constructionScope() };
  isWanted = false;

  constructor(
    private readonly operator: string,
    private readonly outside: RxjsConnectable<T>,
    private readonly create: CreateConnectable<T, H>,
  ) {
    this.isInJob = this.shared.constructedIn !== null;
  }

  definition(source: CheckpointedObservable<T>): Definition<T> {
    return {
      operator: this.operator,
      isStateful: true,
      outlivesConsumer: true,
      inputs: [source],
      shared: this.shared,
      isJoined: true,
      enterJob: () => void (this.isInJob = true),
      connect: (dest, site) => this.join(dest, site),
    };
  }

  private join(dest: Subscriber<T>, site: Site | null): Upstream | null {
    if (site !== null) return this.hubAt(site).joinInJob(dest, site);
    this.useOutside().subscribe(dest);
    return null;
  }

  useOutside(): RxjsConnectable<T> {
    this.isUsedOutside = true;
    return this.outside;
  }

  hubAt(site: Site): H {
    this.isInJob = true;
    const node = { operator: this.operator, shared: this.shared, uid: site.uid };
    return JobShareHub.of<T, H>(node, site, (...place) => this.create(this, ...place));
  }

  connect(): Subscription {
    if (!this.isInJob) return this.outside.connect();
    const connection = this.connectInJob();
    if (this.isUsedOutside) connection.add(this.outside.connect());
    return connection;
  }

  private connectInJob(): Subscription {
    this.isWanted = true;
    const connection = (this.connection ??= this.createConnection());
    for (const hub of this.hubs) hub.connectNow();
    return connection;
  }

  private createConnection(): Subscription {
    const connection = new Subscription(() => {
      // Not given back by the program, but over.
      if (this.connection !== connection) return;
      this.connection = null;
      this.isWanted = false;
      for (const hub of this.hubs) hub.disconnect();
    });
    return connection;
  }

  joined(hub: Connected): void {
    this.hubs.add(hub);
  }

  left(hub: Connected): void {
    this.hubs.delete(hub);
  }

  ended(): void {
    const { connection } = this;
    this.connection = null;
    connection?.unsubscribe();
  }

  fulfilled(): void {
    this.isWanted = false;
  }
}
