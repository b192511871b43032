import { checkNames, checkOption } from '../errors/invalidOption.js';
import type { FaultRule, StorageFaults } from './StorageFaults.js';

const rules = ['tornWrite', 'lostWrite', 'lostRemove', 'failedButDone', 'staleName', 'lateName', 'bitFlip'] as const;
const calls = ['slow', 'hang', 'outage'] as const;

/** After these, what was promised to be stored is not there, is not what it was, or nobody ever hears of it. */
const lies = ['lostWrite', 'lostRemove', 'lateName', 'bitFlip', 'hang'] as const;

/** @throws TypeError, RangeError */
export function checkFaults(faults: StorageFaults): void {
  checkNames('faults', faults, [...rules, ...calls, 'outageCalls', 'capacityBytes']);
  for (const name of [...rules, ...calls]) {
    const rule: FaultRule | undefined = faults[name];
    const isRight =
      rule === undefined || typeof rule === 'function' || (typeof rule === 'number' && rule >= 0 && rule <= 1);
    checkOption(`faults.${name}`, rule, isRight, 'a probability from 0 to 1, or a function of the call');
  }
  const { outageCalls = 3, capacityBytes = 0 } = faults;
  const isCount = Number.isInteger(outageCalls) && outageCalls > 0;
  checkOption('faults.outageCalls', outageCalls, isCount, 'a whole number from 1 on');
  const isSize = typeof capacityBytes === 'number' && capacityBytes >= 0;
  checkOption('faults.capacityBytes', capacityBytes, isSize, 'a number from 0 on');
}

/** The faults by which a storage breaks its contract, so that a job on it may rightly not recover. */
export function liesOf(faults: StorageFaults): string[] {
  return lies.filter((name) => typeof faults[name] === 'function' || (faults[name] ?? 0) !== 0);
}
