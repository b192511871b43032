// Checkpoints
export { CheckpointSubject } from './checkpoint/CheckpointSubject.js';
export type {
  CheckOptions,
  CheckpointSubjectOptions,
  RecoverOptions,
  StopOptions,
} from './checkpoint/CheckpointSubjectOptions.js';
export type { CheckpointPolicyOptions } from './checkpoint/CheckpointPolicies.js';
export { everyMs } from './checkpoint/everyMs.js';
export type { Checkpoint, OperatorCheckpoint, PipelineStatus } from './checkpoint/Checkpoint.js';
export type { RestoreCheck } from './checkpoint/dryRun.js';
export type { RestoreFrom } from './checkpoint/RestorePoint.js';
export type { Savepoint } from './checkpoint/Savepoint.js';
export { exportSavepoint, importSavepoint, listSavepoints, removeSavepoint } from './checkpoint/savepoints.js';
export type { SavepointBytes } from './checkpoint/savepoints.js';
export type {
  CheckpointCounts,
  CheckpointRecord,
  CheckpointStatistics,
  CheckpointSummary,
  Distribution,
  LatestCheckpoints,
  ParticipantRecord,
  RestoreRecord,
} from './checkpoint/statistics/CheckpointStatistics.js';
export type { CheckpointCommitter } from './checkpoint/CheckpointCommitter.js';
export type { ErrorType } from './checkpoint/protocol/StoredError.js';
export type { Pipeline } from './checkpoint/protocol/Pipeline.js';
export { NO_OFFSET } from './checkpoint/protocol/SourcePosition.js';
export type { SourcePosition } from './checkpoint/protocol/SourcePosition.js';

// Pipelines
export { CheckpointedObservable } from './operators/base/CheckpointedObservable.js';
export type {
  Branded,
  CheckpointedOperator,
  Checkpointing,
  MonoTypeOperatorFunction,
  OperatorFunction,
  Step,
} from './operators/base/CheckpointedObservable.js';
export { pipe } from './operators/pipe.js';
export { transparent } from './operators/transparent.js';
export { uid } from './operators/uid.js';

// Sources
export { animationFrames } from './sources/animationFrames.js';
export { bindCallback } from './sources/bindCallback.js';
export { bindNodeCallback } from './sources/bindNodeCallback.js';
export { EMPTY, empty } from './sources/empty.js';
export { from } from './sources/from.js';
export { fromArray } from './sources/fromArray.js';
export { fromEvent } from './sources/fromEvent.js';
export { fromEventPattern } from './sources/fromEventPattern.js';
export { fromObservable } from './sources/fromObservable.js';
export { fromRemote } from './sources/fromRemote.js';
export type { RemoteConnect, RemoteConnection, RemoteSink } from './sources/RemoteSource.js';
export { journaled } from './sources/journaled.js';
export { generate } from './sources/generate.js';
export type { GenerateBaseOptions, GenerateOptions } from './sources/generate.js';
export { interval } from './sources/interval.js';
export { NEVER, never } from './sources/never.js';
export { of } from './sources/of.js';
export { pairs } from './sources/pairs.js';
export { range } from './sources/range.js';
export { scheduled } from './sources/scheduled.js';
export { throwError } from './sources/throwError.js';
export { timer } from './sources/timer.js';

