/**
 * The journals of a job, at rest. Invariants:
 * - No name is ever written twice: each opening of a journal has a generation of its own.
 * - A segment is removed only when no retained checkpoint needs it: neither one that stands before its last entry, nor
 *   one that does not know of the journal because it is older than the segment.
 * - Entries are handed on without a gap, or not at all.
 */
import type { CheckpointDamage } from '../../errors/DamagedCheckpointError.js';
import { DamagedJournalError } from '../../errors/DamagedJournalError.js';
import { RenameConflictError } from '../../errors/RenameConflictError.js';
import { attempt } from '../../storage/attempt.js';
import type { CheckpointStorage } from '../../storage/CheckpointStorage.js';
import { ClaimedStorage } from '../../storage/ClaimedStorage.js';
import type { Journal } from '../protocol/Journal.js';
import type { Scope } from '../protocol/Scope.js';
import type { CodecTypes } from './CodecType.js';
import { earlierAttempt } from './earlierAttempt.js';
import type { JournalEntries } from './JournalEntries.js';
import { joinEntries, sliceEntries } from './JournalEntries.js';
import type { SegmentName } from './journalName.js';
import { journalId, segmentName, segmentNameOf } from './journalName.js';
import type { SegmentHead } from './journalSegment.js';
import { decodeEntries, encodeSegment } from './journalSegment.js';
import type { KnownSegment } from './JournalSegments.js';
import { JournalSegments } from './JournalSegments.js';
import { JournalOrder } from './JournalOrder.js';
import type { Origin } from './Origin.js';
import { isSegmentOf, segmentOrigin } from './segmentOrigin.js';
import { passedBy } from './passedBy.js';
import type { ReadSegment } from './readSegment.js';
import { readSegment } from './readSegment.js';
import type { StoredSegment } from './segmentChain.js';
import { chainFrom, effectiveEnds } from './segmentChain.js';
import { StorageState } from './StorageState.js';
import { StoredJournal } from './StoredJournal.js';

/** Where the journals of a checkpoint stand, by the names of their sources: the numbers of the next entries. */
export type JournalPositions = ReadonlyMap<string, number>;

/** What a checkpoint says of journals. */
export interface JournalFacts {
  readonly positions: JournalPositions;
  readonly origin: Origin | undefined;
  /** The highest that an opening of a journal had until then; 0 if there was none. */
  readonly generation: number;
}

/** What a job begins with. Its `generation` is the highest of all checkpoints that are there. */
export interface JournalStart extends JournalFacts {
  readonly id: number;
  /** Of a savepoint: what sources had still to emit, by their names. Not in the storage yet. */
  readonly carried?: ReadonlyMap<string, CarriedEntries>;
}

/** What a job goes back to. */
export interface WayBack {
  /** See `Origin`. */
  readonly from: string;
  readonly id: number;
  readonly positions: JournalPositions;
  readonly carried: ReadonlyMap<string, CarriedEntries>;
  /** The checkpoints in the storage that are, by id. */
  readonly intact: { has(id: number): boolean };
  /** As that of a `JournalStart`. */
  readonly generation: number;
}

export interface CarriedEntries {
  readonly entries: JournalEntries;
  /** The names of the source's pipelines. */
  readonly pipelines: readonly string[];
}

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
  /** See `JournalFacts`. */
  readonly generation: number;
}

/** Who runs: what a checkpoint is to say of a journal depends on its pipelines. */
export interface JournalUsers {
  isRunning(pipeline: string): boolean;
  /** Whether it will not run again: it has completed, or the program does not have it any more. */
  isOver(pipeline: string): boolean;
  /** Whether a source of that name may come up in the pipeline. Of one that does not run nobody knows. */
  mayHave(pipeline: string, source: string): boolean;
}

const NO_ENTRIES: JournalEntries = { values: [], serials: [] };

export class Journals {
  private readonly state: StorageState;
  private readonly order = new JournalOrder();
  /** By id. */
  private readonly journals = new Map<string, StoredJournal>();
  private readonly problems = new Map<string, DamagedJournalError>();
  private readonly segments: JournalSegments;
  /** Of the checkpoints that a restart may begin with, by id. */
  private readonly positionsAt = new Map<number, JournalPositions>();
  /** That nobody will open again once a checkpoint is complete, by its id. If it fails, a restart may. */
  private readonly overAt = new Map<number, JournalCut['over']>();
  private newest: { readonly id: number; readonly positions: JournalPositions } = { id: 0, positions: new Map() };
  private origin: Origin | undefined;
  /** The ids of checkpoints of work that was left behind, which may be fallen back to. */
  private readonly foreignCheckpoints = new Set<number>();

