import { loadRareParts } from './loadRareParts.js';
import type { Journal, JournalKeeper, JournalPart } from './protocol/Journal.js';
import type { Scope } from './protocol/Scope.js';
import type {
  JournalCut,
  JournalFacts,
  JournalPositions,
  Journals,
  JournalsOptions,
  JournalStart,
  JournalUsers,
  WayBack,
} from './store/Journals.js';

const NO_POSITIONS: JournalPositions = new Map();

/**
 * The journals of a job that may have none. What keeps them comes with the first source that needs one, or is loaded when
 * the storage has some, be the source in the program or not.
 */
export class JobJournals implements JournalKeeper {
  private journals: Journals | null = null;
  /** What the job began with, and went on to, without journals. */
  private start: JournalStart = { id: 0, positions: NO_POSITIONS, origin: undefined, generation: 0 };

  constructor(private readonly options: JournalsOptions) {}

  /**
   * Reads what is there.
   *
   * @param names - all in the storage.
   * @param checkpoints - what each checkpoint says that was found intact.
   * @param start - what the job begins with.
   * @throws PartNotLoadedError, DamagedJournalError, StorageError
   */
  async load(
    names: readonly string[],
    checkpoints: ReadonlyMap<number, JournalFacts>,
    start: JournalStart,
  ): Promise<void> {
    const hasPositions = [start, ...checkpoints.values()].some(({ positions }) => positions.size > 0);
    const isNeeded = hasPositions || start.carried !== undefined || names.some((name) => name.startsWith('journal-'));
    if (isNeeded) await (await this.loaded()).load(names, checkpoints, start);
    else this.start = start;
  }

  /** @see Journals.startBack */
  async startBack(names: readonly string[], back: WayBack): ReturnType<Journals['startBack']> {
    return (await this.loaded()).startBack(names, back);
  }

  private async loaded(): Promise<Journals> {
    return (this.journals ??= this.create((await loadRareParts('journals')).Journals));
  }

  private create(part: typeof Journals): Journals {
    return new part(this.options);
  }

  open(part: JournalPart, name: string, scope: Scope, was?: string): Journal {
    if (this.journals === null) {
      this.journals = this.create(part as typeof Journals);
      this.journals.begin(new Map(), this.start);
    }
    return this.journals.open(name, scope, was);
  }

  /** @see Journals.isOutdated */
  isOutdated(users: JournalUsers): boolean {
    return this.journals?.isOutdated(users) ?? false;
  }

  /** @see Journals.reload */
  async reload(users: JournalUsers): Promise<void> {
    await this.journals?.reload(users);
  }

  /** Where they stood in the newest completed checkpoint. */
  get newestPositions(): JournalPositions {
    return this.journals?.newestPositions ?? NO_POSITIONS;
  }

  /** @see Journals.cut */
  cut(users: JournalUsers): JournalCut {
    const { generation } = this.start;
    return this.journals?.cut(users) ?? { positions: NO_POSITIONS, absent: [], over: [], generation };
  }

  /** @see Journals.prepared */
  prepared(id: number, positions: JournalPositions, over: JournalCut['over']): void {
    this.journals?.prepared(id, positions, over);
  }

  /** @see Journals.failed */
  failed(id: number): void {
    this.journals?.failed(id);
  }

  /** @see Journals.completed */
  completed(id: number, retained: readonly number[], hasForeign: boolean): void {
    if (this.journals === null) this.start = { ...this.start, id };
    else this.journals.completed(id, retained, hasForeign);
  }

  /** Resolves when nothing is being written or removed. */
  async idle(): Promise<void> {
    await this.journals?.idle();
  }
}