// Operators
export { audit } from './operators/audit.js';
export { auditTime } from './operators/auditTime.js';
export { buffer } from './operators/buffer.js';
export { bufferCount } from './operators/bufferCount.js';
export { bufferTime } from './operators/bufferTime.js';
export { bufferToggle } from './operators/bufferToggle.js';
export { bufferWhen } from './operators/bufferWhen.js';
export { catchError } from './operators/catchError.js';
export { combineAll } from './operators/combineAll.js';
export { combineLatest } from './operators/combineLatest.js';
export { combineLatestAll } from './operators/combineLatestAll.js';
export { combineLatestWith } from './operators/combineLatestWith.js';
export { concat } from './operators/concat.js';
export { concatAll } from './operators/concatAll.js';
export { concatMap } from './operators/concatMap.js';
export { concatMapTo } from './operators/concatMapTo.js';
export { concatWith } from './operators/concatWith.js';
export { connect } from './operators/connect.js';
export type { ConnectConfig } from './operators/connect.js';
export { connectable } from './operators/connectable.js';
export type { ConnectableConfig } from './operators/connectable.js';
export type { CheckpointedConnectable } from './operators/CheckpointedConnectable.js';
export type { MulticastOperator } from './operators/multicasting.js';
export { ConnectableObservable } from './operators/ConnectableObservable.js';
export { count } from './operators/count.js';
export { debounce } from './operators/debounce.js';
export { debounceTime } from './operators/debounceTime.js';
export { defaultIfEmpty } from './operators/defaultIfEmpty.js';
export { defer } from './operators/defer.js';
export { delay } from './operators/delay.js';
export { delayWhen } from './operators/delayWhen.js';
export { dematerialize } from './operators/dematerialize.js';
export { distinct } from './operators/distinct.js';
export { distinctUntilChanged } from './operators/distinctUntilChanged.js';
export { distinctUntilKeyChanged } from './operators/distinctUntilKeyChanged.js';
export { elementAt } from './operators/elementAt.js';
export { endWith } from './operators/endWith.js';
export { every } from './operators/every.js';
export { exhaust } from './operators/exhaust.js';
export { exhaustAll } from './operators/exhaustAll.js';
export { exhaustMap } from './operators/exhaustMap.js';
export { expand } from './operators/expand.js';
export { filter } from './operators/filter.js';
export { finalize } from './operators/finalize.js';
export { find } from './operators/find.js';
export { findIndex } from './operators/findIndex.js';
export { first } from './operators/first.js';
export { flatMap } from './operators/flatMap.js';
export { forkJoin } from './operators/forkJoin.js';
export { groupBy } from './operators/groupBy.js';
export type { BasicGroupByOptions, GroupByOptionsWithElement } from './operators/groupBy.js';
export type { GroupedObservable } from './operators/GroupedObservable.js';
export { ignoreElements } from './operators/ignoreElements.js';
export { iif } from './operators/iif.js';
export { isEmpty } from './operators/isEmpty.js';
export { last } from './operators/last.js';
export { map } from './operators/map.js';
export { mapTo } from './operators/mapTo.js';
export { materialize } from './operators/materialize.js';
export { max } from './operators/max.js';
export { merge } from './operators/merge.js';
export { mergeAll } from './operators/mergeAll.js';
export { mergeMap } from './operators/mergeMap.js';
export { mergeMapTo } from './operators/mergeMapTo.js';
export { mergeScan } from './operators/mergeScan.js';
export { mergeWith } from './operators/mergeWith.js';
export { min } from './operators/min.js';
export { multicast } from './operators/multicast.js';
export { observeOn } from './operators/observeOn.js';
export { onErrorResumeNext } from './operators/onErrorResumeNext.js';
export { onErrorResumeNextWith } from './operators/onErrorResumeNextWith.js';
export { operate } from './operators/operate.js';
export type {
  OperatorBody,
  OperatorOutput,
  StatefulOperateOptions,
  StatefulOperatorBody,
  StatelessOperateOptions,
} from './operators/operate.js';
export { pairwise } from './operators/pairwise.js';
export { partition } from './operators/partition.js';
export { pluck } from './operators/pluck.js';
export { publish } from './operators/publish.js';
export { publishBehavior } from './operators/publishBehavior.js';
export { publishLast } from './operators/publishLast.js';
export { publishReplay } from './operators/publishReplay.js';
export { race } from './operators/race.js';
export { raceWith } from './operators/raceWith.js';
export { recordMeter } from './operators/recordMeter.js';
export type { RecordMeter } from './operators/recordMeter.js';
export { reduce } from './operators/reduce.js';
export { refCount } from './operators/refCount.js';
export { repeat } from './operators/repeat.js';
export { repeatWhen } from './operators/repeatWhen.js';
export { retry } from './operators/retry.js';
export { retryWhen } from './operators/retryWhen.js';
export { sample } from './operators/sample.js';
export { sampleTime } from './operators/sampleTime.js';
export { scan } from './operators/scan.js';
export { sequenceEqual } from './operators/sequenceEqual.js';
export { share } from './operators/share.js';
export { shareReplay } from './operators/shareReplay.js';
export type { ShareReplayConfig } from './operators/shareReplay.js';
export { single } from './operators/single.js';
export { skip } from './operators/skip.js';
export { skipLast } from './operators/skipLast.js';
export { skipUntil } from './operators/skipUntil.js';
export { skipWhile } from './operators/skipWhile.js';
export { startWith } from './operators/startWith.js';
export { subscribeOn } from './operators/subscribeOn.js';
export { switchAll } from './operators/switchAll.js';
export { switchMap } from './operators/switchMap.js';
export { switchMapTo } from './operators/switchMapTo.js';
export { switchScan } from './operators/switchScan.js';
export { take } from './operators/take.js';
export { takeLast } from './operators/takeLast.js';
export { takeUntil } from './operators/takeUntil.js';
export { takeWhile } from './operators/takeWhile.js';
export { tap } from './operators/tap.js';
export { throttle } from './operators/throttle.js';
export { throttleTime } from './operators/throttleTime.js';
export { throwIfEmpty } from './operators/throwIfEmpty.js';
export { timeInterval } from './operators/timeInterval.js';
export { timeout } from './operators/timeout.js';
export { timeoutWith } from './operators/timeoutWith.js';
export { timestamp } from './operators/timestamp.js';
export { toArray } from './operators/toArray.js';
export { using } from './operators/using.js';
export { window } from './operators/window.js';
export { windowCount } from './operators/windowCount.js';
export { windowTime } from './operators/windowTime.js';
export { windowToggle } from './operators/windowToggle.js';
export { windowWhen } from './operators/windowWhen.js';
export { withLatestFrom } from './operators/withLatestFrom.js';
export { zip } from './operators/zip.js';
export { zipAll } from './operators/zipAll.js';
export { zipWith } from './operators/zipWith.js';

