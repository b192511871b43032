// Looking
export { listCheckpoints } from './listCheckpoints.js';
export type { CheckpointSummary, ListedCheckpoint } from './listCheckpoints.js';
export { readCheckpoint } from './readCheckpoint.js';
export type { CheckpointDetails, JournalSummary, OperatorSummary } from './readCheckpoint.js';
export { readSnapshot } from './readSnapshot.js';
export { diffCheckpoints } from './diffCheckpoints.js';
export type { CheckpointDiff, OperatorDiff } from './diffCheckpoints.js';
export type { ValueChange, ValueDiff } from './diffValues.js';
export { verifyStorage } from './verifyStorage.js';
export type { Damage, StorageReport, VerifyOptions } from './verifyStorage.js';
export type { Orphan } from './findOrphans.js';
export type { CheckpointReference } from './packNames.js';

// Changing
export { exportCheckpoint } from './exportCheckpoint.js';
export { importCheckpoint } from './importCheckpoint.js';
export { editSnapshot } from './editSnapshot.js';
export type { EditedSavepoint } from './editSnapshot.js';
export { renameOperator } from './renameOperator.js';
export type { RenamedSavepoint } from './renameOperator.js';
export { removeCheckpoint } from './removeCheckpoint.js';
export type { Removed } from './removeCheckpoint.js';
export { collectGarbage } from './collectGarbage.js';
export type { CollectGarbageOptions, Garbage } from './collectGarbage.js';

// Pipelines
export { describe } from './describe.js';
export type { DescribeOptions, GraphNode, PipelineGraph } from './describe.js';
export type { NodeSnapshot } from './NodeSnapshots.js';
export { toMermaid } from './toMermaid.js';

// Values as JSON
export { toReadable } from './toReadable.js';
export { fromReadable } from './fromReadable.js';
export type { Readable } from './Readable.js';

// Errors
export { OperatorNotFoundError } from '../errors/OperatorNotFoundError.js';
export { RefusedEditError } from '../errors/RefusedEditError.js';
export { UnreadableCheckpointError } from '../errors/UnreadableCheckpointError.js';
export { UnreadableNotationError } from '../errors/UnreadableNotationError.js';
