import { invariant } from '../../errors/invariant.js';
import type { Pack } from './buildPack.js';
import { finish } from './finish.js';
import { openPack, readChunkInSteps } from './openPack.js';

/** Reads a pack back from the very bytes that are about to be written: what is damaged now must not become a checkpoint. */
export function verifyPack(pack: Pack): void {
  finish(verifyPackInSteps(pack));
}

/** As `verifyPack`; may be interrupted wherever it yields. */
export function* verifyPackInSteps({ bytes, manifest }: Pack): Generator<void, void, void> {
  const opened = openPack(bytes);
  invariant(
    opened.type === 'intact',
    `checkpoint ${manifest.id} ${opened.type === 'damaged' ? opened.problem : 'is newer'}`,
  );
  for (const [name, reference] of opened.manifest.entries) {
    if (reference.pack !== manifest.id) continue;
    const chunk = yield* readChunkInSteps(bytes, reference);
    // A message that names the chunk's bytes would cost more than all the rest.
    if (typeof chunk === 'string') invariant(false, `the encoded snapshot of '${name}' ${chunk}`);
  }
}