// Storage
export { cachedStorage } from './storage/cachedStorage.js';
export type { CachedStorageOptions } from './storage/cachedStorage.js';
export { memoryStorage } from './storage/memoryStorage.js';
export type { CheckpointStorage, LockOptions, StorageLock } from './storage/CheckpointStorage.js';

// Errors
export { AlreadyRunningError } from './errors/AlreadyRunningError.js';
export { ArgumentChangedError } from './errors/ArgumentChangedError.js';
export { CheckpointError } from './errors/CheckpointError.js';
export { CheckpointFailedError } from './errors/CheckpointFailedError.js';
export { CompressionUnavailableError } from './errors/CompressionUnavailableError.js';
export { CheckpointTooLargeError } from './errors/CheckpointTooLargeError.js';
export { ClaimLostError } from './errors/ClaimLostError.js';
export { ConnectableInJobError } from './errors/ConnectableInJobError.js';
export { DamagedCheckpointError } from './errors/DamagedCheckpointError.js';
export { DamagedJournalError } from './errors/DamagedJournalError.js';
export { DamagedSavepointError } from './errors/DamagedSavepointError.js';
export { DrainTimeoutError } from './errors/DrainTimeoutError.js';
export { DuplicateUidError } from './errors/DuplicateUidError.js';
export { EntryDuringBarrierError } from './errors/EntryDuringBarrierError.js';
export { FileMissingError } from './errors/FileMissingError.js';
export { FileReadError } from './errors/FileReadError.js';
export { FileReplacedError } from './errors/FileReplacedError.js';
export { FileShrunkError } from './errors/FileShrunkError.js';
export { ForeignOperatorError } from './errors/ForeignOperatorError.js';
export { InputsChangedError } from './errors/InputsChangedError.js';
export { InvalidNameError } from './errors/InvalidNameError.js';
export { InvalidPipelineNameError } from './errors/InvalidPipelineNameError.js';
export { InvalidSavepointNameError } from './errors/InvalidSavepointNameError.js';
export { InvalidUidError } from './errors/InvalidUidError.js';
export { LineTooLongError } from './errors/LineTooLongError.js';
export { MigrationError } from './errors/MigrationError.js';
export { MissingUidError } from './errors/MissingUidError.js';
export { NewerFormatError } from './errors/NewerFormatError.js';
export { NewerStateError } from './errors/NewerStateError.js';
export { NotAPipelineError } from './errors/NotAPipelineError.js';
export { NotMigratableError } from './errors/NotMigratableError.js';
export { NotTransparentError } from './errors/NotTransparentError.js';
export { OrphanedSnapshotError } from './errors/OrphanedSnapshotError.js';
export { PartNotLoadedError } from './errors/PartNotLoadedError.js';
export { PlainGroupError } from './errors/PlainGroupError.js';
export { RegionRestartError } from './errors/RegionRestartError.js';
export { RenameConflictError } from './errors/RenameConflictError.js';
export { ReplayTooShortError } from './errors/ReplayTooShortError.js';
export { RestorePointConflictError } from './errors/RestorePointConflictError.js';
export { RestorePointNotFoundError } from './errors/RestorePointNotFoundError.js';
export { SavepointExistsError } from './errors/SavepointExistsError.js';
export { SharedWithoutUidError } from './errors/SharedWithoutUidError.js';
export { StorageError } from './errors/StorageError.js';
export { StorageLockedError } from './errors/StorageLockedError.js';
export { TooManyFailedCheckpointsError } from './errors/TooManyFailedCheckpointsError.js';
export { UnreadableSnapshotError } from './errors/UnreadableSnapshotError.js';
export { UnstorableValueError } from './errors/UnstorableValueError.js';
export { UnsupportedConnectorError } from './errors/UnsupportedConnectorError.js';
export type { ConnectorProblem } from './errors/UnsupportedConnectorError.js';
export type { MigrationDetails, MigrationProblem } from './errors/MigrationError.js';
export type { AwaitedPart, CheckpointFailure, CheckpointFailureReason } from './errors/CheckpointFailedError.js';
export type { CheckpointDamage } from './errors/DamagedCheckpointError.js';
export type { RestoreReport } from './errors/OrphanedSnapshotError.js';

