import { CompressionUnavailableError } from '../errors/CompressionUnavailableError.js';
import { checkOption, shown } from '../errors/invalidOption.js';
import type { Compression } from './store/compressedPack.js';
import { canCompress } from './store/compressedPack.js';

/** How a job's checkpoints are taken and kept. Each option has a default that suits a job of which nothing is known. */
export interface CheckpointPolicyOptions {
  /**
   * What asynchronous inputs (`fromRemote`) cost. `'exactly-once'`: one that has delivered its barrier is held until all
   * have, so that each record counts once. `'at-least-once'`: none is held, so that a slow input delays no other; after a
   * restore a record may count twice. It makes no difference to a job without such inputs.
   *
   * Default: `'exactly-once'`, since a record that counts twice is hard to notice.
   */
  readonly mode?: 'exactly-once' | 'at-least-once';
  /**
   * After how many ms a checkpoint that does not get done is given up. `Infinity`: never, and what hangs then keeps those
   * that are asked for after it waiting.
   *
   * Default: 600,000 (10 minutes), far above what a healthy storage takes, so that only what hangs expires.
   */
  readonly timeoutMs?: number;
  /**
   * For how many ms after a checkpoint was completed triggers are refused (`min-pause`), so that a slow storage leaves
   * time for work. `checkpoint()` and savepoints are taken nevertheless: somebody waits for them.
   *
   * Default: 0, since the trigger says already how often.
   */
  readonly minPauseMs?: number;
  /**
   * How many checkpoints may be on their way at once; a trigger that comes when so many are is refused
   * (`too-many-pending`), and `checkpoint()` waits. More than 1 pays if writing takes long, and a restart is to repeat
   * little: the next one is taken while one is still being written. Savepoints do not count.
   *
   * Default: 1, which writes each state once, and least.
   */
  readonly maxConcurrent?: number;
  /**
   * How many checkpoints may fail in a row (`declined`, `expired`, `encoding-failed`, `storage-failed`) before the
   * pipelines end with a TooManyFailedCheckpointsError. 0: the first one ends them.
   *
   * Default: `Infinity`, since a job that works is better than none, and `failures$` tells.
   */
  readonly tolerableFailures?: number;
  /**
   * How many completed checkpoints to keep, to fall back to when the newest is damaged.
   *
   * Default: 3. One would do while nothing is ever damaged.
   */
  readonly retained?: number;
  /**
   * What becomes of the checkpoints once all pipelines were unsubscribed (those that completed do not count; those that
   * failed keep theirs). `'retain'`: subscribing again goes on from the newest. `'delete'`: they are removed, and it
   * begins anew; whatever unsubscribes does that, `take(1)` and `switchMap` behind `recover()` too.
   *
   * Default: `'retain'`, since unsubscribing is how a program stops before it restarts.
   */
  readonly onCancellation?: 'retain' | 'delete';
  /**
   * Whether a checkpoint is taken each time that a pipeline has completed, which says so: a restart then delivers
   * `complete` alone. Without it a restart repeats the end, from the last checkpoint before.
   *
   * Default: true, since the end is done once then, but for a crash right there.
   */
  readonly checkpointAfterCompletion?: boolean;
  /**
   * Makes an operator with state and without a uid an error.
   *
   * Default: false, so that a first pipeline runs without any.
   */
  readonly requireUids?: boolean;
  /**
   * Snapshots of up to so many bytes are written into each checkpoint again, even if they did not change, instead of
   * being referred to in an older one. A restore then opens fewer files, for more bytes written.
   *
   * Default: 0: what did not change is not written.
   */
  readonly inlineThresholdBytes?: number;
  /**
   * How checkpoints and savepoints are compressed before they are written. `'gzip'`: with the runtime's `CompressionStream`,
   * which takes time, in parts or on another thread. What a storage has already is read whatever this says, so it may
   * be changed at any restart. What journaled sources write is small, and is not compressed, since each value waits for it.
   *
   * Default: `'none'`, since snapshots are small in most jobs, and a local disk is faster than compressing.
   */
  readonly compression?: Compression;
  /**
   * For how many ms at once the encoding of a checkpoint may keep the event loop busy. 0 lets it have a turn whenever
   * that is possible.
   *
   * Default: 8, half a frame of a 60 Hz display.
   */
  readonly sliceMs?: number;
}

export type CheckpointPolicies = Required<CheckpointPolicyOptions>;

/**
 * The options with their defaults.
 *
 * @throws RangeError for one that cannot be; CompressionUnavailableError
 */
export function policiesOf(options: CheckpointPolicyOptions): CheckpointPolicies {
  const policies: CheckpointPolicies = {
    mode: options.mode ?? 'exactly-once',
    timeoutMs: options.timeoutMs ?? 600_000,
    minPauseMs: options.minPauseMs ?? 0,
    maxConcurrent: options.maxConcurrent ?? 1,
    tolerableFailures: options.tolerableFailures ?? Infinity,
    retained: options.retained ?? 3,
    onCancellation: options.onCancellation ?? 'retain',
    checkpointAfterCompletion: options.checkpointAfterCompletion ?? true,
    requireUids: options.requireUids ?? false,
    inlineThresholdBytes: options.inlineThresholdBytes ?? 0,
    compression: options.compression ?? 'none',
    sliceMs: options.sliceMs ?? 8,
  };
  checkChoices(policies);
  checkNumbers(policies);
  if (policies.compression !== 'none' && !canCompress()) throw new CompressionUnavailableError('write');
  return policies;
}

const choices = {
  mode: ['exactly-once', 'at-least-once'],
  onCancellation: ['retain', 'delete'],
  checkpointAfterCompletion: [true, false],
  requireUids: [true, false],
  compression: ['none', 'gzip'],
} as const;

function checkChoices(policies: CheckpointPolicies): void {
  for (const [name, allowed] of Object.entries(choices)) {
    const value = policies[name as keyof typeof choices];
    checkOption(name, value, (allowed as readonly unknown[]).includes(value), allowed.map(shown).join(' or '));
  }
}

function checkNumbers(policies: CheckpointPolicies): void {
  const check = (name: keyof CheckpointPolicies, isRight: (value: number) => boolean, rule: string): void => {
    const value: unknown = policies[name];
    checkOption(name, value, typeof value === 'number' && isRight(value), rule);
  };
  check('timeoutMs', (ms) => ms > 0, 'above 0');
  for (const name of ['minPauseMs', 'sliceMs', 'inlineThresholdBytes'] as const)
    check(name, (value) => value >= 0 && value < Infinity, '0 or more, and finite');
  for (const name of ['maxConcurrent', 'retained'] as const)
    check(name, (count) => Number.isInteger(count) && count >= 1, 'a whole number from 1 on');
  const rule = 'a whole number from 0 on, or Infinity';
  check('tolerableFailures', (count) => count === Infinity || (Number.isInteger(count) && count >= 0), rule);
}
