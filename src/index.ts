// Checkpoints
export { CheckpointSubject } from './checkpoint/CheckpointSubject.js';
export type { CheckpointSubjectOptions, RecoverOptions } from './checkpoint/CheckpointSubject.js';
export type { Checkpoint, OperatorCheckpoint, PipelineStatus } from './checkpoint/Checkpoint.js';
export type { ErrorType } from './checkpoint/protocol/StoredError.js';
export type { Pipeline } from './checkpoint/protocol/Pipeline.js';
export { NO_OFFSET } from './checkpoint/protocol/SourcePosition.js';
export type { SourcePosition } from './checkpoint/protocol/SourcePosition.js';

// Pipelines
export { CheckpointedObservable } from './operators/base/CheckpointedObservable.js';
export type { Branded, CheckpointedOperator, Step } from './operators/base/CheckpointedObservable.js';
export { pipe } from './operators/pipe.js';
export { transparent } from './operators/transparent.js';
export { uid } from './operators/uid.js';

// Sources
export { from } from './sources/from.js';
export { fromArray } from './sources/fromArray.js';
export { fromObservable } from './sources/fromObservable.js';
export { fromRemote } from './sources/fromRemote.js';
export type { RemoteConnect, RemoteConnection, RemoteSink } from './sources/RemoteSource.js';
export { of } from './sources/of.js';

// Operators
export { bufferCount } from './operators/bufferCount.js';
export { bufferTime } from './operators/bufferTime.js';
export { catchError } from './operators/catchError.js';
export { combineAll } from './operators/combineAll.js';
export { combineLatest } from './operators/combineLatest.js';
export { combineLatestAll } from './operators/combineLatestAll.js';
export { combineLatestWith } from './operators/combineLatestWith.js';
export { concat } from './operators/concat.js';
export { concatMap } from './operators/concatMap.js';
export { concatWith } from './operators/concatWith.js';
export { debounceTime } from './operators/debounceTime.js';
export { delay } from './operators/delay.js';
export { distinctUntilChanged } from './operators/distinctUntilChanged.js';
export { filter } from './operators/filter.js';
export { forkJoin } from './operators/forkJoin.js';
export { groupBy } from './operators/groupBy.js';
export type { BasicGroupByOptions, GroupByOptionsWithElement } from './operators/groupBy.js';
export type { GroupedObservable } from './operators/GroupedObservable.js';
export { map } from './operators/map.js';
export { merge } from './operators/merge.js';
export { mergeMap } from './operators/mergeMap.js';
export { mergeWith } from './operators/mergeWith.js';
export { onErrorResumeNext } from './operators/onErrorResumeNext.js';
export { onErrorResumeNextWith } from './operators/onErrorResumeNextWith.js';
export { pairwise } from './operators/pairwise.js';
export { race } from './operators/race.js';
export { raceWith } from './operators/raceWith.js';
export { reduce } from './operators/reduce.js';
export { repeat } from './operators/repeat.js';
export { repeatWhen } from './operators/repeatWhen.js';
export { retry } from './operators/retry.js';
export { retryWhen } from './operators/retryWhen.js';
export { scan } from './operators/scan.js';
export { share } from './operators/share.js';
export { skip } from './operators/skip.js';
export { startWith } from './operators/startWith.js';
export { switchMap } from './operators/switchMap.js';
export { take } from './operators/take.js';
export { tap } from './operators/tap.js';
export { withLatestFrom } from './operators/withLatestFrom.js';
export { zip } from './operators/zip.js';
export { zipAll } from './operators/zipAll.js';
export { zipWith } from './operators/zipWith.js';

// Storage
export { memoryStorage } from './storage/memoryStorage.js';
export type { CheckpointStorage, StorageLock } from './storage/CheckpointStorage.js';

// Errors
export { AlreadyRunningError } from './errors/AlreadyRunningError.js';
export { CheckpointError } from './errors/CheckpointError.js';
export { CheckpointFailedError } from './errors/CheckpointFailedError.js';
export { CheckpointTooLargeError } from './errors/CheckpointTooLargeError.js';
export { DamagedCheckpointError } from './errors/DamagedCheckpointError.js';
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
export { InvalidUidError } from './errors/InvalidUidError.js';
export { LineTooLongError } from './errors/LineTooLongError.js';
export { MissingUidError } from './errors/MissingUidError.js';
export { NewerFormatError } from './errors/NewerFormatError.js';
export { NotAPipelineError } from './errors/NotAPipelineError.js';
export { NotifierInJobError } from './errors/NotifierInJobError.js';
export { NotTransparentError } from './errors/NotTransparentError.js';
export { OrphanedSnapshotError } from './errors/OrphanedSnapshotError.js';
export { PlainGroupError } from './errors/PlainGroupError.js';
export { RegionRestartError } from './errors/RegionRestartError.js';
export { ReplayTooShortError } from './errors/ReplayTooShortError.js';
export { SharedWithoutUidError } from './errors/SharedWithoutUidError.js';
export { StorageError } from './errors/StorageError.js';
export { StorageLockedError } from './errors/StorageLockedError.js';
export { UnreadableSnapshotError } from './errors/UnreadableSnapshotError.js';
export { UnstorableValueError } from './errors/UnstorableValueError.js';
export { UnsupportedConnectorError } from './errors/UnsupportedConnectorError.js';
export type { CheckpointFailure, CheckpointFailureReason } from './errors/CheckpointFailedError.js';
export type { CheckpointDamage } from './errors/DamagedCheckpointError.js';
export type { RestoreReport } from './errors/OrphanedSnapshotError.js';
