import { freezeState } from '../../checkpoint/protocol/freezeState.js';
import { UnstorableValueError } from '../../errors/UnstorableValueError.js';
import type { Site } from './Site.js';

/** Freezes a seed in a job, so that an accumulator that mutates fails on its first value and not after a checkpoint. */
export function freezeSeed(seed: unknown, site: Site | null): void {
  if (site === null) return;
  try {
    freezeState(seed, 'seed');
  } catch (error) {
    throw error instanceof UnstorableValueError ? error.of(site.name) : error;
  }
}
