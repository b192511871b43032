/**
 * The journals of a job, at rest. Invariants:
 * - No name is ever written twice: each opening of a journal has a generation of its own.
 * - A segment is removed only when no retained checkpoint needs it: neither one that stands before its last entry, nor
 *   one that does not know of the journal because it is older than the segment.
 * - Entries are handed on without a gap, or not at all.
 */
import type { CheckpointDamage } from '../../errors/DamagedCheckpointError.js';
import { DamagedJournalError } from '../../errors/DamagedJournalError.js';
import { NewerFormatError } from '../../errors/NewerFormatError.js';
import { attempt } from '../../storage/attempt.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import type { Journal, JournalKeeper } from '../protocol/Journal.js';
import type { Scope } from '../protocol/Scope.js';
import type { CodecTypes } from './CodecType.js';
import type { SegmentName } from './journalName.js';
import { journalId, segmentName, segmentNameOf } from './journalName.js';
import { decodeEntries, encodeSegment, JOURNAL_VERSION, openSegment } from './journalSegment.js';
import { passedBy } from './passedBy.js';
import type { StoredSegment } from './segmentChain.js';
import { chainFrom, effectiveEnds } from './segmentChain.js';
import { StorageState } from './StorageState.js';
import { StoredJournal } from './StoredJournal.js';

/** Where the journals of a checkpoint stand, by the names of their sources: the numbers of the next entries. */
export type JournalPositions = ReadonlyMap<string, number>;

export interface JournalsOptions {
  readonly storage: CheckpointStorage;
  readonly types: CodecTypes;
  /** The newest checkpoint id there is. */
  readonly newestId: () => number;
  /** The names of all who take part in the job. */
  readonly participants: () => Iterable<string>;
  readonly onDamaged: (damage: Omit<CheckpointDamage, 'checkpointId'>) => void;
  readonly onCleanupFailed: (error: unknown) => void;
}

/** What a barrier found of the journals. */
export interface JournalCut {
  /** Of the sources of pipelines that run. */
  readonly positions: JournalPositions;
  /** The sources of pipelines that do not: they stand where the states of these were taken. */
  readonly absent: readonly string[];
  /** The journals that nobody will open again. */
  readonly over: readonly StoredJournal[];
}

/** Who runs: what a checkpoint is to say of a journal depends on its pipelines. */
export interface JournalUsers {
  isRunning(pipeline: string): boolean;
  hasCompleted(pipeline: string): boolean;
  /** Whether a source of that name may come up in the pipeline. Of one that does not run nobody knows. */
  mayHave(pipeline: string, source: string): boolean;
}

interface Segment extends StoredSegment {
  /** The encoded entries, until they are read or found not to be needed. */
  entries: Uint8Array | null;
}

export class Journals implements JournalKeeper {
  private readonly state: StorageState;
  /** By id. */
  private readonly journals = new Map<string, StoredJournal>();
  private readonly problems = new Map<string, DamagedJournalError>();
  /** All that is in the storage, with where it ends; 0 for what was written in vain. By name. */
  private readonly segments = new Map<string, { readonly segment: StoredSegment; readonly end: number }>();
  /** Of the checkpoints that a restart may begin with, by id. */
  private readonly positionsAt = new Map<number, JournalPositions>();
  private readonly removals = new Map<string, Promise<void>>();
  /** That nobody will open again once a checkpoint is complete, by its id. If it fails, a restart may. */
  private readonly overAt = new Map<number, JournalCut['over']>();
  private newest: { readonly id: number; readonly positions: JournalPositions } = { id: 0, positions: new Map() };

  constructor(private readonly options: JournalsOptions) {
    this.state = StorageState.of(options.storage);
  }

  /** @param checkpoints - the positions in each checkpoint that was found intact; none for a fresh start. */
  async load(names: readonly string[], checkpoints: ReadonlyMap<number, JournalPositions>): Promise<void> {
    for (const [id, positions] of checkpoints) this.positionsAt.set(id, positions);
    const id = Math.max(0, ...checkpoints.keys());
    this.newest = { id, positions: checkpoints.get(id) ?? new Map<string, number>() };
    await this.find(names, () => true);
  }

  /** Whether a journal was used by a pipeline that has stopped: it has to be read again before that one starts. */
  isOutdated(users: JournalUsers): boolean {
    for (const journal of this.journals.values()) if (isOutdated(journal, users)) return true;
    return false;
  }

  /** Takes the journals of pipelines that do not run to where the newest completed checkpoint has them. */
  async reload(users: JournalUsers): Promise<void> {
    const { storage } = this.options;
    const names = await attempt({ storage: storage.description, operation: 'list' }, () => storage.list());
    for (const [id, journal] of this.journals) {
      if (journal.pipelines.some((name) => users.isRunning(name))) continue;
      journal.abandon();
      this.journals.delete(id);
    }
    await this.find(names, (id) => !this.journals.has(id));
  }