// RxJS's own: what has no state that a checkpoint would have to hold
export {
  animationFrame,
  animationFrameScheduler,
  ArgumentOutOfRangeError,
  asap,
  asapScheduler,
  async,
  asyncScheduler,
  AsyncSubject,
  BehaviorSubject,
  config,
  EmptyError,
  firstValueFrom,
  identity,
  isObservable,
  lastValueFrom,
  noop,
  NotFoundError,
  Notification,
  NotificationKind,
  ObjectUnsubscribedError,
  Observable,
  observable,
  queue,
  queueScheduler,
  ReplaySubject,
  Scheduler,
  SequenceError,
  Subject,
  Subscriber,
  Subscription,
  TimeoutError,
  UnsubscriptionError,
  VirtualAction,
  VirtualTimeScheduler,
} from 'rxjs';
export type {
  CompleteNotification,
  CompletionObserver,
  Connectable,
  Cons,
  ErrorNotification,
  ErrorObserver,
  FactoryOrValue,
  Falsy,
  GlobalConfig,
  Head,
  InteropObservable,
  NextNotification,
  NextObserver,
  ObservableInput,
  ObservableInputTuple,
  ObservableLike,
  ObservableNotification,
  ObservedValueOf,
  ObservedValuesFromArray,
  ObservedValueTupleFromArray,
  ObservedValueUnionFromArray,
  Observer,
  Operator,
  PartialObserver,
  ReadableStreamLike,
  RepeatConfig,
  RetryConfig,
  SchedulerAction,
  SchedulerLike,
  ShareConfig,
  SubjectLike,
  Subscribable,
  SubscribableOrPromise,
  SubscriptionLike,
  Tail,
  TapObserver,
  TeardownLogic,
  ThrottleConfig,
  TimeInterval,
  TimeoutConfig,
  TimeoutInfo,
  Timestamp,
  TimestampProvider,
  TruthyTypesOf,
  UnaryFunction,
  Unsubscribable,
  ValueFromArray,
  ValueFromNotification,
} from 'rxjs';
