import type { ObservableNotification } from 'rxjs';

import type { ErrorType } from '../../src/checkpoint/protocol/StoredError.js';
import { builtInErrorTypes } from '../../src/checkpoint/protocol/StoredError.js';
import { rxjsErrorTypes } from '../../src/checkpoint/rxjsErrorTypes.js';
import type { Life as TestingLife, LifeOptions as TestingOptions } from '../../src/testing/liveInVirtualTime.js';
import * as testing from '../../src/testing/liveInVirtualTime.js';
import { ThrownByInput } from './InputSpec.js';

export type { Cut } from '../../src/testing/CutJob.js';

export const errorTypes: readonly ErrorType[] = [
  ...builtInErrorTypes,
  ...rxjsErrorTypes,
  {
    name: 'ThrownByInput',
    is: (error) => error instanceof ThrownByInput,
    create: (message) => new ThrownByInput(message),
  },
];

/** Its outputs are lines, each with its frame. */
export type Life = TestingLife<string>;

export interface LifeOptions extends Omit<TestingOptions<string>, 'record' | 'errorTypes'> {
  /** How the output is written down; may do to the values whatever users do. */
  readonly write: (value: unknown) => string;
}

/** Runs a pipeline as part of a job in virtual time, with a checkpoint between all turns. */
export function liveInVirtualTime({ write, ...options }: LifeOptions): Life {
  const record = (frame: number, notification: ObservableNotification<unknown>): string => {
    if (notification.kind === 'N') return `${frame} next ${write(notification.value)}`;
    return notification.kind === 'E' ? `${frame} error ${String(notification.error)}` : `${frame} complete`;
  };
  return testing.liveInVirtualTime({ ...options, errorTypes, record });
}
