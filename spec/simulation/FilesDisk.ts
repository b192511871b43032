import { DirectoryStorage } from '../../src/node/DirectoryStorage.js';
import type { PosixFiles } from '../../src/io/PosixFiles.js';
import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';
import type { FileCall } from '../../src/testing/LossyFileSystem.js';
import { LossyFileSystem } from '../../src/testing/LossyFileSystem.js';
import type { Random } from '../../src/testing/random.js';
import type { DiskUser, MountedDisk, MountOptions, SimulatedDisk } from './SimulatedDisk.js';
import { withLock } from './withLock.js';

const DIRECTORY = '/jobs/state';

/** What `fileStorage` is, on files that a power failure takes back to what was synced. */
export class FilesDisk implements SimulatedDisk {
  private system: LossyFileSystem;
  /** Cannot be looked at from outside: damage is tried on the other disks. */
  readonly files: ReadonlyMap<string, Uint8Array> = new Map<string, Uint8Array>();
  /** A file that has its name already is complete, whatever its writer is still to hear. */
  readonly fencesAtOnce = false;

  constructor(random: Random) {
    const directories = random.chance(0.5) ? 'ordered' : 'any';
    this.system = new LossyFileSystem({ seed: random.below(2 ** 32), directories });
  }

  damage(): void {}

  crash(): void {
    this.system = this.system.crash();
  }

  mount(user: DiskUser, { random, isShared }: MountOptions): MountedDisk {
    const system = this.system.reopen();
    const waiting: (() => void)[] = [];
    const called = ({ operation, phase, path }: FileCall): void => {
      user.stir();
      // A candidate for the lock gets its name.
      if (operation === 'rename' && phase === 'after' && path.startsWith(`${DIRECTORY}/.lock-`)) user.claimed();
      user.step(`file ${operation}, ${phase}`);
    };
    system.onCall = called;
    // Two processes take turns at every call of the system.
    const files = isShared ? gated(system, () => new Promise<void>((resolve) => waiting.push(resolve))) : system;
    const storage = stealing(new DirectoryStorage(DIRECTORY, files));
    return new MountedFiles(storage, system, waiting, random);
  }
}

class MountedFiles implements MountedDisk {
  constructor(
    readonly storage: CheckpointStorage,
    private readonly system: LossyFileSystem,
    private readonly waiting: (() => void)[],
    private readonly random: Random,
  ) {}

  get isBusy(): boolean {
    return this.waiting.length > 0;
  }

  use(): void {}

  settleOne(): void {
    const { random, waiting } = this;
    waiting.splice(random.chance(0.8) ? 0 : random.below(waiting.length), 1)[0]!();
  }

  kill(): void {
    this.system.kill();
  }
}

/** Each call waits until it is let in, those of open files too. */
function gated<F extends object>(files: F, enter: () => Promise<void>): F {
  return new Proxy(files, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        await enter();
        const result: unknown = await member.apply(target, args);
        return isOpenFile(result) ? gated(result, enter) : result;
      };
    },
  });
}

function isOpenFile(result: unknown): result is Awaited<ReturnType<PosixFiles['open']>> {
  return typeof result === 'object' && result !== null && 'writeFile' in result;
}

/** All lives are lived in one process of the platform, which is what the lock of a directory goes by: whoever starts takes it. */
function stealing(storage: DirectoryStorage): CheckpointStorage {
  return withLock(storage, () => storage.lock({ steal: true }));
}
