import { Subscriber } from 'rxjs';

import type { ConnectOptions, PipelineConnection, PipelineSink } from '../../checkpoint/protocol/Pipeline.js';
import type { Run } from '../../checkpoint/protocol/Run.js';
import { Scope } from '../../checkpoint/protocol/Scope.js';
import { JobSite } from './JobSite.js';
import type { Consumer, Node } from './Site.js';

/** The end of a pipeline in a job: barriers stop here, the rest goes to `recover()`'s subscriber. */
class PipelineEnd<T> extends Subscriber<T> implements Consumer<T> {
  constructor(private readonly sink: PipelineSink<T>) {
    super();
  }

  override next(value: T): void {
    if (!this.isStopped) this.sink.next(value);
  }

  override error(error: unknown): void {
    if (this.isStopped) return;
    this.isStopped = true;
    // Nothing of a pipeline that failed may be left to take part in a checkpoint when its subscriber restarts it.
    this.unsubscribe();
    this.sink.error(error);
  }

  override complete(): void {
    if (this.isStopped) return;
    this.isStopped = true;
    try {
      this.sink.complete();
    } finally {
      this.unsubscribe();
    }
  }

  barrier(): void {}
}

export function connectPipeline<T>(node: Node, run: Run, options: ConnectOptions<T>): PipelineConnection {
  const end = new PipelineEnd<T>(options.sink);
  const scope = Scope.ofPipeline(options.name, options.region);
  try {
    const round = run.connect(() => JobSite.atEnd(run, scope, node).connect(end as Subscriber<never>));
    return { round, unsubscribe: () => end.unsubscribe() };
  } catch (error) {
    end.unsubscribe();
    throw error;
  }
}