  constructor(private readonly options: JournalsOptions) {
    this.state = StorageState.of(options.storage);
    this.segments = new JournalSegments(options);
  }

  /**
   * @param checkpoints - what each checkpoint says that was found intact.
   * @param start - what the job begins with.
   */
  async load(
    names: readonly string[],
    checkpoints: ReadonlyMap<number, JournalFacts>,
    start: JournalStart,
  ): Promise<void> {
    this.begin(checkpoints, start, names);
    for (const [source, carried] of start.carried ?? []) await this.writeCarried(source, carried);
    await this.find(start.carried === undefined ? names : await this.list(), () => true);
    if (await this.writeAgain()) await this.find(await this.list(), () => true);
  }

  /**
   * A write of an owner before that lands from now on would take the place of what was found, and was handed on here,
   * unless that was written since.
   *
   * @returns whether there was anything to write.
   */
  private async writeAgain(): Promise<boolean> {
    const { storage } = this.options;
    if (!(storage instanceof ClaimedStorage) || storage.contested === 0) return false;
    // One that is damaged stays as it is: written again, up to the damage, it would look whole.
    const unread = [...this.journals.values()].filter(({ id, hasNext }) => hasNext && !this.problems.has(id));
    for (const { source, pipelines, unread: entries } of unread)
      await this.writeCarried(source!, { entries, pipelines });
    return unread.length > 0;
  }

  private list(): Promise<string[]> {
    const { storage } = this.options;
    return attempt({ storage: storage.description, operation: 'list' }, () => storage.list());
  }

  /** As `load`, of a storage that has no journals. */
  begin(
    checkpoints: ReadonlyMap<number, JournalFacts>,
    { id, positions, origin, generation }: JournalStart,
    names: readonly string[] = [],
  ): void {
    this.newest = { id, positions };
    this.origin = origin;
    // Its segments may all be gone. What is written from now on must not be taken for what was left behind.
    this.goOnAboveAll(names, Math.max(generation, origin?.generation ?? 0));
    for (const [checkpoint, facts] of checkpoints) {
      this.positionsAt.set(checkpoint, facts.positions);
      if (segmentOrigin(facts.origin) !== segmentOrigin(origin)) this.foreignCheckpoints.add(checkpoint);
    }
  }

  /** What a job begins with that goes back to that: with what was journaled before, if it has gone back once already. */
  async startBack(
    names: readonly string[],
    { from, intact, carried, ...start }: WayBack,
  ): Promise<JournalStart & { readonly origin: Origin }> {
    const highest = this.goOnAboveAll(names, start.generation);
    const before = await earlierAttempt(this.options.storage, names, from, intact);
    const origin = { from, generation: before?.generation ?? highest };
    const isWritten = (source: string): boolean => {
      const [id, first] = [journalId(source), start.positions.get(source) ?? 0];
      return before?.segments.some((segment) => segment.journal === id && segment.first === first) === true;
    };
    return { ...start, origin, carried: new Map([...carried].filter(([source]) => !isWritten(source))) };
  }

  /**
   * @param remembered - the highest of what may be removed since.
   * @returns the generation that the next opening of a journal is above.
   */
  private goOnAboveAll(names: readonly string[], remembered: number): number {
    this.goOnAbove(remembered);
    this.goOnAboveNames(names);
    this.state.leaveRoomForGenerations(this.options.storage);
    return this.state.journalGeneration;
  }

  private goOnAboveNames(names: readonly string[]): void {
    for (const name of names) this.goOnAbove(segmentNameOf(name)?.generation ?? 0);
  }

  private goOnAbove(generation: number): void {
    this.state.journalGeneration = Math.max(this.state.journalGeneration, generation);
  }

  /** Whether a journal was used by a pipeline that has stopped: it has to be read again before that one starts. */
  isOutdated(users: JournalUsers): boolean {
    for (const journal of this.journals.values()) if (isOutdated(journal, users)) return true;
    return false;
  }

