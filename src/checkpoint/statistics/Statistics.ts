import { Observable, Subject } from 'rxjs';

import type { CheckpointFailedError } from '../../errors/CheckpointFailedError.js';
import { guarded } from '../guarded.js';
import type { CheckpointListener, CompletionFacts, SweepFacts } from './CheckpointListener.js';
import type {
  CheckpointRecord,
  CheckpointStatistics,
  CheckpointSummary,
  ParticipantRecord,
  RestoreRecord,
} from './CheckpointStatistics.js';
import { Samples } from './Samples.js';

type Measured = keyof CheckpointSummary;

/** What a record says of a checkpoint that has just been triggered. */
const IN_PROGRESS = {
  status: 'in-progress',
  failure: null,
  acknowledgedAt: null,
  durationMs: null,
  startDelayMs: null,
  synchronousMs: null,
  asynchronousMs: null,
  sizeBytes: null,
  writtenBytes: null,
  inFlightBytes: null,
  participants: Object.freeze({}),
} as const;

/** Keeps the books of a CheckpointSubject. What it hands out is made when somebody asks, and never changes. */
export class Statistics implements CheckpointListener {
  /** What is known now, and again after each change. */
  readonly stats$: Observable<CheckpointStatistics>;

  private readonly changed = new Subject<void>();
  private readonly counts = { triggered: 0, completed: 0, failed: 0, refused: 0, restored: 0 };
  private readonly latest: Record<'completed' | 'failed' | 'savepoint', CheckpointRecord | null> = {
    completed: null,
    failed: null,
    savepoint: null,
  };
  private latestRefusal: CheckpointFailedError | null = null;
  private latestRestore: RestoreRecord | null = null;
  /** By id: those on their way. */
  private readonly inProgress = new Map<number, CheckpointRecord>();
  /** When which asynchronous input delivered, by checkpoint. */
  private readonly deliveries = new Map<number, Map<string, number>>();
  /** The newest first. */
  private history: number[] = [];
  private readonly records = new Map<number, CheckpointRecord>();
  private readonly samples: Readonly<Record<Measured, Samples>> = {
    durationMs: new Samples(),
    startDelayMs: new Samples(),
    synchronousMs: new Samples(),
    asynchronousMs: new Samples(),
    sizeBytes: new Samples(),
    writtenBytes: new Samples(),
  };
  private current: CheckpointStatistics | null = null;

  /** @param historySize - how many checkpoints to keep in detail. */
  constructor(private readonly historySize: number) {
    this.stats$ = new Observable((subscriber) => {
      subscriber.next(this.now());
      return this.changed.subscribe({
        next: () => subscriber.next(this.now()),
        error: (error: unknown) => subscriber.error(error),
      });
    });
  }

  triggered(id: number, timestamp: number, savepoint: string | null): void {
    this.counts.triggered++;
    const record: CheckpointRecord = {
      id,
      timestamp,
      savepoint,
      ...IN_PROGRESS,
    };
    this.inProgress.set(id, record);
    this.history = [id, ...this.history].slice(0, this.historySize);
    this.keep(record);
    for (const old of this.records.keys()) if (!this.history.includes(old)) this.records.delete(old);
    this.tell();
  }

  delivered(id: number, input: string, timestamp: number): void {
    if (!this.inProgress.has(id)) return;
    const deliveries = this.deliveries.get(id) ?? new Map<string, number>();
    this.deliveries.set(id, deliveries.set(input, timestamp));
  }

  swept(id: number, { timestamp, synchronousMs, participants }: SweepFacts): void {
    const record = this.inProgress.get(id);
    if (record === undefined) return;
    const startDelayMs = timestamp - record.timestamp;
    const deliveries = this.deliveries.get(id);
    const records: Record<string, ParticipantRecord> = {};
    let isWhole = true;
    for (const [name, handOver] of participants) {
      if (handOver.isLate) isWhole = false;
      records[name] = Object.freeze({
        acknowledgedAt: handOver.isLate ? null : timestamp,
        synchronousMs: handOver.synchronousMs,
        asynchronousMs: handOver.isLate ? null : 0,
        alignmentMs: timestamp - (deliveries?.get(name) ?? timestamp),
        startDelayMs,
        sizeBytes: null,
        writtenBytes: null,
        inFlightBytes: handOver.isHolding ? null : 0,
      });
    }
    const acknowledgedAt = isWhole ? timestamp : null;
    this.update({ ...record, startDelayMs, synchronousMs, acknowledgedAt, participants: Object.freeze(records) });
  }

