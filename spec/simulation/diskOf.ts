import type { Random } from '../../src/testing/random.js';
import { FilesDisk } from './FilesDisk.js';
import { LocalForageDisk } from './LocalForageDisk.js';
import type { SimulatedDisk } from './SimulatedDisk.js';
import { MemoryDisk } from './SimulatedDisk.js';

/** In memory, where the claim is asked for as it is written or before and after that; files; or localforage, in browsers with Web Locks and without. */
export const diskKinds = ['memory', 'asked', 'files', 'localforage', 'localforage without Web Locks'] as const;
export type DiskKind = (typeof diskKinds)[number];

/** Of so many worlds: on files each call of the system is a step. */
export const disks: readonly DiskKind[] = [
  ...Array.from({ length: 10 }, () => 'memory' as const),
  ...(['asked', 'asked', 'files', 'files', 'localforage', 'localforage without Web Locks'] as const),
];

export function diskOf(disk: DiskKind, random: Random): SimulatedDisk {
  if (disk === 'files') return new FilesDisk(random);
  if (disk === 'memory' || disk === 'asked') return new MemoryDisk(random, disk === 'memory');
  return new LocalForageDisk(disk === 'localforage');
}