  open(name: string, scope: Scope): Journal {
    const id = journalId(name);
    const problem = this.problems.get(id);
    if (problem !== undefined) throw problem.of(name);
    let journal = this.journals.get(id);
    if (journal === undefined) this.journals.set(id, (journal = this.create(id, name)));
    journal.source = name;
    journal.scope = scope;
    return journal;
  }

  /** Where they stood in the newest completed checkpoint. */
  get newestPositions(): JournalPositions {
    return this.newest.positions;
  }

  /** Where the journals stand, for the checkpoint that is being taken. */
  cut(users: JournalUsers): JournalCut {
    const positions = new Map<string, number>();
    const absent: string[] = [];
    const over: StoredJournal[] = [];
    const isPassed = passedBy(this.journals.values(), this.options.participants);
    for (const journal of this.journals.values()) {
      const { source, pipelines } = journal;
      if (source === undefined || (pipelines.length > 0 && pipelines.every((name) => users.hasCompleted(name))))
        continue;
      if (!pipelines.some((name) => users.isRunning(name))) {
        absent.push(source);
        continue;
      }
      const isGone = () => isPassed(source) || !pipelines.some((name) => users.mayHave(name, source));
      if (journal.scope === null ? isGone() : isOver(journal, journal.scope)) over.push(journal);
      else positions.set(source, journal.position);
    }
    return { positions, absent, over };
  }

  /** A checkpoint is about to be written: a restart may begin with it, whatever is heard of the write. */
  prepared(id: number, positions: JournalPositions, over: JournalCut['over']): void {
    this.positionsAt.set(id, positions);
    this.overAt.set(id, over);
  }

  /** It failed. If it turns out durable after all, nothing that it may need is removed as long as it is retained. */
  failed(id: number): void {
    this.positionsAt.delete(id);
    this.overAt.delete(id);
  }

  /**
   * Removes what nobody needs any more.
   *
   * @param retained - the ids of the checkpoints that a restart may begin with.
   */
  completed(id: number, retained: readonly number[]): void {
    this.newest = { id, positions: this.positionsAt.get(id) ?? new Map<string, number>() };
    const oldest = Math.min(id, ...retained);
    for (const known of this.positionsAt.keys()) if (known < oldest) this.positionsAt.delete(known);
    const over = this.overAt.get(id) ?? [];
    for (const known of this.overAt.keys()) if (known <= id) this.overAt.delete(known);
    for (const journal of over) if (this.journals.get(journal.id) === journal) this.journals.delete(journal.id);
    // What was written in vain goes first: what tells so must not be gone when it is found again.
    const inVain = new Set<string>();
    for (const { segment, end } of this.segments.values()) if (end === 0) inVain.add(segment.journal);
    for (const [name, { segment, end }] of this.segments) {
      if (end > 0 && inVain.has(segment.journal)) continue;
      if (retained.some((checkpoint) => this.isNeeded(segment, end, checkpoint))) continue;
      if (!this.removals.has(name)) this.removals.set(name, this.remove(name));
    }
  }

  /** Resolves when nothing is being written or removed. */
  async idle(): Promise<void> {
    await Promise.all([...this.removals.values(), ...Array.from(this.journals.values(), (journal) => journal.idle())]);
  }

  private isNeeded({ head, journal }: StoredSegment, end: number, checkpoint: number): boolean {
    if (end === 0) return false;
    const positions = this.positionsAt.get(checkpoint);
    const source = head?.source ?? this.journals.get(journal)?.source;
    // What cannot be read may be repaired by somebody.
    if (positions === undefined || source === undefined) return true;
    const position = positions.get(source);
    return position === undefined ? head === null || head.since >= checkpoint : position < end;
  }

  // Reading

  private async find(names: readonly string[], isWanted: (journal: string) => boolean): Promise<void> {
    const wanted: (SegmentName & { readonly name: string })[] = [];
    for (const name of names) {
      const parts = segmentNameOf(name);
      if (parts === undefined) continue;
      this.state.journalGeneration = Math.max(this.state.journalGeneration, parts.generation);
      if (isWanted(parts.journal)) wanted.push({ ...parts, name });
    }
    const byJournal = new Map<string, Segment[]>();
    for (const segment of await Promise.all(wanted.map((parts) => this.read(parts)))) {
      const segments = byJournal.get(segment.journal);
      if (segments === undefined) byJournal.set(segment.journal, [segment]);
      else segments.push(segment);
    }
    for (const [id, segments] of byJournal) this.found(id, segments);
    for (const [source, position] of this.newest.positions) {
      const id = journalId(source);
      if (isWanted(id) && !this.journals.has(id)) this.journals.set(id, this.create(id, source, position));
    }
  }

