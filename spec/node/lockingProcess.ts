import type { DirectoryLock } from '../../src/node/lockDirectory.js';
import { lockDirectory } from '../../src/node/lockDirectory.js';

/** A process that takes and releases locks as its parent tells it. */
let lock: DirectoryLock | undefined;

process.on('message', (command: { take?: string; release?: boolean }) => {
  void answer(command).then((text) => process.send!(text));
});

async function answer(command: { take?: string; release?: boolean }): Promise<string> {
  try {
    if (command.take !== undefined) lock = await lockDirectory(command.take, 'a storage');
    if (command.release) await lock!.release();
    return command.release ? 'released' : 'taken';
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
}
