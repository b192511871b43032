import { DirectoryStorage } from '../../src/node/DirectoryStorage.js';
import type { CheckpointStorage } from '../../src/storage/CheckpointStorage.js';
import { LossyFileSystem } from '../../src/testing/LossyFileSystem.js';
import type { Random } from '../../src/testing/random.js';
import type { DiskUser, MountedDisk, SimulatedDisk } from './SimulatedDisk.js';

const DIRECTORY = '/jobs/state';

/** What `fileStorage` is, on files that a power failure takes back to what was synced. */
export class FilesDisk implements SimulatedDisk {
  private system: LossyFileSystem;
  /** Cannot be looked at from outside: damage is tried on the other disk. */
  readonly files: ReadonlyMap<string, Uint8Array> = new Map<string, Uint8Array>();

  constructor(random: Random) {
    const directories = random.chance(0.5) ? 'ordered' : 'any';
    this.system = new LossyFileSystem({ seed: random.below(2 ** 32), directories });
  }

  damage(): void {}

  mount(user: DiskUser, random: Random): MountedDisk {
    // A machine that loses its power, or a process that is killed on one that goes on.
    const powerFails = random.chance(0.5);
    const { system } = this;
    system.onCall = ({ operation, phase }) => {
      user.stir();
      user.step(`file ${operation}, ${phase}`);
    };
    return {
      storage: stealing(new DirectoryStorage(DIRECTORY, system)),
      isBusy: false,
      settleOne: () => {},
      steal: () => void new DirectoryStorage(DIRECTORY, system).lock({ steal: true }).catch(() => {}),
      changedSinceTheft: () => null, // cannot be looked at from outside; spec/node/fencing.spec.ts does
      crash: () => {
        if (!system.hasCrashed) this.system = powerFails ? system.crash() : system.kill();
      },
    };
  }
}

/** All lives are lived in one process of the platform, which is what the lock of a directory goes by: the one before is dead. */
function stealing(storage: DirectoryStorage): CheckpointStorage {
  return {
    description: storage.description,
    read: (name) => storage.read(name),
    write: (name, bytes) => storage.write(name, bytes),
    remove: (name) => storage.remove(name),
    list: () => storage.list(),
    lock: () => storage.lock({ steal: true }),
  };
}