  /** Takes the journals of pipelines that do not run to where the newest completed checkpoint has them. */
  async reload(users: JournalUsers): Promise<void> {
    const names = await this.list();
    const outdated = new Set<string>();
    for (const [id, { pipelines }] of this.journals)
      if (!pipelines.some((name) => users.isRunning(name))) outdated.add(id);
    await this.find(names, (id) => outdated.has(id) || !this.journals.has(id), outdated);
  }

  open(name: string, scope: Scope, was?: string): Journal {
    const id = journalId(name);
    if (was !== undefined) this.rename(was, name, id);
    const problem = this.problems.get(id);
    if (problem !== undefined) throw problem.of(name);
    let journal = this.journals.get(id);
    if (journal === undefined) this.journals.set(id, (journal = this.create(id, name)));
    journal.source = name;
    journal.scope = scope;
    return journal;
  }

  /** Entries stay in the journal that they were written to: a renamed source begins one of its own, at the same number. */
  private rename(was: string, name: string, id: string): void {
    const old = journalId(was);
    if (this.problems.has(old) || this.journals.get(old)?.isEmpty === false)
      throw new RenameConflictError({ operator: name, was, problem: 'journal-not-empty' });
    const position = this.newest.positions.get(was);
    if (position === undefined || this.journals.has(id)) return;
    this.journals.delete(old);
    this.journals.set(id, this.create(id, name, position));
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
      if (source === undefined || (pipelines.length > 0 && pipelines.every((name) => users.isOver(name)))) continue;
      if (!pipelines.some((name) => users.isRunning(name))) {
        absent.push(source);
        continue;
      }
      const isGone = () => isPassed(source) || !pipelines.some((name) => users.mayHave(name, source));
      if (journal.scope === null ? isGone() : isOver(journal, journal.scope)) over.push(journal);
      else positions.set(source, journal.position);
    }
    return { positions, absent, over, generation: this.state.journalGeneration };
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
   * @param hasForeign - whether there are others that are somebody else's, and stay.
   */
  completed(id: number, retained: readonly number[], hasForeign: boolean): void {
    this.newest = { id, positions: this.positionsAt.get(id) ?? new Map<string, number>() };
    const oldest = Math.min(id, ...retained);
    for (const known of this.positionsAt.keys()) if (known < oldest) this.positionsAt.delete(known);
    const over = this.overAt.get(id) ?? [];
    for (const known of this.overAt.keys()) if (known <= id) this.overAt.delete(known);
    for (const journal of over) if (this.journals.get(journal.id) === journal) this.journals.delete(journal.id);
    // As long as a checkpoint of what was left behind is retained, its journals are.
    if (!hasForeign && !retained.some((checkpoint) => this.foreignCheckpoints.has(checkpoint)))
      this.segments.removeForeign();
    this.segments.keep((segment) => retained.some((checkpoint) => this.isNeeded(segment, checkpoint)));
  }

  /** Resolves when nothing is being written or removed. */
  async idle(): Promise<void> {
    await Promise.all([this.segments.idle(), ...Array.from(this.journals.values(), (journal) => journal.idle())]);
  }

  private isNeeded({ segment, end, knownSince }: KnownSegment, checkpoint: number): boolean {
    const positions = this.positionsAt.get(checkpoint);
    if (positions === undefined) return true;
    // What cannot be read may be repaired by somebody, as long as a checkpoint from before it was found is retained.
    const since = segment.head?.since ?? knownSince;
    const source = segment.head?.source ?? this.journals.get(segment.journal)?.source;
    const position = source === undefined ? undefined : positions.get(source);
    return position === undefined ? since >= checkpoint : position < end;
  }

  // Reading

  /** @param outdated - the ids of journals that stay until all is read: a checkpoint that is taken meanwhile carries them over. */
  private async find(
    names: readonly string[],
    isWanted: (journal: string) => boolean,
    outdated: Iterable<string> = [],
  ): Promise<void> {
    this.goOnAboveNames(names);
    const wanted: (SegmentName & { readonly name: string })[] = [];
    for (const name of names) {
      const parts = segmentNameOf(name);
      if (parts === undefined) continue;
      if (!isSegmentOf(this.origin, { ...parts, head: null })) this.segments.addForeign(name);
      else if (isWanted(parts.journal)) wanted.push({ ...parts, name });
    }
    const byJournal = new Map<string, ReadSegment[]>();
    for (const segment of await Promise.all(wanted.map((parts) => readSegment(this.options.storage, parts)))) {
      if (!isSegmentOf(this.origin, segment)) {
        this.segments.addForeign(segment.name);
        continue;
      }
      const segments = byJournal.get(segment.journal);
      if (segments === undefined) byJournal.set(segment.journal, [segment]);
      else segments.push(segment);
    }
    for (const id of outdated) {
      this.journals.get(id)?.abandon();
      this.journals.delete(id);
    }
    for (const [id, segments] of byJournal) this.found(id, segments);
    for (const [source, position] of this.newest.positions) {
      const id = journalId(source);
      if (isWanted(id) && !this.journals.has(id)) this.journals.set(id, this.create(id, source, position));
    }
  }

