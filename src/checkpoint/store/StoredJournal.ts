import { UnstorableValueError } from '../../errors/UnstorableValueError.js';
import type { Journal, JournalReader } from '../protocol/Journal.js';
import { COMPLETED } from '../protocol/Journal.js';
import type { Scope } from '../protocol/Scope.js';
import type { JournalEntries } from './JournalEntries.js';
import { joinEntries, sliceEntries } from './JournalEntries.js';
import type { JournalOrder, OrderedJournal } from './JournalOrder.js';

/** So many entries make one segment at most: all of it is encoded in one go. */
const MAX_ENTRIES = 4_096;

/** Writes a segment; resolves when it is durable. */
export type WriteSegment = (journal: StoredJournal, first: number, entries: JournalEntries) => Promise<void>;

export interface StoredJournalOptions {
  readonly id: string;
  /** The name of the source; undefined as long as only damaged segments tell of it. */
  readonly source: string | undefined;
  readonly position: number;
  /** What was found from `position` on. */
  readonly entries: JournalEntries;
  /** Of the source, as it was when the newest segment was written. */
  readonly pipelines: readonly string[];
  readonly write: WriteSegment;
  /** Of the entries of all journals of the job. */
  readonly order: JournalOrder;
}

/**
 * One journal of a job. Entries are written one segment at a time; what comes in one go, or while a segment is being
 * written, makes one. An entry can be read once its segment is durable.
 */
export class StoredJournal implements Journal, OrderedJournal {
  readonly id: string;
  source: string | undefined;
  position: number;
  /** Where its source stands; null until one opens it. */
  scope: Scope | null = null;
  /** The number that the next entry to be written gets. */
  private end: number;
  private readonly foundPipelines: readonly string[];
  /** Durable and not yet read: batches, and the index in the first of them. */
  private readonly readable: JournalEntries[];
  private index = 0;
  private unwritten: { values: unknown[]; serials: number[] } = { values: [], serials: [] };
  private completions = 0;
  private reader: JournalReader | null = null;
  private writing: Promise<void> | null = null;
  private beingWritten: JournalEntries | null = null;
  private isDue = false;
  place: number | null = null;
  private readonly order: JournalOrder;

  constructor(private readonly options: StoredJournalOptions) {
    const { id, source, position, entries, pipelines, order } = options;
    const { values } = entries;
    this.order = order;
    this.id = id;
    this.source = source;
    this.position = position;
    this.end = position + values.length;
    this.foundPipelines = pipelines;
    this.readable = values.length === 0 ? [] : [entries];
    this.completions = completionsIn(values);
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
  get unread(): JournalEntries {
    return sliceEntries(joinEntries(this.readable), this.index);
  }

  get front(): number {
    const first = this.readable[0];
    if (first !== undefined) return first.serials[this.index]!;
    return (this.beingWritten ?? this.unwritten).serials[0] ?? Infinity;
  }

  get readyReader(): JournalReader | null {
    return this.reader?.isReady === true ? this.reader : null;
  }

  get willComplete(): boolean {
    return this.completions > 0;
  }

  get isEmpty(): boolean {
    return this.readable.length === 0 && this.unwritten.values.length === 0 && this.writing === null;
  }

  get isGiving(): boolean {
    return this.reader !== null && this.order.recipient === this.reader;
  }

  next(): unknown {
    const { values } = this.readable[0]!;
    const entry = values[this.index++];
    if (this.index === values.length) {
      this.readable.shift();
      this.index = 0;
    }
    this.position++;
    if (entry === COMPLETED) this.completions--;
    return entry;
  }

  append(entry: unknown): void {
    if (entry === COMPLETED) this.completions++;
    this.unwritten.values.push(entry);
    this.unwritten.serials.push(this.order.takeSerial());
    this.order.enqueue(this);
    this.writeSoon();
  }

  readBy(reader: JournalReader): void {
    this.reader = reader;
    this.writeSoon();
    if (!this.isEmpty) this.order.enqueue(this);
  }

  leftBy(reader: JournalReader): void {
    if (this.reader !== reader) return;
    this.reader = null;
    this.order.changed();
  }

  readinessChanged(): void {
    if (!this.isEmpty) this.order.enqueue(this);
    this.order.changed();
  }

  tellRested(reader: JournalReader): void {
    this.order.tellRested(reader);
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
    if (this.isDue || this.writing !== null || this.unwritten.values.length === 0) return;
    this.isDue = true;
    void Promise.resolve().then(() => {
      this.isDue = false;
      this.write();
    });
  }

  private write(): void {
    const { values, serials } = this.unwritten;
    if (this.writing !== null || this.reader === null || values.length === 0) return;
    const batch = { values: values.splice(0, MAX_ENTRIES), serials: serials.splice(0, MAX_ENTRIES) };
    this.beingWritten = batch;
    this.writing = this.options.write(this, this.end, batch).then(
      () => this.written(batch),
      (error: unknown) => this.failed(error),
    );
  }

  private written(batch: JournalEntries): void {
    this.writing = null;
    this.beingWritten = null;
    this.end += batch.values.length;
    this.readable.push(batch);
    this.write();
    this.order.handOn();
  }

  /** What waited behind the segment goes with it: an entry must not be handed on before those that came earlier. */
  private failed(error: unknown): void {
    this.writing = null;
    this.beingWritten = null;
    this.unwritten = { values: [], serials: [] };
    this.completions = completionsIn(this.unread.values);
    const cause = error instanceof UnstorableValueError ? error.inJournalOf(this.source ?? this.id) : error;
    this.reader?.failed(cause);
  }
}

function completionsIn(values: readonly unknown[]): number {
  return values.reduce<number>((sum, value) => (value === COMPLETED ? sum + 1 : sum), 0);
}
