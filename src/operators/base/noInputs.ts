import type { Node } from './Site.js';

/** Of sources. */
export const NO_INPUTS: readonly Node[] = [];
