import { describe, expect, test } from '@jest/globals';
import * as rxjs from 'rxjs';

import * as library from '../../src/index.js';

const cause = new Error('EACCES: permission denied');

const lastFailure = new library.CheckpointFailedError({
  reason: 'storage-failed',
  checkpointId: 7,
  message: 'Checkpoint 7 could not be written.',
});

/** Each error of this library as users meet it. What a message says is part of the API, so it is written down here. */
const errors: Record<string, readonly library.CheckpointError[]> = {
  AlreadyRunningError: [new library.AlreadyRunningError('main')],
  // Its messages are made where checkpoints fail: see spec/checkpoint/failures.spec.ts.
  ArgumentChangedError: [
    new library.ArgumentChangedError('main:third', 'it waits for value 2, counted from 0, and 5 values had come'),
  ],
  CheckpointFailedError: [],
  CheckpointTooLargeError: [
    new library.CheckpointTooLargeError({ checkpointId: 7, writtenBytes: 3e9, limitBytes: 2 ** 31 - 1 }),
  ],
  ClaimLostError: [
    new library.ClaimLostError({ storage: 'files in /var/lib/job/state', owner: "process 4711 of host 'web-1'" }),
    new library.ClaimLostError({ storage: 'files in /var/lib/job/state', owner: undefined }),
  ],
  CompressionUnavailableError: [
    new library.CompressionUnavailableError('write'),
    new library.CompressionUnavailableError('read'),
  ],
  ConnectableInJobError: [new library.ConnectableInJobError()],
  DamagedCheckpointError: [
    new library.DamagedCheckpointError({
      storage: 'files in /var/lib/job/state',
      damages: [
        { checkpointId: 7, name: 'checkpoint-000000000007', problem: 'is cut off' },
        { checkpointId: 6, name: 'checkpoint-000000000006', problem: 'is empty' },
      ],
    }),
  ],
  DamagedJournalError: [
    new library.DamagedJournalError({
      storage: 'files in /var/lib/job/state',
      segment: 'journal-0123456789abcdef-0000000000000007-000000000001',
      problem: 'is cut off: it has 12 bytes',
      source: 'prices',
    }),
  ],
  DamagedSavepointError: [
    new library.DamagedSavepointError({
      source: "Savepoint 'before-deploy' in the storage (files in /var/lib/job/state)",
      problem: 'is cut off: it has 12 bytes',
    }),
  ],
  DrainTimeoutError: [
    new library.DrainTimeoutError({ timeoutMs: 600_000, pipelines: ['main'], left: ['polls', 'polls[0]:interval'] }),
    new library.DrainTimeoutError({ timeoutMs: 1_000, pipelines: ['b', 'c'], left: ['polls'] }),
  ],
  DuplicateUidError: [
    new library.DuplicateUidError('total', 'two-nodes'),
    new library.DuplicateUidError('total', 'same-node'),
    new library.DuplicateUidError('total', 'late-name'),
    new library.DuplicateUidError('total', 'absent-pipeline', ['widget']),
  ],
  EntryDuringBarrierError: [new library.EntryDuringBarrierError()],
  FileMissingError: [
    new library.FileMissingError({ path: 'flights.csv', offset: 0 }),
    new library.FileMissingError({ path: 'flights.csv', offset: 4_096 }),
  ],
  FileReadError: [new library.FileReadError({ path: 'flights.csv', offset: 4_096, cause })],
  FileReplacedError: [
    new library.FileReplacedError({ path: 'flights.csv', offset: 4_096, part: 'head' }),
    new library.FileReplacedError({ path: 'flights.csv', offset: 4_096, part: 'tail' }),
  ],
  FileShrunkError: [new library.FileShrunkError({ path: 'flights.csv', offset: 4_096, sizeBytes: 100 })],
  ForeignOperatorError: [new library.ForeignOperatorError("scan ('total')")],
  InputsChangedError: [new library.InputsChangedError('main:merge', 2, 3)],
  InvalidNameError: [new library.InvalidNameError('../state')],
  InvalidPipelineNameError: [
    new library.InvalidPipelineNameError('a/b'),
    new library.InvalidPipelineNameError('totals', 'dropped'),
  ],
  InvalidSavepointNameError: [new library.InvalidSavepointNameError('Before deploy')],
  InvalidUidError: [new library.InvalidUidError('a/b'), new library.InvalidUidError(5n)],
  LineTooLongError: [new library.LineTooLongError({ path: 'flights.csv', offset: 4_096, maxLineBytes: 1_048_576 })],
  MigrationError: (
    [
      { type: 'no-step', step: 1 },
      { type: 'no-state' },
      { type: 'thrown', cause },
      { type: 'promise' },
      { type: 'nothing' },
      {
        type: 'unstorable',
        cause: new library.UnstorableValueError({ path: 'state.migrated', problem: 'is a User.' }),
      },
    ] as const
  ).map((problem) => new library.MigrationError({ operator: 'total', from: 1, to: 3, problem })),
  MissingUidError: [new library.MissingUidError(['main:fromFile', 'main:fromFile:scan'])],
  NewerFormatError: [
    new library.NewerFormatError({
      storage: 'files in /var/lib/job/state',
      checkpoint: 'checkpoint-000000000007',
      formatVersion: 2,
      supportedVersion: 1,
    }),
  ],
  NewerStateError: [new library.NewerStateError('total', 3, 2)],
  NotAPipelineError: [new library.NotAPipelineError(undefined), new library.NotAPipelineError("scan ('total')")],
  NotMigratableError: [new library.NotMigratableError('delayed', 'delay')],
  NotTransparentError: [new library.NotTransparentError('main:transparent')],
  OrphanedSnapshotError: [
    new library.OrphanedSnapshotError({
      checkpointId: 7,
      pipeline: 'main',
      matched: ['flights'],
      new: ['sum'],
      orphaned: ['total'],
      ...{ renamed: [], migrated: [], waitsFor: [] },
    }),
    new library.OrphanedSnapshotError({
      checkpointId: 7,
      pipeline: 'main',
      matched: [],
      new: [],
      orphaned: ['a', 'b'],
      ...{ renamed: [], migrated: [], waitsFor: [] },
    }),
    new library.OrphanedSnapshotError(
      {
        checkpointId: 7,
        pipeline: 'main',
        matched: ['flights'],
        new: [],
        orphaned: ['log', 'shared'],
        ...{ renamed: [], migrated: [], waitsFor: [] },
      },
      ['shared'],
    ),
  ],
  PartNotLoadedError: [new library.PartNotLoadedError('savepoints', new TypeError('Failed to fetch'))],
  PlainGroupError: [new library.PlainGroupError()],
  RegionRestartError: [
    new library.RegionRestartError('count', ['sum']),
    new library.RegionRestartError('count', ['sum'], cause),
  ],
  RenameConflictError: (['both-stored', 'two-claim', 'name-in-use', 'journal-not-empty'] as const).map(
    (problem) => new library.RenameConflictError({ operator: 'total', was: 'sum', problem }),
  ),
  ReplayTooShortError: [new library.ReplayTooShortError('events', 5, 3)],
  RestorePointConflictError: [
    new library.RestorePointConflictError('count', "savepoint 'before-deploy'", 'checkpoint 7'),
  ],
  RestorePointNotFoundError: [
    new library.RestorePointNotFoundError({
      ...{ from: 'before-deploy', storage: 'files in /var/lib/job/state' },
      ...{ savepoints: ['end-of-may', 'initial'], checkpoints: [12, 11, 10] },
    }),
    new library.RestorePointNotFoundError({
      ...{ from: 7, storage: 'files in /var/lib/job/state', savepoints: [], checkpoints: [] },
    }),
  ],
  SavepointExistsError: [
    new library.SavepointExistsError({ savepoint: 'before-deploy', storage: 'files in /var/lib/job/state' }),
    new library.SavepointExistsError({ savepoint: 'before-deploy', storage: 'memory', isUnderWay: true }),
  ],
  SharedWithoutUidError: [new library.SharedWithoutUidError('share')],
  StorageError: (['open', 'read', 'write', 'remove', 'list', 'lock', 'release'] as const)
    .map(
      (operation) =>
        new library.StorageError({
          storage: 'files in /var/lib/job/state',
          operation,
          target: operation === 'write' ? 'checkpoint-000000000007' : undefined,
          cause,
        }),
    )
    .concat(
      new library.StorageError({
        storage: 'files in /var/lib/job/state',
        operation: 'write',
        target: 'journal-0123456789abcdef-0000000000000007-000000000001',
        cause,
      }),
    ),
  StorageLockedError: [
    new library.StorageLockedError({ storage: 'files in /var/lib/job/state', owner: 'process 4711 on host web-1' }),
  ],
  TooManyFailedCheckpointsError: [
    new library.TooManyFailedCheckpointsError(1, lastFailure),
    new library.TooManyFailedCheckpointsError(4, lastFailure),
  ],
  UnreadableSnapshotError: [
    new library.UnreadableSnapshotError({
      problem: "it holds a value of type 'Money', which this job does not know",
    }).of('total'),
  ],
  UnstorableValueError: [
    new library.UnstorableValueError({ path: 'state.users[3]', problem: 'is an instance of User.' }),
    new library.UnstorableValueError({ path: 'state.users[3]', problem: 'is an instance of User.' }).of('total'),
    new library.UnstorableValueError({ path: 'state.value.user', problem: 'is an instance of User.' }).inJournalOf(
      'users',
    ),
  ],
  UnsupportedConnectorError: [
    new library.UnsupportedConnectorError('shared'),
    new library.UnsupportedConnectorError('groups', 'content', ['Subject', 'BehaviorSubject']),
    new library.UnsupportedConnectorError('shared', 'one-for-all'),
  ],
};

