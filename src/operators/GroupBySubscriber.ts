import type { ObservableInput, SubjectLike } from 'rxjs';
import { BehaviorSubject, from, Subscriber } from 'rxjs';

import type { Capture } from '../checkpoint/protocol/Capture.js';
import type { LiveStatus } from '../checkpoint/protocol/LiveHandle.js';
import type { Barrier, Participant } from '../checkpoint/protocol/Participant.js';
import type { Scope } from '../checkpoint/protocol/Scope.js';
import type { ParticipantSnapshot, Snapshot } from '../checkpoint/protocol/Snapshot.js';
import type { BranchSnapshot } from './base/Branches.js';
import { constructIn } from './base/construction.js';
import { checkPlainConnector } from './base/jobSubject.js';
import { KeyMap } from './base/KeyMap.js';
import { defaultSubject } from './base/LiveSubject.js';
import { innerNode } from './base/plainNode.js';
import type { Outlet } from './base/Outlet.js';
import { ForeignOutlet } from './base/Outlet.js';
import type { Consumer, Site, Upstream } from './base/Site.js';
import { Group } from './Group.js';
import type { GroupedObservable } from './GroupedObservable.js';

export interface GroupByOptions<T, K, R> {
  readonly key: (value: T) => K;
  readonly element?: ((value: T) => R) | undefined;
  readonly duration?: ((grouped: GroupedObservable<K, R>) => ObservableInput<unknown>) | undefined;
  readonly connector?: (() => SubjectLike<R>) | undefined;
}

interface GroupSnapshot {
  /** Job-wide. */
  readonly id: number;
  /** Of the group among those of its owner: names its duration. */
  readonly index: number;
  readonly key: unknown;
  readonly hasDuration: boolean;
  /** Of a BehaviorSubject, in an array of one; else null. */
  readonly value: readonly unknown[] | null;
  readonly branches: readonly BranchSnapshot[];
}

interface GroupByState {
  /** How many groups there have been. */
  readonly count: number;
  /** By age. */
  readonly groups: readonly GroupSnapshot[];
}

/** Lives as long as anybody uses one of its groups, even when its consumer has left. */
export class GroupBySubscriber<T, K, R> extends Subscriber<T> implements Consumer<T>, Participant {
  seat = -1;
  private readonly dest: Consumer<GroupedObservable<K, R>>;
  private readonly groups = new KeyMap<K, Group<K, R>>();
  private count = 0;
  /** For the next group. */
  private made: SubjectLike<R> | null = null;
  private activeGroups = 0;
  private isLeft = false;
  private lastBarrier = 0;
  private upstream: Upstream | null = null;
  // Of the options, which may be of any shape: asked for at each value.
  private readonly keyOf: (value: T) => K;
  private readonly element: ((value: T) => R) | undefined;

  constructor(
    dest: Subscriber<GroupedObservable<K, R>>,
    private readonly site: Site | null,
    private readonly options: GroupByOptions<T, K, R>,
  ) {
    super();
    this.dest = dest as Consumer<GroupedObservable<K, R>>;
    this.keyOf = options.key;
    this.element = options.element;
    // Restored for the sake of its groups: then there is no consumer.
    if (dest.closed && site !== null) this.isLeft = true;
    else dest.add(this);
  }

  get outlet(): Outlet<T> {
    // Called as a method of the outlet.
    // eslint-disable-next-line @typescript-eslint/unbound-method
    return new ForeignOutlet<T, GroupBySubscriber<T, K, R>>(this, GroupBySubscriber.handIn);
  }

  /** What `next` does, one call nearer. */
  private static handIn<T, K, R>(this: ForeignOutlet<T, GroupBySubscriber<T, K, R>>, value: T): void {
    const { dest } = this;
    if (dest.isStopped) dest.next(value);
    else dest.sort(value);
  }

  override next(value: T): void {
    if (this.isStopped) super.next(value);
    else this.sort(value);
  }

  private sort(value: T): void {
    const { keyOf, element } = this;
    try {
      const key = keyOf(value);
      const group = this.groups.get(key) ?? this.begin(key);
      group.next(element === undefined ? (value as unknown as R) : element(value));
    } catch (error) {
      this.failAll(error);
    }
  }