  private found(id: string, segments: readonly ReadSegment[]): void {
    const ends = effectiveEnds(segments);
    for (const segment of segments) {
      const { name, journal, first, generation, head, problem } = segment;
      const end = ends.get(segment) ?? 0;
      this.order.goOnAt(head?.nextSerial ?? 0);
      const knownSince = this.options.newestId();
      this.segments.add({ segment: { name, journal, first, generation, head, problem }, end, knownSince });
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
    const entries = joinEntries(
      parts.map(({ segment, from, to }) =>
        sliceEntries(decodeEntries((segment as ReadSegment).entries!, this.options.types), from, to),
      ),
    );
    this.journals.set(id, this.create(id, source, position ?? 0, entries, pipelines));
    if (damagedEnd !== null) this.options.onDamaged(damagedEnd);
  }

  /** A journal that the checkpoint does not know was over then, unless it was begun after that checkpoint. */
  private leaveOutOver(segments: readonly ReadSegment[], ends: Map<StoredSegment, number>): void {
    let over = 0;
    for (const { head, generation } of segments)
      if (head !== null && head.since < this.newest.id) over = Math.max(over, generation);
    for (const segment of [...ends.keys()]) if (segment.generation <= over) ends.delete(segment);
  }

  private create(
    id: string,
    source: string | undefined,
    position: number = 0,
    entries: JournalEntries = NO_ENTRIES,
    pipelines: readonly string[] = [],
  ): StoredJournal {
    let generation = 0;
    return new StoredJournal({
      id,
      source,
      position,
      entries,
      pipelines,
      order: this.order,
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

  // Writing

  private async write(
    journal: StoredJournal,
    parts: SegmentName,
    entries: JournalEntries,
    isFirst: boolean,
  ): Promise<void> {
    const { source = '', pipelines } = journal;
    const head = this.headOf(parts, { source, pipelines, count: entries.values.length });
    const bytes = encodeSegment(head, entries, this.options.types);
    const name = segmentName(parts);
    if (isFirst) this.segments.cutOff(parts);
    // Noted before, since one that fails may be there all the same.
    const segment = { ...parts, name, head, problem: '' };
    this.segments.add({ segment, end: parts.first + entries.values.length, knownSince: head.since });
    await this.store(name, bytes);
  }

  /** What a savepoint has of a journal is written before anything reads it, as all that is emitted. */
  private async writeCarried(source: string, { entries, pipelines }: CarriedEntries): Promise<void> {
    const first = this.newest.positions.get(source) ?? 0;
    const parts = { journal: journalId(source), first, generation: ++this.state.journalGeneration };
    this.order.goOnAt(Math.max(...entries.serials.slice(-1)) + 1);
    const head = this.headOf(parts, { source, pipelines, count: entries.values.length });
    await this.store(segmentName(parts), encodeSegment(head, entries, this.options.types));
  }

  private headOf({ first }: SegmentName, of: Pick<SegmentHead, 'source' | 'pipelines' | 'count'>): SegmentHead {
    return {
      ...of,
      since: this.options.newestId(),
      first,
      nextSerial: this.order.nextSerial,
      origin: segmentOrigin(this.origin),
    };
  }

  private store(name: string, bytes: Uint8Array): Promise<void> {
    const { storage } = this.options;
    const what = { storage: storage.description, operation: 'write', target: name } as const;
    return attempt(what, () => storage.write(name, bytes));
  }
}

/** A dynamic part of a job does not come back once all of it has left. */
function isOver(journal: StoredJournal, { home }: Scope): boolean {
  return home.parent !== null && !journal.hasReader && home.population === 0;
}

function isOutdated({ scope, pipelines }: StoredJournal, users: JournalUsers): boolean {
  return scope !== null && !pipelines.some((name) => users.isRunning(name));
}
