import { checkpointIdOf } from '../../src/checkpoint/store/checkpointName.js';
import { packsOf } from '../../src/checkpoint/store/Manifest.js';
import { openPack } from '../../src/checkpoint/store/openPack.js';
import { Violation } from './Violation.js';

/**
 * Looks for what is there for nothing, from the bytes alone: checkpoints before the oldest that is retained, which no
 * younger one refers to.
 *
 * @throws Violation
 */
export function checkCleaned(files: ReadonlyMap<string, Uint8Array>, oldest: number): void {
  const needed = new Set<number>();
  for (const [name, bytes] of files) {
    if ((checkpointIdOf(name) ?? -1) < oldest) continue;
    const pack = openPack(bytes);
    if (pack.type === 'intact') for (const id of packsOf(pack.manifest)) needed.add(id);
  }
  for (const name of files.keys()) {
    const id = checkpointIdOf(name);
    if (id !== undefined && id < oldest && !needed.has(id))
      throw new Violation(`${name} is still there, although checkpoint ${oldest} is the oldest that is retained`);
  }
}
