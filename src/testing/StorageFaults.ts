import type { StorageOperation } from '../errors/StorageError.js';

/** One moment of one call of a `FaultyStorage`. */
export interface StorageCall {
  readonly operation: Exclude<StorageOperation, 'open'>;
  /** What is read, written or removed. */
  readonly name: string | undefined;
  /**
   * `before`: nothing has happened. `torn`: a prefix of the bytes that are written is there, in place of what was.
   * `after`: it has happened, and its caller does not know yet.
   */
  readonly phase: 'before' | 'torn' | 'after';
  /** Of the call, counted from 0 over the life of the disk, crashes included. */
  readonly index: number;
}

/** How often a fault happens: a probability, or a script that decides call by call. */
export type FaultRule = number | ((call: StorageCall) => boolean);

/** What goes wrong, and how often; nothing by default. */
export interface StorageFaults {
  /**
   * A write rejects, and a prefix of its bytes is there. Also asked, in the phase `torn`, about the writes that are
   * held when the crash comes.
   */
  readonly tornWrite?: FaultRule;
  /** A write resolves, but was not durable: a crash brings back what had been under the name. */
  readonly lostWrite?: FaultRule;
  /** A removal resolves, but was not durable: a crash brings back what was removed. */
  readonly lostRemove?: FaultRule;
  /** A write or removal rejects, although it has taken place. */
  readonly failedButDone?: FaultRule;
  /** Of a removal: `list` gives the name for some more times; there is nothing to read. */
  readonly staleName?: FaultRule;
  /** Of a write of a new name: `list` does not give it for some times; it can be read. */
  readonly lateName?: FaultRule;
  /** What a read gives has one bit turned round. What is stored has not. */
  readonly bitFlip?: FaultRule;
  /** A call waits, before it does anything, until the test lets it go on: see `FaultyStorage.held`. */
  readonly slow?: FaultRule;
  /** A call never settles; whether it takes place is drawn. */
  readonly hang?: FaultRule;
  /** From this call on `outageCalls` calls fail, this one counted; then the storage is back. */
  readonly outage?: FaultRule;
  /** 3 by default. */
  readonly outageCalls?: number;
  /** A write that would need more space than this in total fails for want of it. */
  readonly capacityBytes?: number;
}
