import type { CheckpointPolicyOptions } from '../../src/checkpoint/CheckpointPolicies.js';
import type { Random } from '../../src/testing/random.js';
import { ThrownByInput } from '../support/InputSpec.js';
import type { Coverage } from './Coverage.js';
import type { Deployments } from './Deployments.js';
import type { From, Ledger } from './Ledger.js';
import type { Plot } from './Plot.js';
import type { Program } from './Program.js';
import type { DiskFaults, SimulatedDisk } from './SimulatedDisk.js';
import type { World } from './World.js';

export interface LifeOptions {
  /** For messages. */
  readonly name: string;
  readonly world: World;
  readonly policies: CheckpointPolicyOptions;
  /** By the names of the pipelines. */
  readonly plots: ReadonlyMap<string, Plot>;
  /** Which version of the program it runs. */
  readonly program: Program;
  readonly isNewProgram: boolean;
  readonly deployments: Deployments;
  /** When all is over. */
  readonly lastFrame: number;
  readonly disk: SimulatedDisk;
  /** What it is told to begin with. */
  readonly from: From | undefined;
  /** Whether a savepoint that it begins with is to be the job's. */
  readonly claims: boolean;
  /** Whether it takes the storage from whoever has it. */
  readonly isThief: boolean;
  readonly faults: DiskFaults;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly coverage: Coverage;
  /** Ascends through all lives. */
  readonly moments: { last: number };
  /** At which step it is killed; counted from its start, or, late, from when its pipelines are connected. */
  readonly killedAt: number;
  readonly diesAs: 'early' | 'late' | 'over';
  /** Whether it is left in peace: nobody asks it for anything. */
  readonly isSpared: boolean;
  /** Hears of everything, when a failure is told. */
  readonly trace?: ((line: string) => void) | undefined;
  /** Somebody else comes to take the storage. @returns whether there is room for one more. */
  readonly onTheft: () => boolean;
  /** All other processes die too. */
  readonly onPowerFailure: () => void;
}

/** How a life ended: killed, with nothing left to wait for (or an error), or because it refused to begin with what it found. */
export type Death = 'killed' | 'ended' | 'refused' | 'stopped';

export function policiesOf({ policies: { isSliced, ...policies } }: World): CheckpointPolicyOptions {
  return isSliced ? { ...policies, sliceMs: 0 } : policies;
}

export const thrownByInput = {
  name: 'ThrownByInput',
  is: (error: unknown) => error instanceof ThrownByInput,
  create: (message: string) => new ThrownByInput(message),
};