  protected override _error(error: unknown): void {
    try {
      this.failAll(error);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    try {
      for (const group of this.groups.values()) this.endGroup(group, 'completed');
      this.dest.complete();
    } catch (error) {
      this.dest.error(error);
    } finally {
      this.unsubscribe();
    }
  }

  /** Groups that are in use keep it alive. */
  override unsubscribe(): void {
    this.isLeft = true;
    if (this.activeGroups > 0 || this.closed) return;
    super.unsubscribe();
    for (const group of this.groups.values()) group.ended('abandoned');
    this.groups.clear();
    this.site?.run.unregister(this);
  }

  stop(): void {
    this.activeGroups = 0;
    this.unsubscribe();
  }

  groupEntered(): void {
    this.activeGroups++;
  }

  groupLeft(): void {
    if (--this.activeGroups === 0 && this.isLeft) this.unsubscribe();
  }

  /** What a branch of a group can pause. */
  get groupUpstream(): Upstream | null {
    return this.upstream;
  }

  private failAll(error: unknown): void {
    try {
      for (const group of this.groups.values()) this.endGroup(group, 'errored', error);
      this.dest.error(error);
    } catch (thrown) {
      this.dest.error(thrown);
    }
  }

  private endGroup(group: Group<K, R>, status: LiveStatus, error?: unknown): void {
    if (status === 'completed') group.complete();
    else group.error(error);
  }

  private begin(key: K): Group<K, R> {
    const id = this.site === null ? 0 : this.site.run.serial++;
    const group = this.addGroup(id, this.count++, key);
    this.dest.next(group.observable);
    const { duration } = this.options;
    if (duration !== undefined) this.startDuration(group, duration);
    return group;
  }

  private addGroup(id: number, index: number, key: K): Group<K, R> {
    const subject = this.made ?? this.makeSubject();
    this.made = null;
    const group = new Group<K, R>(this, this.site, { id, index, key, subject });
    this.groups.set(key, group);
    return group;
  }

  private makeSubject(): SubjectLike<R> | null {
    const { connector } = this.options;
    if (connector === undefined) return defaultSubject<R>();
    const subject = connector();
    if (this.site !== null) checkPlainConnector(subject, this.name);
    return subject;
  }

  private startDuration(
    group: Group<K, R>,
    duration: (grouped: GroupedObservable<K, R>) => ObservableInput<unknown>,
  ): void {
    const { site } = this;
    const grouped = group.observable as unknown as GroupedObservable<K, R>;
    const onEnd = (): void => {
      if (this.groups.get(group.key) === group) this.groups.delete(group.key);
    };
    const subscriber = new DurationSubscriber(this, (status, error) => this.endGroup(group, status, error), onEnd);
    group.duration = subscriber;
    if (site === null) {
      this.add(from(duration(grouped)).subscribe(subscriber));
      return;
    }
    const scope = site.scope.inner(site, group.index);
    group.durationScope = scope;
    const node = innerNode(constructIn(scope, () => duration(grouped)));
    this.add(subscriber);
    site.run.join(() => void site.connectInner(node, scope, subscriber));
  }

  // In a job

  connect(site: Site): Upstream | null {
    // What cannot be restored is refused before anything flows, and not by the first group.
    if (this.options.connector !== undefined) this.made = this.makeSubject();
    const snapshot = site.register(this);
    this.upstream = site.connectInput(0, this);
    if (snapshot !== undefined) this.restore(snapshot);
    return this.upstream;
  }

  get name(): string {
    return this.site!.name;
  }

  get scope(): Scope {
    return this.site!.scope;
  }

  isRoot(): boolean {
    return this.isStopped;
  }

  barrier(barrier: Barrier): void {
    if (this.lastBarrier === barrier.id) return;
    this.lastBarrier = barrier.id;
    barrier.acknowledge(this);
    if (!this.dest.closed) this.dest.barrier(barrier);
    for (const group of this.groups.values()) group.barrier(barrier);
  }

  snapshotState(capture: Capture): ParticipantSnapshot {
    const groups = [...this.groups.values()].map((group): GroupSnapshot => {
      const { subject, index, key } = group;
      return Object.freeze({
        id: group.observable.id,
        index,
        key: capture.held(key, `groups[${index}].key`),
        hasDuration: group.duration !== null && !group.duration.closed,
        value:
          subject instanceof BehaviorSubject
            ? Object.freeze([capture.held<unknown>(subject.value, `groups[${index}].value`)])
            : null,
        branches: group.branchSnapshots(),
      });
    });
    const state: GroupByState = { count: this.count, groups: Object.freeze(groups) };
    return { state: Object.freeze(state) };
  }

  private restore(snapshot: Snapshot): void {
    const { revival } = this.site!.run;
    const { count, groups } = snapshot.state as GroupByState;
    const { duration } = this.options;
    this.count = count;
    for (const { id, index, key, hasDuration, value, branches } of groups) {
      const group = this.addGroup(id, index, revival.held(key) as K);
      group.restore(branches);
      if (value !== null) group.subject?.next(revival.held(value[0]) as R);
      if (hasDuration && duration !== undefined) this.startDuration(group, duration);
    }
  }
}

/** Ends the group at its first notification. */
class DurationSubscriber extends Subscriber<unknown> implements Consumer<unknown> {
  constructor(
    private readonly owner: { barrier(barrier: Barrier): void },
    private readonly endGroup: (status: LiveStatus, error?: unknown) => void,
    onEnd: () => void,
  ) {
    super();
    this.add(onEnd);
  }

  barrier(barrier: Barrier): void {
    this.owner.barrier(barrier);
  }

  protected override _next(): void {
    try {
      this.endGroup('completed');
      this.unsubscribe();
    } catch {
      // In RxJS it goes to the group, which has ended.
    }
  }

  protected override _error(error: unknown): void {
    try {
      this.endGroup('errored', error);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    try {
      this.endGroup('completed');
    } finally {
      this.unsubscribe();
    }
  }
}
