import { checkFlag, checkNames, checkOption } from '../errors/invalidOption.js';
import type { CheckpointPolicies } from './CheckpointPolicies.js';
import { policiesOf } from './CheckpointPolicies.js';
import type { CheckpointSubjectOptions, RecoverOptions, StopOptions } from './CheckpointSubjectOptions.js';
import { isName } from './protocol/isName.js';

/** Those that are no policies. */
const own = ['storage', 'trigger', 'takeOver', 'historySize', 'committers', 'errorTypes', 'dropPipelines', 'scheduler'];
const recovering: readonly (keyof RecoverOptions)[] = [
  'name',
  'from',
  'claim',
  'allowNonRestoredState',
  'shared',
  'onRestore',
];
const stopping: readonly (keyof StopOptions)[] = ['savepoint', 'drain'];

/**
 * The policies among the options, when all of them can be.
 *
 * @throws TypeError for what is of another kind, RangeError for a value that cannot be; CompressionUnavailableError
 */
export function checkedOptions(options: CheckpointSubjectOptions): CheckpointPolicies {
  const { storage } = (options as Partial<CheckpointSubjectOptions> | null | undefined) ?? {};
  if (!has(storage, 'read', 'write', 'remove', 'list'))
    throw new TypeError('CheckpointSubject needs a storage, e.g. { storage: memoryStorage() }.');
  const policies = policiesOf(options);
  checkNames('CheckpointSubject', options, [...own, ...Object.keys(policies)]);
  const {
    takeOver,
    historySize = 10,
    trigger,
    scheduler,
    committers = [],
    errorTypes = [],
    dropPipelines = [],
  } = options;
  checkFlag('takeOver', takeOver);
  const isCount = Number.isInteger(historySize) && historySize >= 0;
  checkOption('historySize', historySize, isCount, 'a whole number from 0 on');
  if (trigger !== undefined && !has(trigger, 'subscribe'))
    throw new TypeError('trigger has to be an Observable, e.g. interval(500) or everyMs(500).');
  if (scheduler !== undefined && !has(scheduler, 'schedule', 'now'))
    throw new TypeError('scheduler has to be one as RxJS has them, e.g. asyncScheduler.');
  if (!isListOf(committers, 'commitCheckpoint', 'isCheckpointCommitted'))
    throw new TypeError(
      'committers has to be an array of objects with commitCheckpoint() and isCheckpointCommitted().',
    );
  if (!isListOf(errorTypes, 'is', 'create') || !errorTypes.every(({ name }) => typeof name === 'string'))
    throw new TypeError('errorTypes has to be an array of objects with a name, is() and create().');
  if (!Array.isArray(dropPipelines) || !dropPipelines.every(isName))
    throw new TypeError("dropPipelines has to be an array of names of pipelines, e.g. ['old totals'].");
  return policies;
}

/** @throws TypeError, RangeError */
export function checkRecoverOptions(of: string, options: RecoverOptions): void {
  checkNames(of, options, recovering);
  checkFlag('claim', options.claim);
  checkFlag('allowNonRestoredState', options.allowNonRestoredState);
  const { onRestore } = options;
  checkOption('onRestore', onRestore, onRestore === undefined || typeof onRestore === 'function', 'a function');
}

/** @throws TypeError, RangeError */
export function checkStopOptions(options: StopOptions): void {
  checkNames('stop()', options, stopping);
  checkFlag('drain', options.drain);
}

function isListOf(value: unknown, ...methods: readonly string[]): boolean {
  return Array.isArray(value) && value.every((item) => has(item, ...methods));
}

function has(value: unknown, ...methods: readonly string[]): boolean {
  return methods.every((name) => typeof (value as Record<string, unknown> | null | undefined)?.[name] === 'function');
}
