import type { SavepointBytes } from './savepoints.js';
import type { CarriedEntries } from './store/Journals.js';
import type { LoadedCheckpoint } from './store/LoadedCheckpoint.js';
import type { Origin } from './store/Origin.js';
import { originOf } from './store/Origin.js';

/** What a job may be told to begin with: a savepoint's name, a checkpoint's id, or an exported savepoint. */
export type RestoreFrom = string | number | SavepointBytes;

/** What a job begins with. */
export interface JobStart {
  readonly checkpoint: LoadedCheckpoint | undefined;
  /** For checkpoints from now on; its generation is still to be set for one that begins now. */
  readonly origin: Origin | undefined;
  /** Set when it leaves behind what the newest checkpoint has: to begin with what. */
  readonly returnsTo: 'checkpoint' | 'savepoint' | null;
  /** For messages, e.g. `savepoint 'before-deploy' (checkpoint 7)`. */
  readonly description: string;
  /** Of a savepoint: what journaled sources had still to emit. */
  readonly carried: ReadonlyMap<string, CarriedEntries>;
}

/** The same, and the checkpoint as the store has loaded it. */
export interface Beginning {
  readonly start: JobStart;
  readonly loaded: LoadedCheckpoint | undefined;
}

const NOTHING: ReadonlyMap<string, CarriedEntries> = new Map();

/** The beginning of a job that nobody told what to begin with. */
export function goOnWith(newest: LoadedCheckpoint | undefined): JobStart {
  return {
    checkpoint: newest,
    origin: originOf(newest?.meta),
    returnsTo: null,
    carried: NOTHING,
    description: newest === undefined ? 'nothing, as the storage was empty' : `checkpoint ${newest.id}`,
  };
}

/** Of what an origin says of a job that began with that. */
export function keyPrefix(from: string | SavepointBytes): string {
  return typeof from === 'string' ? `savepoint ${from} ` : 'bytes ';
}

/** For messages. */
export function describeFrom(from: RestoreFrom): string {
  if (typeof from === 'number') return `checkpoint ${from}`;
  return typeof from === 'string' ? `savepoint '${from}'` : 'a savepoint given as bytes';
}

/** Whether a job that has this origin began with that, as far as it can be told without reading it. */
export function isOrigin(origin: Origin | undefined, from: RestoreFrom): boolean {
  if (origin === undefined) return false;
  return typeof from === 'number' ? origin.from === `checkpoint ${from}` : origin.from.startsWith(keyPrefix(from));
}
