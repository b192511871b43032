import type { Unsubscribable } from 'rxjs';
import { Subscriber } from 'rxjs';

import type { ConnectOptions, PipelineConnection, PipelineSink } from '../../checkpoint/protocol/Pipeline.js';
import type { Round } from '../../checkpoint/protocol/Round.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import { Scope } from '../../checkpoint/protocol/Scope.js';
import { ConsumerSubscriber, observerOutlet } from './ConsumerSubscriber.js';
import { JobSite } from './JobSite.js';
import { namesIn, planOf } from './Plan.js';
import type { Use } from './sharedStreams.js';
import { notePipeline, sharedStreamNamed, whileProjecting } from './sharedStreams.js';
import type { Consumer, Node } from './Site.js';

/**
 * The end of a pipeline in a job: barriers stop here, the rest goes to `recover()`'s subscriber. Values go straight to
 * the consumer's observer where there is one; that saves a call for each.
 */
class PipelineEnd<T> extends Subscriber<T> implements Consumer<T> {
  readonly outlet: ReturnType<typeof observerOutlet<T>>;

  constructor(private readonly sink: PipelineSink<T>) {
    super();
    const { values } = sink;
    const observer = values instanceof ConsumerSubscriber ? (values as ConsumerSubscriber<T>).observer : values;
    this.outlet = observerOutlet(observer);
  }

  override next(value: T): void {
    this.outlet.next(value);
  }

  override error(error: unknown): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.outlet.next = ignore;
    // Nothing of a pipeline that failed may be left to take part in a checkpoint when its subscriber restarts it.
    try {
      this.unsubscribe();
    } finally {
      this.sink.error(error);
    }
  }

  override complete(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.outlet.next = ignore;
    try {
      this.sink.complete();
    } finally {
      this.unsubscribe();
      this.sink.ended?.();
    }
  }

  override unsubscribe(): void {
    this.outlet.next = ignore;
    super.unsubscribe();
  }

  barrier(): void {}
}

function ignore(): void {}

/** No literal with a getter: see docs/decisions/0190. */
class Connection implements PipelineConnection {
  constructor(
    readonly round: Round,
    private readonly node: Node,
    private readonly scope: Scope,
    private readonly end: Unsubscribable,
  ) {}

  mayHave(name: string): boolean {
    return name.includes('[') || namesIn(planOf(this.node), this.scope).has(name);
  }

  get isEmpty(): boolean {
    return this.scope.population === 0;
  }

  unsubscribe(): void {
    this.end.unsubscribe();
  }
}

export function connectPipeline<T>(node: Node, run: Run, options: ConnectOptions<T>): PipelineConnection {
  const end = new PipelineEnd<T>(options.sink);
  const scope = Scope.ofPipeline(options.name, options.region);
  const use = { pipeline: node, storage: run.storage };
  notePipeline(scope, use);
  try {
    const connect = (): void => {
      const site = JobSite.atEnd(run, scope, node);
      site.connect(end);
      reviveUnused(site, use);
      for (const part of run.shared.values()) part.pipelineBack(options.name);
    };
    const round = run.connect(run.isRestoring ? () => whileProjecting(connect) : connect, options.round);
    const { ends } = run;
    ends.set(options.name, end);
    end.add(() => {
      if (ends.get(options.name) === end) ends.delete(options.name);
    });
    return new Connection(round, node, scope, end);
  } catch (error) {
    end.unsubscribe();
    throw error;
  }
}

/** Shared parts that went on for nobody at the checkpoint do so again, though only inner pipelines may lead to them. */
function reviveUnused(site: JobSite, use: Use): void {
  const { unclaimed } = site.run;
  for (const [name, { unused }] of [...unclaimed]) {
    // An earlier one may have led to it.
    const node = unused === 'active' && unclaimed.has(name) ? sharedStreamNamed(name, use) : undefined;
    if (node !== undefined) site.connectDeadInner(node, site.scope);
  }
}