  arrived(id: number, participant: string, timestamp: number): void {
    const record = this.inProgress.get(id);
    const part = record?.participants[participant];
    if (record === undefined || part === undefined) return;
    const sweptAt = record.timestamp + (record.startDelayMs ?? 0);
    const participants = {
      ...record.participants,
      [participant]: Object.freeze({ ...part, acknowledgedAt: timestamp, asynchronousMs: timestamp - sweptAt }),
    };
    const isWhole = Object.values(participants).every(({ acknowledgedAt }) => acknowledgedAt !== null);
    this.update({
      ...record,
      participants: Object.freeze(participants),
      acknowledgedAt: isWhole ? timestamp : null,
    });
  }

  completed(id: number, facts: CompletionFacts): void {
    const record = this.inProgress.get(id);
    if (record === undefined) return;
    const durationMs = facts.timestamp - record.timestamp;
    const startDelayMs = record.startDelayMs ?? 0;
    const { sizeBytes, writtenBytes } = facts;
    const figures = { durationMs, startDelayMs, sizeBytes, writtenBytes, asynchronousMs: durationMs - startDelayMs };
    for (const [name, figure] of Object.entries({ synchronousMs: record.synchronousMs ?? 0, ...figures }))
      this.samples[name as Measured].add(figure);
    this.counts.completed++;
    const participants: Record<string, ParticipantRecord> = {};
    let inFlightBytes = 0;
    for (const [name, part] of Object.entries(record.participants)) {
      const size = facts.entrySizeBytes(name);
      const held = part.inFlightBytes === null ? size : 0;
      inFlightBytes += held;
      participants[name] = Object.freeze({
        ...part,
        sizeBytes: size,
        writtenBytes: facts.hasWritten(name) ? size : 0,
        inFlightBytes: held,
      });
    }
    const completed = {
      ...record,
      ...figures,
      status: 'completed' as const,
      inFlightBytes,
      participants: Object.freeze(participants),
    };
    this.end(completed);
    this.latest.completed = this.records.get(id) ?? Object.freeze(completed);
    if (record.savepoint !== null) this.latest.savepoint = this.latest.completed;
    this.tell();
  }

  failed(id: number, failure: CheckpointFailedError, timestamp: number): void {
    const record = this.inProgress.get(id);
    if (record === undefined) return;
    this.counts.failed++;
    const failed = { ...record, status: 'failed' as const, failure, durationMs: timestamp - record.timestamp };
    this.end(failed);
    this.latest.failed = this.records.get(id) ?? Object.freeze(failed);
    this.tell();
  }

  /** One that was asked for and never begun. */
  refused(failure: CheckpointFailedError): void {
    this.counts.refused++;
    this.latestRefusal = failure;
    this.tell();
  }

  restored(checkpointId: number, timestamp: number): void {
    this.counts.restored++;
    this.latestRestore = Object.freeze({ checkpointId, timestamp });
    this.tell();
  }

  private update(record: CheckpointRecord): void {
    this.inProgress.set(record.id, record);
    this.keep(record);
    this.tell();
  }

  private end(record: CheckpointRecord): void {
    this.inProgress.delete(record.id);
    this.deliveries.delete(record.id);
    this.keep(record);
  }

  private keep(record: CheckpointRecord): void {
    if (this.history.includes(record.id)) this.records.set(record.id, Object.freeze(record));
  }

  private tell(): void {
    this.current = null;
    guarded(() => this.changed.next());
  }

  private now(): CheckpointStatistics {
    return (this.current ??= Object.freeze({
      counts: Object.freeze({ inProgress: this.inProgress.size, ...this.counts }),
      latest: Object.freeze({ refusal: this.latestRefusal, restored: this.latestRestore, ...this.latest }),
      summary: this.counts.completed === 0 ? null : this.summarize(),
      history: Object.freeze(this.history.map((id) => this.records.get(id)!)),
    }));
  }

  private summarize(): CheckpointSummary {
    const { durationMs, startDelayMs, synchronousMs, asynchronousMs, sizeBytes, writtenBytes } = this.samples;
    return Object.freeze({
      durationMs: durationMs.distribution(),
      startDelayMs: startDelayMs.distribution(),
      synchronousMs: synchronousMs.distribution(),
      asynchronousMs: asynchronousMs.distribution(),
      sizeBytes: sizeBytes.distribution(),
      writtenBytes: writtenBytes.distribution(),
    });
  }
}
