import { checkpointIdOf, checkpointName } from '../../src/checkpoint/store/checkpointName.js';
import { packsOf } from '../../src/checkpoint/store/Manifest.js';
import { openPack } from '../../src/checkpoint/store/openPack.js';
import { Violation } from './Violation.js';

export interface Kept {
  /** Of the checkpoints that are retained. */
  readonly oldest: number;
  /** The ids of checkpoints that are somebody else's. */
  readonly foreign: ReadonlySet<number>;
  /** Those, and others of which nobody was told. */
  readonly mayBeForeign: ReadonlySet<number>;
}

/**
 * Looks for what is there for nothing, from the bytes alone: checkpoints before the oldest that is retained, which no
 * younger one refers to, nor one that is somebody else's. Those have to be there, with all that they refer to.
 *
 * @throws Violation
 */
export function checkCleaned(files: ReadonlyMap<string, Uint8Array>, { oldest, foreign, mayBeForeign }: Kept): void {
  const needed = new Set<number>();
  for (const name of files.keys()) {
    const id = checkpointIdOf(name) ?? -1;
    if (id >= oldest || mayBeForeign.has(id)) for (const pack of packsIn(files, id)) needed.add(pack);
  }
  for (const name of files.keys()) {
    const id = checkpointIdOf(name);
    if (id !== undefined && id < oldest && !needed.has(id))
      throw new Violation(`${name} is still there, although checkpoint ${oldest} is the oldest that is retained`);
  }
  for (const id of foreign)
    for (const pack of packsIn(files, id)) {
      if (files.has(checkpointName(pack))) continue;
      throw new Violation(`checkpoint ${pack} is gone, which checkpoint ${id} needs, and that is somebody else's`);
    }
}

/** The packs that a checkpoint refers to, its own among them, whatever is the matter with it. */
function packsIn(files: ReadonlyMap<string, Uint8Array>, id: number): Set<number> {
  const bytes = files.get(checkpointName(id));
  const pack = bytes && openPack(bytes);
  return pack?.type === 'intact' ? packsOf(pack.manifest) : new Set([id]);
}