/** Not those that are RxJS's own. */
const exported = Object.entries(library).filter(
  ([name, value]) => /^[A-Z].*Error$/.test(name) && name !== 'CheckpointError' && value !== rxjs[name as never],
);

test('every error that is exported is here', () => {
  expect(Object.keys(errors)).toEqual(exported.map(([name]) => name).sort());
});

test.each(exported)('%s is a CheckpointError with its own name and code', (name, ErrorClass) => {
  for (const error of errors[name]!) {
    expect(error).toBeInstanceOf(ErrorClass);
    expect(error).toBeInstanceOf(library.CheckpointError);
    expect(error.name).toBe(name);
    expect(error.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  }
});

test('codes tell the classes apart', () => {
  const codes = Object.values(errors).flatMap(([error]) => (error === undefined ? [] : [error.code]));
  expect(new Set(codes).size).toBe(codes.length);
});

describe('messages', () => {
  const all = Object.values(errors).flat();

  test('say what failed, why that is unsafe, and what to do', () => {
    expect(all.map(({ name, message }) => `${name}: ${message}`)).toMatchInlineSnapshot(`
      [
        "AlreadyRunningError: Pipeline 'main' is already running: its state can be restored into one subscription at a time. Put share() after recover() to have several subscribers, or give a second pipeline a name: recover(pipeline$, { name: 'other' }).",
        "ArgumentChangedError: Operator 'main:third' has another argument than at the checkpoint, with which it cannot go on: it waits for value 2, counted from 0, and 5 values had come. Undo the change, or give the operator another uid, so that it starts anew (with allowNonRestoredState).",
        "CheckpointTooLargeError: Checkpoint 7 would write 3000000000 bytes or more at once, and 2147483647 is the most that can be read back at once. Keep less state in one job, or split the job.",
        "ClaimLostError: This job has lost its claim on the storage (files in /var/lib/job/state): process 4711 of host 'web-1' has it now. It was stopped, since two jobs would overwrite each other's checkpoints; what it has done since the last completed one is the new owner's to do again. Let one of the two go on, or give each a storage of its own.",
        "ClaimLostError: This job has lost its claim on the storage (files in /var/lib/job/state): its lock was removed. It was stopped, since two jobs would overwrite each other's checkpoints; what it has done since the last completed one is the new owner's to do again. Let one of the two go on, or give each a storage of its own.",
        "CompressionUnavailableError: compression is 'gzip', and this runtime has no CompressionStream. Leave the option out, or use Node 20.19 or a current browser (the jsdom of test runners is none: use their node environment).",
        "CompressionUnavailableError: A checkpoint is compressed, and this runtime has no DecompressionStream. Use Node 20.19 or a current browser (the jsdom of test runners is none: use their node environment).",
        "ConnectableInJobError: A stream that was made with new ConnectableObservable is used in a job, which knows nothing of its connection, so a restart could not bring it back as it was. Use publish() or multicast(), with refCount() or connect(), or what has replaced them: share() and connectable(source$).",
        "DamagedCheckpointError: No checkpoint in the storage (files in /var/lib/job/state) is intact:
      - checkpoint-000000000007 is cut off
      - checkpoint-000000000006 is empty
      Starting empty would silently drop the state they held. Restore the files from a backup, or move the storage away to start empty on purpose.",
        "DamagedJournalError: The journal of source 'prices' in the storage (files in /var/lib/job/state) is damaged in its middle: journal-0123456789abcdef-0000000000000007-000000000001 is cut off: it has 12 bytes. Going on with what is behind would silently lose what is missing. Restore the storage from a backup, or remove all whose names begin with 'journal-0123456789abcdef-' to go on without what this source had emitted since the checkpoint.",
        "DamagedSavepointError: Savepoint 'before-deploy' in the storage (files in /var/lib/job/state) cannot be used: it is cut off: it has 12 bytes. Restoring a part of it would lose state. Take it from a backup or export it again; a file has to be copied in binary mode.",
        "DrainTimeoutError: The job was drained, and after 600000 ms pipeline main had not completed: there are still polls, polls[0]:interval. A restart begins with the checkpoint before the drain. An inner pipeline that never ends cannot be drained: end it, raise timeoutMs if it only needs longer, or stop() without drain.",
        "DrainTimeoutError: The job was drained, and after 1000 ms pipelines b, c had not completed: there are still polls. A restart begins with the checkpoint before the drain. An inner pipeline that never ends cannot be drained: end it, raise timeoutMs if it only needs longer, or stop() without drain.",
        "DuplicateUidError: The uid 'total' is not unique: two operators have it (or one that a function makes each time it is called), so their snapshots could not be told apart. Give each operator a uid of its own.",
        "DuplicateUidError: The uid 'total' is not unique: the same stream is used in two places, which are two subscriptions with one name. Put share() before its uid to have one subscription for both, or build the stream twice with two uids.",
        "DuplicateUidError: The uid 'total' is not unique: a shared stream is used both with this uid and without. Put the uid right after share(), where the stream is made, and use the result everywhere.",
        "DuplicateUidError: The uid 'total' is taken: the newest checkpoint has the state of an operator with that uid for pipeline 'widget', which is not there, and the next checkpoint would lose it. If they share this operator, subscribe 'widget' first; if the program does not have 'widget' any more: new CheckpointSubject({ …, dropPipelines: ['widget'] }); else choose another uid.",
        "EntryDuringBarrierError: A value entered the job while a barrier was passing: it would be in some snapshots of the checkpoint and not in others. Do not emit from snapshotState() or from a subscriber of the barrier; emit later, e.g. with queueMicrotask().",
        "FileMissingError: There is no file 'flights.csv': an empty result would look as if it had been read. Create it, or correct the path.",
        "FileMissingError: There is no file 'flights.csv' any more, and the checkpoint goes on at byte 4096 of it: without it, the records after that byte would be lost. Put it back, or correct the path.",
        "FileReadError: 'flights.csv' cannot be read at byte 4096: EACCES: permission denied. Going on without the rest of it would lose records. Make it readable for this process and start again: it resumes from the newest checkpoint.",
        "FileReplacedError: 'flights.csv' is not the file that the checkpoint was taken of: its first bytes differ. Going on at byte 4096 would skip records of this one, and may start within a record. Put back the file as it was (it may have grown), or, to read this one from its start, begin with an empty storage: its records cannot be added to a state that counts others.",
        "FileReplacedError: 'flights.csv' is not the file that the checkpoint was taken of: the bytes before byte 4096 differ. Going on at byte 4096 would skip records of this one, and may start within a record. Put back the file as it was (it may have grown), or, to read this one from its start, begin with an empty storage: its records cannot be added to a state that counts others.",
        "FileShrunkError: 'flights.csv' has 100 bytes, and the checkpoint goes on at byte 4096 of it: it was truncated or replaced, so the state in the checkpoint counts records that are not in it. Put back the file as it was (it may have grown), or, to read this one from its start, begin with an empty storage: its records cannot be added to a state that counts others.",
        "ForeignOperatorError: An operator that takes no part in checkpoints stands after scan ('total'): its state would be lost at every restart. Import the operator from 'rxjs-checkpoint' instead of 'rxjs', or wrap it in transparent() if it is synchronous and keeps no state.",
        "InputsChangedError: Operator 'main:merge' had 2 inputs at the checkpoint and has 3 now: its state could go to the wrong ones. Undo the change, or combine the new input in an operator of its own behind this one.",
        "InvalidNameError: "../state" is no name for stored bytes: some storages would refuse it or confuse it with another. Use 1 to 64 of a-z, 0-9, - and ., not starting with a dot.",
        "InvalidPipelineNameError: "a/b" cannot be the name of a pipeline: it has to be a text of 1 to 200 characters without / : [ ] # @ and control characters, which structural names use. Choose one like 'totals'.",
        "InvalidPipelineNameError: Pipeline 'totals' is in dropPipelines, so its state would be lost at every start. Take it out there, or do not recover() it.",
        "InvalidSavepointNameError: "Before deploy" is no name for a savepoint: it would be refused or confused with something else. Use 1 to 54 of a-z, 0-9, - and ., beginning and ending with a letter or digit, for example 'before-deploy'. Digits alone, 'latest', 'savepoint-…' and a checkpoint's name in the storage mean something else already.",
        "InvalidUidError: "a/b" cannot be a uid: it has to be a text of 1 to 200 characters without / : [ ] # @ and control characters, which structural names use. Choose one like 'total-delay'.",
        "InvalidUidError: 5n cannot be a uid: it has to be a text of 1 to 200 characters without / : [ ] # @ and control characters, which structural names use. Choose one like 'total-delay'.",
        "LineTooLongError: The line at byte 4096 of 'flights.csv' is longer than 1048576 bytes: the file may not be text, and reading on until a line ends could fill the memory. If such lines are expected, allow them with lines({ maxLineBytes }).",
        "MigrationError: The state of operator 'total' could not be brought from version 1 to version 3: no migration leads on from version 1. Give one: uid(name, { version, migrate: { 1: (old) => … } }). Nothing was started, and what is stored is as it was.",
        "MigrationError: The state of operator 'total' could not be brought from version 1 to version 3: this operator keeps no state of yours. Give it a new uid without \`was\` to start it empty, with allowNonRestoredState for what the old one held. Nothing was started, and what is stored is as it was.",
        "MigrationError: The state of operator 'total' could not be brought from version 1 to version 3: migrate threw. EACCES: permission denied. Nothing was started, and what is stored is as it was.",
        "MigrationError: The state of operator 'total' could not be brought from version 1 to version 3: migrate returned a Promise, and nothing can wait for it. Migrate synchronously. Nothing was started, and what is stored is as it was.",
        "MigrationError: The state of operator 'total' could not be brought from version 1 to version 3: migrate returned nothing. Return the new state, also if the old one was changed in place. Nothing was started, and what is stored is as it was.",
        "MigrationError: The state of operator 'total' could not be brought from version 1 to version 3: what migrate returned could not be stored. A snapshot cannot be stored: state.migrated is a User. Nothing was started, and what is stored is as it was.",
        "MissingUidError: Operators with state have no uid: main:fromFile, main:fromFile:scan. Their snapshots would be found by their place in the pipeline, which an edit changes. Put uid('a-name') after each, or leave out requireUids.",
        "NewerFormatError: checkpoint-000000000007 in the storage (files in /var/lib/job/state) has format version 2, and this rxjs-checkpoint reads versions up to 1: a newer one wrote it. Going back to an older checkpoint would lose what the newer one processed. Upgrade rxjs-checkpoint, or give this job a storage of its own.",
        "NewerStateError: The checkpoint has version 3 of the state of operator 'total', and this program has version 2: a newer program wrote it. Reading it as the older one could corrupt it. Start the newer program, or go back to a savepoint from before: recover(pipeline$, { from }).",
        "NotAPipelineError: recover() was given something that is not a CheckpointedObservable: it has no state that could be restored. Start the pipeline with a source of this library (fromFile, fromArray, fromObservable(source$) …).",
        "NotAPipelineError: recover() was given a pipeline with an operator of RxJS itself right after scan ('total'): its state would be lost at every restart. Import the operator from 'rxjs-checkpoint' instead of 'rxjs', or wrap it in transparent() if it is synchronous and keeps no state.",
        "NotMigratableError: uid('delayed') has a version, but what delay keeps is not a state that you define, so there is nothing to migrate. Versions are for scan, reduce and the like, mergeScan, switchScan, distinct and operators made with operate(). Leave the version out.",
        "NotTransparentError: The operator in transparent() ('main:transparent') emitted outside of the call that gave it a value: it holds values back or starts timers, which would be lost at a restart. Use this library's operator of that kind instead.",
        "OrphanedSnapshotError: Checkpoint 7 has snapshots that pipeline 'main' has no operator for: total. Starting would lose that state. Operators without a snapshot, which may be these under another name: sum. Restored otherwise: flights. Give each operator its old uid back, or say what it was called: uid('new', { was: 'old' }); undo the edit of the pipeline; or drop that state: recover(pipeline$, { allowNonRestoredState: true }). Operators with a uid keep their state when others are added or removed.",
        "OrphanedSnapshotError: Checkpoint 7 has snapshots that pipeline 'main' has no operator for: a, b. Starting would lose that state. Restored otherwise: nothing. Give each operator its old uid back, or say what it was called: uid('new', { was: 'old' }); undo the edit of the pipeline; or drop that state: recover(pipeline$, { allowNonRestoredState: true }). Operators with a uid keep their state when others are added or removed.",
        "OrphanedSnapshotError: Checkpoint 7 has snapshots that pipeline 'main' has no operator for: log, shared. Starting would lose that state. Restored otherwise: flights. Give each operator its old uid back, or say what it was called: uid('new', { was: 'old' }); undo the edit of the pipeline; or drop that state: recover(pipeline$, { allowNonRestoredState: true }). Operators with a uid keep their state when others are added or removed. At the checkpoint nobody was subscribed to shared, which went on all the same (connected to its source, or about to reset). If only inner pipelines subscribe to it, a restart finds it by its uid: make the shared stream before the pipeline is restored, and if the process has several of that name, say which one is meant: recover(pipeline$, { shared: [shared$] }). To keep it out of later checkpoints, recover() it as a pipeline of its own too, or let it disconnect while nobody is subscribed (refCount: true).",
        "PartNotLoadedError: The part of rxjs-checkpoint for savepoints could not be loaded, so nothing was done. Bundlers put it into a file of its own: an offline page needs that one stored as well, and a new version of a page has to leave the files of the old one in their place as long as somebody has it open. Try again online, or reload the page. Failed to fetch.",
        "PlainGroupError: A group or window of a plain Observable is used as an inner pipeline of a job: its values would be in no checkpoint, and a restart would lose it. Start its stream with a source of this library, e.g. fromObservable(source$).pipe(groupBy(…)).",
        "RegionRestartError: Pipeline 'count' cannot be restored while 'sum' runs: they share a part, which has moved on since the checkpoint. Unsubscribe 'sum' too, then subscribe all of them.",
        "RegionRestartError: Pipeline 'count' was stopped because 'sum' failed: they share a part, and can only restart from a checkpoint together. Put the same retry() after each recover().",
        "RenameConflictError: Operator 'total' cannot take over the state of 'sum': the checkpoint has both, or several of its old names, so one of the states would be lost. Take 'sum' out of \`was\` and keep an operator of that name, or drop its state with allowNonRestoredState.",
        "RenameConflictError: Operator 'total' cannot take over the state of 'sum': another operator says that it was called so, too. Only one of them can have been: correct \`was\`.",
        "RenameConflictError: Operator 'total' cannot take over the state of 'sum': another operator has that uid now, and one of them would start empty. Give the other one a new uid.",
        "RenameConflictError: Operator 'total' cannot take over the state of 'sum': it is a journaled source, and values wait in its journal. Start the program with the old uid, stop() it when they are through, and rename it then.",
        "ReplayTooShortError: Source 'events' had emitted 5 values at the checkpoint, and this time has only 3: it is not the same stream again, so going on would lose or repeat values. A source that starts over has to repeat what it emitted; for one that does not repeat (a Subject, events) use fromObservable(source$, { hot: true }).",
        "RestorePointConflictError: Pipeline 'count' asks to begin with savepoint 'before-deploy', and its job began with checkpoint 7: the pipelines of one CheckpointSubject share one state, so they all begin with the same. Give \`from\` to the pipelines that start first, to all of them the same, or stop the others before.",
        "RestorePointNotFoundError: There is no savepoint 'before-deploy' in the storage (files in /var/lib/job/state), and beginning with anything else would not be what was asked for. It has the savepoints end-of-may, initial and the checkpoints 12, 11, 10. Name one of these, import the savepoint first, or leave \`from\` out to begin with the newest checkpoint.",
        "RestorePointNotFoundError: There is no checkpoint 7 in the storage (files in /var/lib/job/state), and beginning with anything else would not be what was asked for. It has the savepoints (none) and the checkpoints (none). Name one of these, import the savepoint first, or leave \`from\` out to begin with the newest checkpoint.",
        "SavepointExistsError: There is a savepoint 'before-deploy' in the storage (files in /var/lib/job/state) already, and a savepoint is never overwritten. Choose another name, or remove the old one first: removeSavepoint(storage, name).",
        "SavepointExistsError: A savepoint 'before-deploy' is on its way to the storage (memory) already, and a savepoint is never overwritten. Choose another name, or wait for that one: if it fails, the name is free again.",
        "SharedWithoutUidError: A stream made by share() is used from several pipelines, or inside and outside of an inner pipeline, and has no uid: its snapshot could not be found again reliably. Put uid('a-name') right after share().",
        "StorageError: The storage (files in /var/lib/job/state) could not open: EACCES: permission denied. Without it no checkpoint would be durable. Make it writable for this process, or choose another storage.",
        "StorageError: The storage (files in /var/lib/job/state) could not read: EACCES: permission denied. Starting without what it holds would lose state. Make it readable and try again.",
        "StorageError: The storage (files in /var/lib/job/state) could not write 'checkpoint-000000000007': EACCES: permission denied. This checkpoint is not durable; the ones before it are untouched.",
        "StorageError: The storage (files in /var/lib/job/state) could not remove: EACCES: permission denied. It takes up space until a later attempt succeeds; no checkpoint is affected.",
        "StorageError: The storage (files in /var/lib/job/state) could not list: EACCES: permission denied. Starting without knowing which checkpoints exist would lose state. Make it readable and try again.",
        "StorageError: The storage (files in /var/lib/job/state) could not lock: EACCES: permission denied. Without the lock two jobs could overwrite each other. Make it writable for this process.",
        "StorageError: The storage (files in /var/lib/job/state) could not release: EACCES: permission denied. The next job may find it locked until this process has ended.",
        "StorageError: The storage (files in /var/lib/job/state) could not write 'journal-0123456789abcdef-0000000000000007-000000000001': EACCES: permission denied. What the source emitted since was not handed on, and is lost; a restart goes on behind what was written before.",
        "StorageLockedError: The storage (files in /var/lib/job/state) is in use by process 4711 on host web-1: two jobs would overwrite each other's checkpoints. Stop the other job first, or give this one a storage of its own.",
        "TooManyFailedCheckpointsError: A checkpoint failed, and tolerableFailures allows 0: a restart would repeat more and more. Do away with the cause, then subscribe again, e.g. with retry(), which goes on from the last completed one. The last failure: Checkpoint 7 could not be written.",
        "TooManyFailedCheckpointsError: 4 checkpoints failed in a row, and tolerableFailures allows 3: a restart would repeat more and more. Do away with the cause, then subscribe again, e.g. with retry(), which goes on from the last completed one. The last failure: Checkpoint 7 could not be written.",
        "UnreadableSnapshotError: The snapshot of operator 'total' cannot be read back: it holds a value of type 'Money', which this job does not know. Going on without it would lose state. Start with the version of the program and of rxjs-checkpoint that wrote it.",
        "UnstorableValueError: A snapshot cannot be stored: state.users[3] is an instance of User.",
        "UnstorableValueError: The state of operator 'total' cannot be stored: state.users[3] is an instance of User.",
        "UnstorableValueError: A value of journaled source 'users' cannot be stored: value.user is an instance of User.",
        "UnsupportedConnectorError: The connector of 'shared' makes a Subject whose content cannot be stored, so a restart would lose it. In a job let it make a Subject, BehaviorSubject, ReplaySubject or AsyncSubject of RxJS, not of a subclass.",
        "UnsupportedConnectorError: The connector of 'groups' makes a Subject whose content cannot be stored, so a restart would lose it. In a job let it make a Subject or BehaviorSubject of RxJS, not of a subclass.",
        "UnsupportedConnectorError: 'shared' was given one Subject for all its subscriptions, which a restart would begin anew between two of them. In a job give it a function that makes the Subject, or use connect(selector).",
      ]
    `);
  });

  test('are sentences, and name no option that does not exist', () => {
    for (const { message } of all) {
      expect(message).toMatch(/^\S[^]*\.$/);
      expect(message).not.toMatch(/undefined|\[object|NaN/);
    }
  });
});
