// Marble tests with barriers
export { CheckpointTestScheduler } from './CheckpointTestScheduler.js';
export type {
  CheckpointRunHelpers,
  CheckpointTestSchedulerOptions,
  CreateMarbleSource,
  ExpectObservableOptions,
} from './CheckpointTestScheduler.js';
export type { AssertDeepEqual } from './assertEqual.js';
export type { CheckpointExpectation } from './CheckpointExpectation.js';
export type { MarbleSource } from './MarbleSource.js';
export type { ObservableExpectation } from './ObservableExpectation.js';
export type { SubscriptionsExpectation } from './SubscriptionsExpectation.js';
export type { MarblePosition, SubscriptionLog } from './Tape.js';
export type { TestMessage } from './marbles.js';

// Crashes
export { crashAtEachStep } from './crashes/crashAtEachStep.js';
export type { CrashAtEachStepOptions } from './crashes/CrashAtEachStepOptions.js';
export type { CrashReport, PipelineReport, PipelinesUnderTest } from './crashes/crashAtEachStep.js';

// Faults
export { FaultyStorage } from './FaultyStorage.js';
export type { FaultyStorageOptions } from './FaultyStorage.js';
export type { HeldCall } from './FaultyDisk.js';
export type { FaultRule, StorageCall, StorageFaults } from './StorageFaults.js';
export { LossyFileSystem } from './LossyFileSystem.js';
export type { FileCall, LossyFileSystemOptions } from './LossyFileSystem.js';
export type { Choices } from './LossyTree.js';
export type { DirectoryEntry, FileStatus, OpenFile, PosixFiles } from '../io/PosixFiles.js';
export { random } from './random.js';
export type { Random } from './random.js';

// Contracts for members of one's own
export { registerContract } from './contracts/ContractCase.js';
export type { ContractCase, TestRunner } from './contracts/ContractCase.js';
export { operatorContract } from './contracts/operatorContract.js';
export type { OperatorExample, OperatorUnderTest } from './contracts/operatorContract.js';
export { sourceContract } from './contracts/sourceContract.js';
export type { SourceUnderTest } from './contracts/sourceContract.js';
export { storageContract } from './contracts/storageContract.js';
export type { StorageContractOptions, StorageUnderTest } from './contracts/storageContract.js';
