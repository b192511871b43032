import { UnstorableValueError } from '../../errors/UnstorableValueError.js';
import type { Journal, JournalReader } from '../protocol/Journal.js';
import { COMPLETED } from '../protocol/Journal.js';
import type { Scope } from '../protocol/Scope.js';

/** So many entries make one segment at most: all of it is encoded in one go. */
const MAX_ENTRIES = 4_096;

/** Writes a segment; resolves when it is durable. */
export type WriteSegment = (journal: StoredJournal, first: number, entries: readonly unknown[]) => Promise<void>;

export interface StoredJournalOptions {
  readonly id: string;
  /** The name of the source; undefined as long as only damaged segments tell of it. */
  readonly source: string | undefined;
  readonly position: number;
  /** What was found from `position` on. */
  readonly entries: readonly unknown[];
  /** Of the source, as it was when the newest segment was written. */
  readonly pipelines: readonly string[];
  readonly write: WriteSegment;
}

/**
 * One journal of a job. Entries are written one segment at a time; what comes in one go, or while a segment is being
 * written, makes one. An entry can be read once its segment is durable.
 */
export class StoredJournal implements Journal {
  readonly id: string;
  source: string | undefined;
  position: number;
  /** Where its source stands; null until one opens it. */
  scope: Scope | null = null;
  /** The number that the next entry to be written gets. */
  private end: number;
  private readonly foundPipelines: readonly string[];
  /** Durable and not yet read: batches, and the index in the first of them. */
  private readonly readable: (readonly unknown[])[];
  private index = 0;
  private unwritten: unknown[] = [];
  private completions = 0;
  private reader: JournalReader | null = null;
  private writing: Promise<void> | null = null;
  private isDue = false;

  constructor(private readonly options: StoredJournalOptions) {
    const { id, source, position, entries, pipelines } = options;
    this.id = id;
    this.source = source;
    this.position = position;
    this.end = position + entries.length;
    this.foundPipelines = pipelines;
    this.readable = entries.length === 0 ? [] : [entries];
    for (const entry of entries) if (entry === COMPLETED) this.completions++;
  }

  get pipelines(): readonly string[] {
    return this.scope === null ? this.foundPipelines : this.scope.region.pipelines;
  }

  get hasReader(): boolean {
    return this.reader !== null;
  }

  get hasNext(): boolean {
    return this.readable.length > 0;
  }

  /** What was found or written, and not handed on. */
  get unread(): readonly unknown[] {
    return this.readable.flat().slice(this.index);
  }

  get willComplete(): boolean {
    return this.completions > 0;
  }

  get isEmpty(): boolean {
    return this.readable.length === 0 && this.unwritten.length === 0 && this.writing === null;
  }

  next(): unknown {
    const batch = this.readable[0]!;
    const entry = batch[this.index++];
    if (this.index === batch.length) {
      this.readable.shift();
      this.index = 0;
    }
    this.position++;
    if (entry === COMPLETED) this.completions--;
    return entry;
  }

  append(entry: unknown): void {
    if (entry === COMPLETED) this.completions++;
    this.unwritten.push(entry);
    this.writeSoon();
  }

  readBy(reader: JournalReader): void {
    this.reader = reader;
    this.writeSoon();
  }

  leftBy(reader: JournalReader): void {
    if (this.reader === reader) this.reader = null;
  }

  /** Nobody will use this object any more. */
  abandon(): void {
    this.reader = null;
  }

  /** Resolves when the write that is under way has settled. */
  idle(): Promise<void> {
    return this.writing ?? Promise.resolve();
  }

  /** What the source emits in the same go is to be written with it: a promise's value and its completion, say. */
  private writeSoon(): void {
    if (this.isDue || this.writing !== null || this.unwritten.length === 0) return;
    this.isDue = true;
    void Promise.resolve().then(() => {
      this.isDue = false;
      this.write();
    });
  }

  private write(): void {
    if (this.writing !== null || this.reader === null || this.unwritten.length === 0) return;
    const batch = this.unwritten.splice(0, MAX_ENTRIES);
    this.writing = this.options.write(this, this.end, batch).then(
      () => this.written(batch),
      (error: unknown) => this.failed(error),
    );
  }

  private written(batch: readonly unknown[]): void {
    this.writing = null;
    this.end += batch.length;
    this.readable.push(batch);
    this.write();
    this.reader?.readable();
  }

  /** What waited behind the segment goes with it: an entry must not be handed on before those that came earlier. */
  private failed(error: unknown): void {
    this.writing = null;
    this.unwritten = [];
    this.completions = this.readable.flat().filter((entry) => entry === COMPLETED).length;
    const cause = error instanceof UnstorableValueError ? error.inJournalOf(this.source ?? this.id) : error;
    this.reader?.failed(cause);
  }
}
