import type { Subscriber } from 'rxjs';

import type { MapState } from '../../checkpoint/protocol/Upgrade.js';
import type { Definition, Node, Site, Upstream } from './Site.js';

/** Of sources. */
export const NO_INPUTS: readonly Node[] = [];

/** A definition of the kinds that projections make by the million: one shape for all of them. */
export class NodeDefinition<T> implements Definition<T> {
  constructor(
    readonly operator: string,
    readonly isStateful: boolean,
    readonly inputs: readonly Node[],
    readonly connect: (dest: Subscriber<T>, site: Site | null) => Upstream | null,
    readonly endsAtOnce: boolean,
    readonly outlivesConsumer = false,
    readonly items: ArrayLike<unknown> | null = null,
    readonly mapState: MapState | null = null,
  ) {}
}
