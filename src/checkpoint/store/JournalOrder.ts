import type { JournalReader } from '../protocol/Journal.js';

/** A journal, as far as it matters in which order the entries of several are handed on. */
export interface OrderedJournal {
  /** The serial of the first entry that was not handed on; Infinity when there is none. */
  readonly front: number;
  /** Whether that one is durable. */
  readonly hasNext: boolean;
  /** Who reads it and is not paused. */
  readonly readyReader: JournalReader | null;
  /** The front by which it stands in the queue; null when it does not. Owned by the order. */
  place: number | null;
}

/**
 * Hands on the entries of all journals of a job, one at a time, in the order in which they came: an entry that is durable
 * waits for those before it that are still being written. Entries that nobody reads, or whose reader is paused, hold
 * nobody up; they have their place back when somebody does.
 */
export class JournalOrder {
  /** Those that have something to hand on, by their fronts. What has come to be wrong is put right at the head. */
  private readonly queue: OrderedJournal[] = [];
  private readonly waiting = new Set<JournalReader>();
  private isDue = false;
  private isHandingOn = false;
  private current: JournalReader | null = null;
  private next = 0;

  /** For an entry that has just come. */
  takeSerial(): number {
    return this.next++;
  }

  /** What the next one gets: above all in the storage. */
  get nextSerial(): number {
    return this.next;
  }

  goOnAt(serial: number): void {
    this.next = Math.max(this.next, serial);
  }

  /** Who is being given an entry. */
  get recipient(): JournalReader | null {
    return this.current;
  }

  /** To be called for a journal that has something to hand on, and that somebody reads. */
  enqueue(journal: OrderedJournal): void {
    if (journal.place === null) this.insert(journal);
  }

  /** To be called when a journal may not hold up others any more. */
  changed(): void {
    if (this.queue.length > 0) this.handOnSoon();
  }

  /** The reader is told when all that can be handed on has been. */
  tellRested(reader: JournalReader): void {
    this.waiting.add(reader);
    this.handOnSoon();
  }

  /** Not at once: others that open in the same go may have entries that come before. */
  private handOnSoon(): void {
    if (this.isDue || this.isHandingOn) return;
    this.isDue = true;
    void Promise.resolve().then(() => {
      this.isDue = false;
      this.handOn();
    });
  }

  /** Whoever gets an entry may end its source, pause others, or open some. */
  handOn(): void {
    if (this.isHandingOn) return;
    this.isHandingOn = true;
    try {
      do {
        while ((this.current = this.nextReader()) !== null) this.current.read();
        for (const reader of [...this.waiting]) {
          this.waiting.delete(reader);
          reader.rested();
        }
      } while (this.waiting.size > 0 || this.nextReader() !== null);
    } finally {
      this.current = null;
      this.isHandingOn = false;
    }
  }

  /** Who is to get the first of all entries; null if there is none, or it is not durable yet. */
  private nextReader(): JournalReader | null {
    const { queue } = this;
    for (let journal = queue[0]; journal !== undefined; journal = queue[0]) {
      const { front, readyReader } = journal;
      const isThere = readyReader !== null && front < Infinity;
      if (isThere && (queue.length === 1 || front <= queue[1]!.place!)) {
        journal.place = front;
        return journal.hasNext ? readyReader : null;
      }
      queue.shift();
      journal.place = null;
      if (isThere) this.insert(journal);
    }
    return null;
  }

  /** Behind those with the same front: of entries without serials, those go first whose reader came first. */
  private insert(journal: OrderedJournal): void {
    const { queue } = this;
    const { front } = journal;
    let [low, high] = [0, queue.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (queue[middle]!.place! <= front) low = middle + 1;
      else high = middle;
    }
    journal.place = front;
    queue.splice(low, 0, journal);
  }
}
