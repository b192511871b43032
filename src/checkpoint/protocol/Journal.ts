import type { Scope } from './Scope.js';

/** Stands in a journal for the source's completion. Everything else there is a value as `Capture.held` gave it. */
export const COMPLETED: unique symbol = Symbol('rxjs-checkpoint completed');

/**
 * What a source has to say, kept in the storage from before it is handed on until no checkpoint needs it any more. It
 * belongs to a place in the pipeline: attempts of `retry` or `repeat` read on where the one before stopped. Entries are
 * numbered from 0. Those of all journals of a job are handed on in the order in which they came, as far as somebody reads
 * them.
 */
export interface Journal {
  /** The number of the next entry to be handed on. All that a checkpoint has to know. */
  readonly position: number;
  /** Whether `next` has an entry to give. */
  readonly hasNext: boolean;
  /** Whether a completion is among those that wait, be it to be written or to be handed on. */
  readonly willComplete: boolean;
  /** Whether nothing waits, neither to be written nor to be handed on. */
  readonly isEmpty: boolean;
  /** Whether its reader is being given an entry. */
  readonly isGiving: boolean;
  /** Takes the entry at `position`. */
  next(): unknown;
  /** Writes the entry as soon as those before it are written. */
  append(entry: unknown): void;
  /** From now on this one reads, in place of whoever did. Without a reader nothing is written. */
  readBy(reader: JournalReader): void;
  /** It reads no more. */
  leftBy(reader: JournalReader): void;
  /** Its reader was paused, or is not any more. */
  readinessChanged(): void;
  /** Hands on soon what can be, of all journals of the job, and then tells the reader. */
  tellRested(reader: JournalReader): void;
}

export interface JournalReader {
  /** Whether it takes an entry now. While it does not, others are not kept waiting for it. */
  readonly isReady: boolean;
  /** It is its turn: it takes one entry. */
  read(): void;
  /** All that can be handed on was, in all journals of the job. */
  rested(): void;
  /** Entries could not be written; they are gone. It leaves. */
  failed(error: unknown): void;
}

/**
 * The code that keeps journals in a storage. A source that needs a journal brings it, so that a program without such a
 * source does not have to load it; what is in it is the job's business.
 */
export type JournalPart = abstract new (options: never) => object;

/** Has the journals of a job. Sources know no storage: this is all that they see of it. */
export interface JournalKeeper {
  /**
   * The journal of a source.
   *
   * @param part - keeps the journals, unless the job has had to load it already.
   * @param name - of the source in its first attempt, which is the journal's.
   * @param scope - where the source stands.
   * @param was - the name that it had before, if it was renamed since the snapshot.
   * @throws DamagedJournalError, RenameConflictError when something waits under the old name.
   */
  open(part: JournalPart, name: string, scope: Scope, was?: string): Journal;
}
