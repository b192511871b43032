import type { Subscriber } from 'rxjs';

import type { MapState } from '../../checkpoint/protocol/Upgrade.js';
import type { Definition, Node, SharedKey, Site, UidUpgrade, Upstream } from './Site.js';

/** A definition under a uid. In inner pipelines there may be one for each value, so it is no copy. */
export class NamedDefinition<T> implements Definition<T> {
  constructor(
    private readonly unnamed: Definition<T>,
    readonly uid: string,
    readonly upgrade: UidUpgrade | undefined,
  ) {}

  get operator(): string {
    return this.unnamed.operator;
  }

  get inputs(): readonly Node[] {
    return this.unnamed.inputs;
  }

  get isStateful(): boolean {
    return this.unnamed.isStateful;
  }

  get mapState(): MapState | null {
    return this.unnamed.mapState ?? null;
  }

  get shared(): SharedKey | undefined {
    return this.unnamed.shared;
  }

  get endsAtOnce(): boolean {
    return this.unnamed.endsAtOnce === true;
  }

  get isJoined(): boolean {
    return this.unnamed.isJoined === true;
  }

  get throwsOut(): boolean {
    return this.unnamed.throwsOut === true;
  }

  get items(): ArrayLike<unknown> | null {
    return this.unnamed.items ?? null;
  }

  get outlivesConsumer(): boolean {
    return this.unnamed.outlivesConsumer === true;
  }

  enterJob(): void {
    this.unnamed.enterJob?.();
  }

  connect(dest: Subscriber<T>, site: Site | null): Upstream | null {
    return this.unnamed.connect(dest, site);
  }
}
