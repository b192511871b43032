import type { SubjectLike, Subscriber, Unsubscribable } from 'rxjs';

import type { Scope } from '../checkpoint/protocol/Scope.js';
import { LiveSubject } from './base/LiveSubject.js';
import type { BranchPlace } from './base/Branches.js';
import type { JobInnersOf } from './base/Inner.js';
import type { LiveInner } from './base/LiveInner.js';
import type { Site, Upstream } from './base/Site.js';

/** What feeds a group. */
interface GroupOwner {
  groupEntered(): void;
  groupLeft(): void;
  readonly groupUpstream: Upstream | null;
}

/** One group of a groupBy. Who uses it keeps the groupBy alive. */
export class Group<K, R> extends LiveSubject<K, R, SubjectLike<R> | null> implements Unsubscribable {
  readonly index: number;
  duration: Subscriber<unknown> | null = null;
  /** Where the duration lives: that it listens to the group is no use of it. */
  durationScope: Scope | null = null;

  constructor(
    private readonly owner: GroupOwner,
    site: Site | null,
    { id, index, key, subject }: { id: number; index: number; key: K; subject: SubjectLike<R> | null },
  ) {
    super(site, { operator: 'group', id, key }, subject);
    this.index = index;
  }

  get key(): K {
    return this.observable.key;
  }

  override get upstream(): Upstream | null {
    return this.owner.groupUpstream;
  }

  override connect(dest: Subscriber<R>, site: Site | null): Upstream | null {
    const isUse = site === null || (this.observable.status !== 'abandoned' && !this.isOfDuration(site.scope));
    if (!isUse) return super.connect(dest, site);
    this.owner.groupEntered();
    try {
      return super.connect(dest, site);
    } finally {
      dest.add(this);
    }
  }

  override createInner<I>(home: JobInnersOf<I>, index: number, value: I): LiveInner<I, R> | null {
    return this.isOfDuration(home.site.scope) ? null : super.createInner(home, index, value);
  }

  override joinAtOnce(dest: Subscriber<R>, place: BranchPlace): Upstream {
    this.owner.groupEntered();
    try {
      return super.joinAtOnce(dest, place);
    } finally {
      dest.add(this);
    }
  }

  /** A teardown of who uses it. */
  unsubscribe(): void {
    this.owner.groupLeft();
  }

  private isOfDuration(scope: Scope | null): boolean {
    return (
      scope !== null && this.durationScope !== null && (scope === this.durationScope || this.isOfDuration(scope.parent))
    );
  }
}
