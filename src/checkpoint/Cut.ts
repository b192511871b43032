import type { PipelineStatus } from './Checkpoint.js';
import type { CheckpointMeta } from './CheckpointMeta.js';
import { clockMeta, journalMeta, originMeta } from './CheckpointMeta.js';
import type { History } from './History.js';
import type { Snapshot } from './protocol/Snapshot.js';
import type { JournalCut, JournalPositions } from './store/Journals.js';
import type { Origin } from './store/Origin.js';

/** The state of a job as one checkpoint has it. */
export interface JobState {
  /** By the names of participants. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly pipelines: Readonly<Record<string, PipelineStatus>>;
  readonly journals: JournalPositions;
}

/** What was found at a barrier. */
export interface CutFacts {
  /** Of those who run; what comes late is put in when it comes. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** Of those who run, and of those who have completed. */
  readonly statuses: Readonly<Record<string, PipelineStatus>>;
  readonly running: ReadonlySet<string>;
  readonly serial: number;
  readonly setBackMs: number;
  readonly origin: Origin | undefined;
  readonly journals: JournalCut;
  /** The names of participants that have promised their states. */
  readonly late: Iterable<string>;
}

/**
 * What one barrier has found between two turns. What does not run was not found, and is carried over: from the newest
 * cut before that may still become a checkpoint, or else from the newest checkpoint. Otherwise a pipeline that has left
 * would be older in this checkpoint than in the one before.
 */
export class Cut {
  readonly late: Set<string>;
  private state: JobState | null = null;

  /** @param before - the cut before, as long as it is not known what becomes of it. */
  constructor(
    readonly facts: CutFacts,
    private before: Cut | null,
  ) {
    this.late = new Set(facts.late);
  }

  /** The participants that it waits for: its own, or those of the cut that it carries something over from. */
  get missing(): readonly string[] {
    return this.late.size > 0 ? [...this.late] : (this.source(this.before)?.missing ?? []);
  }

  /** Whether `assemble` can be called: nobody is missing. */
  get isComplete(): boolean {
    const source = this.source(this.before);
    return this.late.size === 0 && source?.state !== null;
  }

  /** It is known what became of `cut`: it failed, or the history has it or a later one. */
  settled(cut: Cut, hasFailed: boolean): void {
    if (this.before === cut) this.before = hasFailed ? cut.before : null;
  }

  /** All of the job, once the cut is complete. */
  assemble(history: History, newest: JournalPositions): JobState & { readonly meta: CheckpointMeta } {
    const { snapshots, running, statuses, serial, setBackMs, journals, origin } = this.facts;
    const from: JobState = this.source(this.before)?.state ?? { journals: newest, ...history.state };
    const pipelines = { ...from.pipelines, ...statuses };
    const entries = new Map<string, Snapshot>();
    for (const [name, snapshot] of snapshots)
      entries.set(name, history.unify(name, snapshot, this.before?.state?.snapshots));
    for (const [name, snapshot] of history.ofAbsent(pipelines, running, from.snapshots))
      if (!entries.has(name)) entries.set(name, snapshot);
    const positions = new Map(journals.positions);
    for (const source of journals.absent) positions.set(source, from.journals.get(source) ?? 0);
    this.state = { snapshots: entries, pipelines, journals: positions };
    const meta = {
      pipelines,
      serial,
      ...clockMeta(setBackMs),
      ...journalMeta(positions, journals.generation),
      ...originMeta(origin),
    };
    return { meta, ...this.state };
  }

  /** Where to carry over from: not a cut that waits for late states, if it has nothing that does not run here too. */
  private source(cut: Cut | null): Cut | null {
    if (cut?.state !== null) return cut;
    const { running } = this.facts;
    const hasMore = [...cut.facts.running].some((name) => !running.has(name));
    return hasMore ? cut : this.source(cut.before);
  }
}
