import type { Subscriber } from 'rxjs';

import type { Region } from '../../checkpoint/protocol/Region.js';
import type { BranchPlace } from './Branches.js';
import type { JobInnersOf } from './Inner.js';
import { LateInner } from './LateInner.js';
import type { Site, Upstream } from './Site.js';

/** A live Observable that an inner listens to. */
export interface LiveSource<T> {
  joinAtOnce(dest: Subscriber<T>, place: BranchPlace): Upstream;
}

/** A late inner that listens to a group or a window. Its barriers come from there, so no source takes part. */
export class LiveInner<T, V> extends LateInner<T, V> implements BranchPlace {
  private source: Site | null = null;

  constructor(
    home: JobInnersOf<T>,
    index: number,
    value: T,
    private readonly live: LiveSource<V>,
  ) {
    super(home, index, value);
  }

  get region(): Region {
    return this.site.scope.region;
  }

  get sourceSite(): Site {
    this.enlist();
    return this.source!;
  }

  protected start(): void {
    this.upstream = this.live.joinAtOnce(this.into, this);
  }

  protected enlistSource(place: Site): void {
    this.source = place;
  }
}
