import type { Connectable, SubjectLike, Subscriber } from 'rxjs';
import { Subscription } from 'rxjs';

import { CheckpointedObservable } from './base/CheckpointedObservable.js';
import { constructionScope } from './base/construction.js';
import type { Definition, SharedKey, Site, UidUpgrade, Upstream } from './base/Site.js';
import type { ByHand } from './JobConnectable.js';
import { JobConnectable } from './JobConnectable.js';
import { JobShareHub } from './JobShareHub.js';

/** Where it is connected when it is in no job. */
export interface Outside<T> {
  readonly subject: SubjectLike<T>;
  connect(): Subscription;
}

interface Config<T> {
  readonly connector: () => SubjectLike<T>;
  readonly resetOnDisconnect?: boolean;
}

/** What `connectable` makes of a checkpointed stream. */
export class CheckpointedConnectable<T> extends CheckpointedObservable<T> implements Connectable<T> {
  private constructor(
    definition: Definition<T>,
    private readonly control: Control<T>,
  ) {
    super(definition);
  }

  /** @internal */
  static of<T>(source: CheckpointedObservable<T>, config: Config<T>, outside: Outside<T>): CheckpointedConnectable<T> {
    const shared = { constructedIn: constructionScope() };
    const control = new Control<T>(outside, config, shared);
    const definition: Definition<T> = {
      operator: 'connectable',
      isStateful: true,
      outlivesConsumer: true,
      inputs: [source],
      shared,
      enterJob: () => control.enterJob(),
      connect(dest, site) {
        return control.join(dest, site);
      },
    };
    return new CheckpointedConnectable(definition, control);
  }

  /** @internal */
  override renamed(uid: string, upgrade: UidUpgrade | undefined): CheckpointedConnectable<T> {
    return new CheckpointedConnectable({ ...this.definition, uid, upgrade }, this.control);
  }

  /**
   * Subscribes to the source, unless that is done, and gives what unsubscribes from it. Once it is in a pipeline that was
   * given to `recover()`, it does so in the job; if that does not run yet, as soon as it does.
   */
  connect(): Subscription {
    return this.control.connect();
  }
}

/** What `connect` has said, for all runs of all jobs that use the stream, and for who subscribes outside of one. */
class Control<T> implements ByHand {
  private isInJob: boolean;
  private isUsedOutside = false;
  private readonly hubs = new Set<JobConnectable<never>>();
  private connection: Subscription | null = null;
  isWanted = false;

  constructor(
    private readonly outside: Outside<T>,
    private readonly config: Config<T>,
    private readonly shared: SharedKey,
  ) {
    this.isInJob = shared.constructedIn !== null;
  }

  enterJob(): void {
    this.isInJob = true;
  }

  join(dest: Subscriber<T>, site: Site | null): Upstream | null {
    if (site === null) {
      this.isUsedOutside = true;
      this.outside.subject.subscribe(dest);
      return null;
    }
    this.isInJob = true;
    const { connector, resetOnDisconnect = true } = this.config;
    const node = { operator: 'connectable', shared: this.shared, uid: site.uid };
    return JobShareHub.of<T>(
      node,
      site,
      (...place) => new JobConnectable<T>(this, resetOnDisconnect, connector, ...place),
    ).joinInJob(dest, site);
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

  joined(hub: JobConnectable<never>): void {
    this.hubs.add(hub);
  }

  left(hub: JobConnectable<never>): void {
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
