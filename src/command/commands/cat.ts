import { readSnapshot } from 'rxjs-checkpoint/inspect';

import { directoryToRead } from '../directory.js';
import type { Output } from '../Output.js';
import { writeJson } from '../writeJson.js';

export async function cat(output: Output, path: string, id: string, uid: string): Promise<void> {
  await writeJson(output, await readSnapshot(await directoryToRead(path), id, uid));
}