  private async read(parts: SegmentName & { readonly name: string }): Promise<Segment> {
    const { storage } = this.options;
    const { name, first } = parts;
    const what = { storage: storage.description, operation: 'read', target: name } as const;
    const bytes = await attempt(what, () => storage.read(name));
    const opened = openSegment(bytes ?? new Uint8Array(0), first);
    if (opened.type === 'damaged') return { ...parts, head: null, problem: opened.problem, entries: null };
    if (opened.type === 'intact') return { ...parts, head: opened.head, problem: '', entries: opened.entries };
    const { formatVersion } = opened;
    throw new NewerFormatError({
      storage: storage.description,
      checkpoint: name,
      formatVersion,
      supportedVersion: JOURNAL_VERSION,
    });
  }

  private found(id: string, segments: readonly Segment[]): void {
    const ends = effectiveEnds(segments);
    for (const segment of segments) {
      const { name, journal, first, generation, head, problem } = segment;
      const end = ends.get(segment) ?? 0;
      this.segments.set(name, { segment: { name, journal, first, generation, head, problem }, end });
    }
    const heads = segments.flatMap(({ head }) => head ?? []);
    const { pipelines } = heads[heads.length - 1] ?? { pipelines: [] };
    // A damaged segment does not tell whose it is.
    const source = heads[0]?.source ?? [...this.newest.positions.keys()].find((name) => journalId(name) === id);
    const position = source === undefined ? undefined : this.newest.positions.get(source);
    if (position === undefined) this.leaveOutOver(segments, ends);
    if (ends.size === 0) return;
    const { parts, broken, damagedEnd } = chainFrom(position ?? 0, ends);
    if (broken !== null) {
      const { segment, problem } = broken;
      const storage = this.options.storage.description;
      this.problems.set(id, new DamagedJournalError({ storage, segment: segment.name, problem, source }));
    } else this.problems.delete(id);
    const entries = parts.flatMap(({ segment, from, to }) =>
      decodeEntries((segment as Segment).entries!, this.options.types).slice(from, to),
    );
    this.journals.set(id, this.create(id, source, position ?? 0, entries, pipelines));
    if (damagedEnd !== null) this.options.onDamaged(damagedEnd);
  }

  /** A journal that the checkpoint does not know was over then, unless it was begun after that checkpoint. */
  private leaveOutOver(segments: readonly Segment[], ends: Map<StoredSegment, number>): void {
    let over = 0;
    for (const { head, generation } of segments)
      if (head !== null && head.since < this.newest.id) over = Math.max(over, generation);
    for (const segment of [...ends.keys()]) if (segment.generation <= over) ends.delete(segment);
  }

  private create(
    id: string,
    source: string | undefined,
    position: number = 0,
    entries: readonly unknown[] = [],
    pipelines: readonly string[] = [],
  ): StoredJournal {
    let generation = 0;
    return new StoredJournal({
      id,
      source,
      position,
      entries,
      pipelines,
      write: async (journal, first, batch) => {
        // A write that failed may have taken place, or may yet: the next one is another opening.
        const isFirst = generation === 0;
        if (isFirst) generation = ++this.state.journalGeneration;
        try {
          await this.write(journal, { journal: id, first, generation }, batch, isFirst);
        } catch (error) {
          generation = 0;
          throw error;
        }
      },
    });
  }

  // Writing and removing

  private async write(
    journal: StoredJournal,
    parts: SegmentName,
    entries: readonly unknown[],
    isFirst: boolean,
  ): Promise<void> {
    const { storage, types, newestId } = this.options;
    const { first } = parts;
    const { source = '', pipelines } = journal;
    const head = { source, pipelines, since: newestId(), first, count: entries.length };
    const bytes = encodeSegment(head, entries, types);
    const name = segmentName(parts);
    const segment = { ...parts, name, head, problem: '' };
    if (isFirst) this.cutOff(parts);
    const what = { storage: storage.description, operation: 'write', target: name } as const;
    // Noted before, since one that fails may be there all the same.
    this.segments.set(name, { segment, end: first + entries.length });
    await attempt(what, () => storage.write(name, bytes));
  }

  /** What an earlier opening wrote from here on was written in vain, see `effectiveEnds`. */
  private cutOff({ journal, first }: SegmentName): void {
    for (const [name, { segment, end }] of this.segments) {
      if (segment.journal !== journal || end <= first) continue;
      this.segments.set(name, { segment, end: segment.first < first ? first : 0 });
    }
  }

  private async remove(name: string): Promise<void> {
    const { storage, onCleanupFailed } = this.options;
    try {
      const what = { storage: storage.description, operation: 'remove', target: name } as const;
      await attempt(what, () => storage.remove(name));
      this.segments.delete(name);
    } catch (error) {
      onCleanupFailed(error);
    } finally {
      this.removals.delete(name);
    }
  }
}

/** A dynamic part of a job does not come back once all of it has left. */
function isOver(journal: StoredJournal, { home }: Scope): boolean {
  return home.parent !== null && !journal.hasReader && home.population === 0;
}

function isOutdated({ scope, pipelines }: StoredJournal, users: JournalUsers): boolean {
  return scope !== null && !pipelines.some((name) => users.isRunning(name));
}
