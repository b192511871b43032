import type { ObservableInput, ObservedValueOf, SubjectLike, Subscriber } from 'rxjs';
import { from, Observable } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { LiveStatus } from '../checkpoint/protocol/LiveHandle.js';
import type { Barrier } from '../checkpoint/protocol/Participant.js';
import type { Revival } from '../checkpoint/protocol/Revival.js';
import type { Round } from '../checkpoint/protocol/Round.js';
import { UnsupportedConnectorError } from '../errors/UnsupportedConnectorError.js';
import type { BranchSnapshot } from './base/Branches.js';
import type { CheckpointedObservable, CheckpointedOperator } from './base/CheckpointedObservable.js';
import { coreOperator } from './base/coreOperator.js';
import { Feeding } from './base/feed.js';
import { HigherOrderCore } from './base/HigherOrderCore.js';
import type { InnersSnapshot } from './base/JobInners.js';
import type { SubjectContent } from './base/jobSubject.js';
import { captureContent, checkConnector, restoreContent } from './base/jobSubject.js';
import { LiveSubject } from './base/LiveSubject.js';
import type { Site, Upstream } from './base/Site.js';

/** How a source is shared with a selector. */
export interface Connecting<T, O> {
  /** The operator's name in RxJS. */
  readonly operator: string;
  readonly selector: (shared: CheckpointedObservable<T>) => O;
  readonly connector: () => SubjectLike<T>;
  /** In a job, if something else is to be done there. */
  readonly jobConnector?: (site: Site) => SubjectLike<T>;
}

/** What `connect` does, and the deprecated operators that take a selector. */
export function connecting<T, O extends ObservableInput<unknown>>(
  options: Connecting<T, O>,
): CheckpointedOperator<T, ObservedValueOf<O>> {
  const { operator, selector, connector } = options;
  return coreOperator<T, ObservedValueOf<O>>({
    operator,
    outlivesConsumer: true,
    create(dest, site, sources) {
      if (site !== null) return new ConnectCore<T, ObservedValueOf<O>>(dest, site, sources, options);
      return { connect: () => connectOutside(dest, sources[0] as Observable<T>, selector, connector()) };
    },
  });
}

function connectOutside<T, R>(
  dest: Subscriber<R>,
  source: Observable<T>,
  selector: (shared: CheckpointedObservable<T>) => ObservableInput<unknown>,
  subject: SubjectLike<T>,
): null {
  const { observable } = new LiveSubject<undefined, T, SubjectLike<T>>(null, identity(0), subject);
  from(selector(observable) as ObservableInput<R>).subscribe(dest);
  dest.add(source.subscribe(new Feeding(subject)));
  return null;
}

/** Its Subject may have something for who comes after its end: so its handle stands for it as long as the operator is there. */
class Shared<T> extends LiveSubject<undefined, T, SubjectLike<T>> {
  constructor(site: Site, id: number, subject: SubjectLike<T>, upstream: () => Upstream | null) {
    super(site, identity(id), subject, upstream);
  }

  override ended(status: LiveStatus, error?: unknown): void {
    super.ended(status, error);
    if (status !== 'abandoned') this.site!.run.live.set(this.observable.id, this.observable);
  }
}

function identity(id: number): { operator: 'shared'; id: number; key: undefined } {
  return { operator: 'shared', id, key: undefined };
}

interface ConnectState<T> {
  /** Null until it is connected. */
  shared: Shared<T> | null;
}

interface ConnectSnapshot {
  /** Of the shared stream, job-wide. */
  readonly id: number;
  readonly status: LiveStatus;
  readonly error: unknown;
  readonly content: SubjectContent | null;
  readonly branches: readonly BranchSnapshot[];
  readonly result: InnersSnapshot<null>;
}

/** In jobs each subscription needs one of its own: what it holds is the state of that subscription. */
const used = new WeakSet<object>();

/** In a job: what `selector` gave is an inner, to which the shared stream is a live Observable. */
class ConnectCore<T, R> extends HigherOrderCore<null, R, ConnectState<T>> {
  s: ConnectState<T> = { shared: null };
  /** The source, which has not opened yet. */
  private unopened: Round | null = null;

  constructor(
    dest: Subscriber<R>,
    private readonly jobSite: Site,
    sources: readonly ObservableInput<unknown>[],
    private readonly options: Connecting<T, ObservableInput<unknown>>,
  ) {
    super(dest, jobSite, sources);
  }

  protected override begin(): void {
    const { run } = this.jobSite;
    this.share(run.serial++);
    if (run.connecting.isWithinTurn) {
      // Nothing is being restored: as RxJS does.
      this.subscribeInner(null, 0);
      super.subscribeInput(0);
      return;
    }
    this.subscribeInput(0);
    this.subscribeInner(null, 0);
    this.queueSource();
  }

  private share(id: number): Shared<T> {
    const { connector, jobConnector = connector } = this.options;
    const subject = jobConnector(this.jobSite);
    checkConnector(subject, this.name);
    if (used.has(subject)) throw new UnsupportedConnectorError(this.name, 'one-for-all');
    used.add(subject);
    const upstream = (): Upstream | null => this.inputs[0]?.upstream ?? null;
    const shared = new Shared<T>(this.jobSite, id, subject, upstream);
    this.s.shared = shared;
    return shared;
  }

  /** Connected before what `selector` gave, which may hold groups of it, and opened after that. */
  protected override subscribeInput(index: number): void {
    this.unopened = this.jobSite.run.connect(() => super.subscribeInput(index));
  }

  private queueSource(): void {
    this.jobSite.run.connecting.queue({ open: () => this.openSource(), readyPart: () => this.unopened });
  }

  private openSource(): void {
    const { unopened } = this;
    this.unopened = null;
    unopened?.openParts();
  }

  override onNext(value: T): void {
    this.s.shared!.next(value);
  }

  override onError(error: unknown): void {
    this.s.shared!.error(error);
  }

  override onComplete(): void {
    this.s.shared!.complete();
  }

  project(): ObservableInput<unknown> {
    const { selector } = this.options;
    try {
      return from(selector(this.s.shared!.observable));
    } catch (error) {
      // Not now, while the pipeline connects: its subscriber gets it when that opens.
      return new Observable((subscriber) => subscriber.error(error));
    }
  }

  onInnerComplete(): void {
    this.dest.complete();
  }

  protected override passOn(barrier: Barrier): void {
    super.passOn(barrier);
    this.s.shared?.barrier(barrier);
  }

  protected override onEnd(): void {
    super.onEnd();
    this.s.shared?.forsake();
  }

  protected captureState(capture: Capture): ConnectSnapshot {
    const { observable, subject } = this.s.shared!;
    return {
      id: observable.id,
      status: observable.status,
      error: capture.held(observable.error, 'error'),
      content: captureContent(subject, capture),
      branches: this.s.shared!.branchSnapshots(),
      result: this.captureInners(capture),
    };
  }

  protected override restoreStructure({ id, branches }: ConnectSnapshot): void {
    this.share(id).restore(branches);
  }

  protected restoreState({ status, error, content, result }: ConnectSnapshot, revival: Revival): void {
    const shared = this.s.shared!;
    if (content !== null) restoreContent(shared.subject, content, revival);
    if (status === 'completed') shared.complete();
    else if (status === 'errored') shared.error(revival.held(error));
    this.restoreInners(result);
    this.queueSource();
  }
}
