import type { DecodeAscii, FileHandle, FileSystem } from '../../src/io/FileSystem.js';
import type { Random } from '../../src/testing/random.js';
import { never } from '../../src/testing/untilCrash.js';
import type { FileVersions } from './FileVersions.js';
import type { Living } from './Plot.js';
import { Violation } from './Violation.js';

export interface SimulatedFilesOptions {
  readonly file: FileVersions;
  readonly random: Random;
  readonly life: Living;
  readonly isFaulty: boolean;
  readonly decodeAscii: DecodeAscii | undefined;
}

/** How often a call fails, and how often it is never answered. Few files are read to their ends. */
const chances = {
  open: { fails: 0.03, hangs: 0.01 },
  read: { fails: 0.08, hangs: 0.01 },
  close: { fails: 0.8, hangs: 0.1 },
};

const stuck = new WeakSet<Living>();

/** Whether one of its files waits for an answer that never comes: what starts together waits for all of them. */
export function isStuck(life: Living): boolean {
  return stuck.has(life);
}

/** The files as a source of one life has them: each call takes its time, and reads what it likes of what it is asked for. */
export class SimulatedFiles implements FileSystem {
  readonly decodeAscii?: DecodeAscii;
  /** The version of which it was told the end. */
  endedAt: number | null = null;
  /** Whether it was told that a call has failed. */
  hasFailed = false;
  /** How many files are open that nobody has begun to close. */
  openFiles = 0;

  constructor(private readonly options: SimulatedFilesOptions) {
    if (options.decodeAscii !== undefined) this.decodeAscii = options.decodeAscii;
  }

  open(path: string): Promise<FileHandle | undefined> {
    const { file } = this.options;
    return this.call('open', () => {
      if (path !== file.path) throw new Violation(`'${path}' was opened in place of '${file.path}'`);
      if (file.bytes === null) return undefined;
      this.openFiles++;
      return this.handle();
    });
  }

  private handle(): FileHandle {
    const { file, random, life } = this.options;
    let isOpen = true;
    let reads = 0;
    const check = (holds: boolean, what: string): void =>
      life.checked(() => {
        if (!holds) throw new Violation(`'${file.path}' was ${what}`);
      });
    const read = (buffer: Uint8Array, offset: number, length: number, position: number): number => {
      if (file.mayGrow()) life.step('source that grows');
      const bytes = file.bytes!.subarray(position, position + length);
      const some = bytes.length > 1 && random.chance(0.3) ? bytes.subarray(0, 1 + random.below(bytes.length)) : bytes;
      buffer.set(some, offset);
      if (some.length === 0) this.endedAt = file.current;
      return some.length;
    };
    return {
      read: async (buffer, offset, length, position) => {
        check(isOpen, 'read after it was closed');
        reads++;
        try {
          return await this.call('read', () => read(buffer, offset, length, position));
        } finally {
          reads--;
        }
      },
      size: () => this.call('read', () => file.bytes!.length),
      close: () => {
        check(isOpen, 'closed twice');
        check(reads === 0, 'closed while it was being read');
        isOpen = false;
        this.openFiles--;
        return this.call('close', () => undefined);
      },
    };
  }

  private call<R>(operation: keyof typeof chances, work: () => R): Promise<R> {
    const { life, random } = this.options;
    life.step(`source ${operation}, before`);
    if (life.isDead) return never();
    return new Promise((resolve, reject) => {
      const happen = (): void => {
        life.stir();
        if (this.isRefused(operation, reject)) return;
        const result = work();
        life.step(`source ${operation}, after`);
        if (!life.isDead) resolve(result);
      };
      if (random.chance(0.5)) setTimeout(happen, random.below(3));
      else happen();
    });
  }

  private isRefused(operation: keyof typeof chances, reject: (error: Error) => void): boolean {
    const { life, random, isFaulty } = this.options;
    if (!isFaulty) return false;
    if (random.chance(chances[operation].hangs)) {
      life.fault(`source ${operation} hangs`);
      // Nobody waits for a close.
      if (operation !== 'close') stuck.add(life);
      return true;
    }
    if (!random.chance(chances[operation].fails)) return false;
    life.fault(`source ${operation} fails`);
    this.hasFailed = true;
    reject(new Error(`EIO: ${operation}`));
    return true;
  }
}
