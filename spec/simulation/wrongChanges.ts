// What `npm run mutants` tries.

/** The simulation as it is built for that. */
export const BUNDLE = 'simulation.mjs';
export const SIMULATION: readonly string[] = [
  '--single-threaded-gc',
  '--max-semi-space-size=16',
  '--max-inlined-bytecode-size-cumulative=100',
  BUNDLE,
  '--seed',
  '1',
  '--crashes',
  '40000',
];
const POWER_FAILURES = ['node_modules/.bin/jest', 'spec/node/powerFailure.spec.ts'];
const WRITERS = ['node_modules/.bin/jest', 'spec/checkpoint/twoWriters.spec.ts'];
const CLAIMED = ['node_modules/.bin/jest', 'spec/storage/ClaimedStorage.spec.ts'];
const FENCING = ['node_modules/.bin/jest', 'spec/node/fencing.spec.ts', '-t', 'sleeps at any system call'];
const ZOMBIES = ['node_modules/.bin/jest', 'spec/checkpoint/CheckpointSubject.claims.spec.ts'];
const CLAIMS = ['node_modules/.bin/jest', 'spec/checkpoint/store/claims.spec.ts'];
const SOAK = ['node_modules/.bin/jest', 'spec/soak', '-t', 'many checkpoints'];
const COMMITTERS = ['node_modules/.bin/jest', 'spec/checkpoint/committers.spec.ts'];
const DRAINS = ['node_modules/.bin/jest', 'spec/checkpoint/CheckpointSubject.savepoints.spec.ts', '-t', 'drain'];
const COPIES = ['node_modules/.bin/jest', 'spec/storage/cachedStorage.spec.ts'];
const SHARERS = [
  'node_modules/.bin/jest',
  'spec/checkpoint/sharedHistories.spec.ts',
  'spec/checkpoint/absentSharers.spec.ts',
];
const OVERDUE = ['node_modules/.bin/jest', 'spec/operators/overdue'];
const UPGRADES = ['node_modules/.bin/jest', 'spec/checkpoint/sharedUpgrades.spec.ts'];
const THEFTS = ['node_modules/.bin/jest', 'spec/sources/journaledThefts.spec.ts'];
const LEAVING = ['node_modules/.bin/jest', 'spec/checkpoint/nextLives.spec.ts'];
const UNUSED = ['node_modules/.bin/jest', 'spec/operators/sharedForNobody.spec.ts'];
const NAMES_ABOVE = ['node_modules/.bin/jest', 'spec/operators/namesAboveShared.spec.ts'];
const REFUSED = ['node_modules/.bin/jest', 'spec/operators/refusedParts.spec.ts'];
const SEVERAL = ['node_modules/.bin/jest', 'spec/operators/sharedBySeveral.spec.ts'];
const CONNECTING = ['node_modules/.bin/jest', 'spec/rules/connecting.spec.ts'];
const STOPS = ['node_modules/.bin/jest', 'spec/checkpoint/repeatedStops.spec.ts'];
const RETURNS = ['node_modules/.bin/jest', 'spec/sources/journaledReturns.spec.ts'];

export interface WrongChange {
  readonly what: string;
  readonly file: string;
  /** What stands there, in one place. */
  readonly from: string;
  /** What it becomes. */
  readonly to: string;
  /** What finds it, as arguments of Node. Default: the simulation. */
  readonly by?: readonly string[];
}

export const wrongChanges: readonly WrongChange[] = [
  {
    what: 'a barrier is injected inside a turn',
    file: 'src/checkpoint/protocol/Run.ts',
    from: 'return this.depth === 0 && !this.isSweeping',
    to: 'return !this.isSweeping',
  },
  {
    what: 'a root gets no barrier: only sources do',
    file: 'src/operators/base/OperatorCore.ts',
    from: 'return !this.inputs.some((input) => input !== null && !input.closed) && !this.hasLiveInner();',
    to: 'return false;',
  },
  {
    what: 'a snapshot is what the state has become when it is written',
    file: 'src/operators/base/counting.ts',
    from: 'capture: (index: number): CountingSnapshot => ({ index }),',
    to: 'capture: (index: number): CountingSnapshot => ({ index: index + 1 }),',
  },
  {
    what: 'an asynchronous input is not held until all have delivered',
    file: 'src/checkpoint/Alignment.ts',
    from: '    this.held.add(input);\n    input.hold();',
    to: '    this.held.add(input);',
  },
  {
    what: 'the sweep does not wait for all asynchronous inputs',
    file: 'src/checkpoint/Alignment.ts',
    from: 'if (this.missing.delete(input) && this.missing.size === 0) this.onAligned();',
    to: 'if (this.missing.delete(input)) this.onAligned();',
  },
  {
    what: 'a remote position is the one before',
    file: 'src/sources/RemoteSource.ts',
    from: 'this.position = position;\n    request.delivered();',
    to: 'request.delivered();\n    this.position = position;',
  },
  {
    what: 'an off-by-one position',
    file: 'src/sources/ArraySource.ts',
    from: 'offset: this.index, recordsAfterOffset: 0',
    to: 'offset: Math.max(0, this.index - 1), recordsAfterOffset: 0',
  },
  {
    what: 'a snapshot forgets `opened`',
    file: 'src/operators/base/OperatorCore.ts',
    from: 'this.jobPart!.isOpened = opened;',
    to: 'this.isOpened = true;',
  },
  {
    what: 'a plain inner is not skipped',
    file: 'src/operators/base/PlainSource.ts',
    from: 'if (!isHot) this.toSkip',
    to: 'if (isHot) this.toSkip',
  },
  {
    what: 'a plain inner is skipped by one too few at the second restore',
    file: 'src/operators/base/PlainSource.ts',
    from: 'Math.max(this.emitted, this.toSkip)',
    to: 'this.emitted',
  },
  {
    what: 'a mutated snapshot: what is held is not copied',
    file: 'src/checkpoint/protocol/Capture.ts',
    from: 'return copyValue(value, { path',
    to: 'if (Array.isArray(value)) return value;\n    return copyValue(value, { path',
  },
  {
    what: 'a barrier overtakes the values that delay holds back',
    file: 'src/operators/delay.ts',
    from: 'return { values: Object.freeze(this.s.snapshot(',
    to: 'return { values: Object.freeze([]) };\n    return { values: Object.freeze(this.s.snapshot(',
  },
  {
    what: 'a lost timer',
    file: 'src/operators/base/Timers.ts',
    from: 'round.queueTimer(timer);',
    to: '',
  },
  {
    what: 'a timer starts anew after a restore',
    file: 'src/operators/base/Timers.ts',
    from: 'const left = this.due - this.timers.now();',
    to: 'const left = 3;',
  },
  {
    what: 'timers of the same time fire in another order after a restore',
    file: 'src/checkpoint/protocol/Round.ts',
    from: 'a.due === b.due ? a.serial - b.serial : a.due - b.due',
    to: 'b.due - a.due || b.serial - a.serial',
  },
  {
    what: 'timers that the clock has passed fire in another order',
    file: 'src/checkpoint/protocol/Round.ts',
    from: 'for (const timer of overdue) timer.fire();',
    to: 'for (const timer of overdue.reverse()) timer.fire();',
  },
  {
    what: 'timers that the clock has passed fire behind what sources emit',
    file: 'src/checkpoint/protocol/Round.ts',
    from: `    if (!this.isWithinTurn) this.startTimers();
    this.openParts();`,
    to: `    const timers = this.readyTimers();
    this.openParts();
    if (!this.isWithinTurn) startTimers(timers);`,
  },
  {
    what: "a clock that is set back sets a job's timers back",
    file: 'src/checkpoint/protocol/JobClock.ts',
    from: 'if (now >= this.latest) return (this.latest = now);',
    to: 'return (this.latest = now);',
  },
  {
    what: 'the next run does not know how far the clock was in the checkpoint',
    file: 'src/checkpoint/protocol/JobClock.ts',
    from: 'before === undefined ? -Infinity',
    to: 'before !== null ? -Infinity',
  },
  {
    what: 'a checkpoint does not tell that the clock was set back',
    file: 'src/checkpoint/CheckpointMeta.ts',
    from: 'return setBackMs === 0 ? {} : { setBackMs };',
    to: 'return setBackMs === 0 ? {} : {};',
  },
  {
    what: 'serial numbers begin anew after a restore',
    file: 'src/checkpoint/protocol/Run.ts',
    from: 'this.serial = Math.max(1, options.serial);',
    to: 'this.serial = 1;',
  },
  {
    what: 'a retained checkpoint is removed',
    file: 'src/checkpoint/store/removablePacks.ts',
    from: 'newestIds(checkpoints, retained);\n  const oldest = newest[retained - 1];',
    to: 'newestIds(checkpoints, 1);\n  const oldest = newest[0];',
  },
  {
    what: 'a pack is removed that a retained checkpoint refers to',
    file: 'src/checkpoint/store/removablePacks.ts',
    from: 'id < oldest && !needed.has(id)',
    to: 'id < oldest',
  },
  {
    what: 'a checkpoint is said to be complete before it is written',
    file: 'src/checkpoint/PendingCheckpoints.ts',
    from: "    written.prepared\n      .write(() => (pending.phase = 'storage'))\n      .then(",
    to: '    void written.prepared.write(() => {}).catch(() => {});\n    Promise.resolve().then(',
  },
  {
    what: 'a checkpoint is completed behind a later one',
    file: 'src/checkpoint/PendingCheckpoints.ts',
    from: '(older) => older.id < id',
    to: '() => false',
  },
  {
    what: 'a write that lands late completes a checkpoint that had expired',
    file: 'src/checkpoint/PendingCheckpoints.ts',
    from: 'if (pending.isOver) return;\n    const { run, history, store',
    to: 'const { run, history, store',
  },
  {
    what: 'a remote position is one record behind its barrier',
    file: 'src/sources/RemoteSource.ts',
    from: 'this.position = position;\n    request.delivered();',
    to: 'request.delivered();\n    this.position = (position as number) + 1 as P;',
  },
  {
    what: 'checksums are not looked at',
    file: 'src/checkpoint/store/openPack.ts',
    from: "return (yield* checksumInSteps(bytes)) === sum ? bytes : 'is damaged (checksum)';",
    to: 'return bytes;',
  },
  {
    what: 'a damaged checkpoint is taken for none',
    file: 'src/checkpoint/store/CheckpointStore.ts',
    from: 'for (const damage of found.damages) this.options.onDamaged(damage);',
    to: 'for (const damage of found.damages) this.options.onDamaged(damage);\n    if (found.damages.length > 0) return undefined;',
  },
  {
    what: 'an id is given twice across a restart',
    file: 'src/checkpoint/store/CheckpointStore.ts',
    from: 'this.state.highestId = Math.max(this.state.highestId, ...found.ids.slice(0, 1));',
    to: '',
  },
  {
    what: 'the order of the branches of a group or a shared stream is lost',
    file: 'src/operators/base/Branches.ts',
    from: 'return taken.sort((a, b) => a.serial - b.serial);',
    to: 'return taken.sort((a, b) => b.serial - a.serial);',
  },
  {
    what: 'an inner that was waiting is forgotten',
    file: 'src/operators/mergeInternals.ts',
    from: 'for (const value of state.waiting) this.s.waiting.push(revival.held(value));',
    to: '',
  },
  {
    what: 'the number of an inner is counted from its restore',
    file: 'src/operators/mergeInternals.ts',
    from: 'this.s.index = index;\n    this.s.active',
    to: 'this.s.active',
  },
  {
    what: 'an input that has completed is subscribed again',
    file: 'src/operators/base/OperatorCore.ts',
    from: "else if (status === 'done' || status === 'live') this.connectDone(index);",
    to: "else if (status === 'done') this.subscribeInput(index);",
  },
  {
    what: 'a completed pipeline runs again',
    file: 'src/checkpoint/Pipelines.ts',
    from: "if (status === 'completed') this.completed.add(name);",
    to: 'void status;',
  },
  {
    what: 'a scan begins anew at a restore',
    file: 'src/checkpoint/protocol/Claims.ts',
    from: 'return this.current(name, snapshot, upgrade);',
    to: 'if (name.endsWith("scan")) return undefined;\n    return this.current(name, snapshot, upgrade);',
  },
  {
    what: 'a restart goes back to its savepoint again',
    file: 'src/checkpoint/findRestorePoint.ts',
    from: 'return began === key ? goOn : beginWith(savepoint,',
    to: 'return beginWith(savepoint,',
  },
  {
    what: 'a job goes on in place of beginning with a savepoint',
    file: 'src/checkpoint/findRestorePoint.ts',
    from: 'return began === key ? goOn : beginWith(savepoint,',
    to: 'return began === undefined ? goOn : beginWith(savepoint,',
  },
  {
    what: 'a checkpoint does not tell the savepoint that its run began with',
    file: 'src/checkpoint/CheckpointMeta.ts',
    from: 'return origin === undefined ? {} : { origin };',
    to: 'return {};',
  },
  {
    what: 'a return that was interrupted forgets what it had journaled',
    file: 'src/checkpoint/store/Journals.ts',
    from: 'before?.generation ?? highest',
    to: 'highest',
    by: RETURNS,
  },
  {
    what: 'a return that was interrupted writes once more what its savepoint had of journals',
    file: 'src/checkpoint/store/Journals.ts',
    from: '.filter(([source]) => !isWritten(source))',
    to: '',
    by: RETURNS,
  },
  {
    what: 'a torn segment cuts off what is intact of the journal',
    file: 'src/checkpoint/store/segmentChain.ts',
    from: '!intact.some((other) => other.generation < generation && other.end > first)',
    to: 'true',
    by: RETURNS,
  },
  {
    what: 'pipelines run on behind the barrier of a stop with a savepoint',
    file: 'src/checkpoint/Job.ts',
    from: 'for (const pipeline of this.pipelines.running) this.attachments.detach(pipeline);\n      torn();',
    to: 'torn();',
  },
  {
    what: 'checkpoints are removed while a savepoint is copied',
    file: 'src/checkpoint/store/Retention.ts',
    from: 'this.isSuspended || this.holds > 0 ||',
    to: 'this.isSuspended ||',
  },
  {
    what: 'a skipped fsync of a file',
    file: 'src/node/writeDurably.ts',
    from: 'await handle.sync();',
    to: '',
    by: POWER_FAILURES,
  },
  {
    what: 'a skipped fsync of a directory',
    file: 'src/node/writeDurably.ts',
    from: 'await syncDirectory(files, dirname(path));',
    to: '',
    by: POWER_FAILURES,
  },
  {
    what: 'a file that gets its name before it is written',
    file: 'src/node/writeDurably.ts',
    from: "await files.open(temporaryPath, 'wx');",
    to: "await files.open(temporaryPath, 'wx');\n    await files.rename(temporaryPath, path);\n    await files.open(temporaryPath, 'wx').then((empty) => empty.close());",
    by: POWER_FAILURES,
  },
  {
    what: 'a directory is not synced before it is read',
    file: 'src/node/DirectoryStorage.ts',
    from: '      await syncDirectory(files, directory);',
    to: '',
    by: POWER_FAILURES,
  },
  {
    what: 'a writer is not asked for its claim after a write',
    file: 'src/storage/ClaimedStorage.ts',
    from: `      await work();
      await held.confirm!();`,
    to: '      await work();',
  },
  {
    what: 'a writer is not asked for its claim before a write',
    file: 'src/storage/ClaimedStorage.ts',
    from: `      await held.confirm!();
      await work();`,
    to: '      await work();',
    by: CLAIMED,
  },
  {
    what: 'ids go on right behind those of an owner that may still write',
    file: 'src/checkpoint/store/StorageState.ts',
    from: 'return ROOM * storage.contested;',
    to: 'return 0;',
    by: WRITERS,
  },
  {
    what: 'a file is written beside the claim, and not out of it',
    file: 'src/node/DirectoryClaim.ts',
    from: 'temporaryPath: this.unique()',
    to: 'temporaryPath: join(this.options.directory, `.${randomUUID()}`)',
    by: FENCING,
  },
  {
    what: 'a file is removed whoever has the claim',
    file: 'src/node/DirectoryClaim.ts',
    from: 'files.rename(path, removed)',
    to: 'files.unlink(path)',
    by: FENCING,
  },
  {
    what: 'the claim of an evicted owner is left as it is',
    file: 'src/node/lockDirectory.ts',
    from: 'await removeCandidates(place);',
    to: '',
    by: FENCING,
  },
  {
    what: 'a zombie runs on: its pipelines are not stopped',
    file: 'src/checkpoint/Job.ts',
    from: 'storage.watch((reason) => void Promise.resolve().then(() => this.lose(reason)));',
    to: '',
    by: ZOMBIES,
  },
  {
    what: 'a checkpoint that was restored without a claim is removed',
    file: 'src/checkpoint/store/Retention.ts',
    from: 'pinned: [...this.pinned, ...this.foreign.values()]',
    to: 'pinned: this.pinned',
    by: CLAIMS,
  },
  {
    what: 'the first checkpoint after a restore without a claim is not full',
    file: 'src/checkpoint/store/CheckpointStore.ts',
    from: "from?.claim === 'no-claim' ? [] : ",
    to: '',
    by: CLAIMS,
  },
  {
    what: 'a checkpoint of a line that was left is fallen back to',
    file: 'src/checkpoint/store/Lineage.ts',
    from: 'after < id && id < before',
    to: 'false',
    by: CLAIMS,
  },
  {
    what: 'a pack that nothing refers to is left, now and then',
    file: 'src/checkpoint/store/removablePacks.ts',
    from: 'filter((id) => id < oldest',
    to: 'filter((id) => id % 97 > 0 && id < oldest',
    by: SOAK,
  },
  {
    what: 'a segment that nobody can read stays for ever',
    file: 'src/checkpoint/store/Journals.ts',
    from: 'segment.head?.since ?? knownSince',
    to: 'segment.head?.since ?? Infinity',
    by: SOAK,
  },
  {
    what: 'a value of a journal is handed on before it is durable',
    file: 'src/checkpoint/store/StoredJournal.ts',
    from: `    this.writing = this.options.write(this, this.end, batch).then(
      () => this.written(batch),`,
    to: `    const write = this.options.write(this, this.end, batch);
    void Promise.resolve().then(() => this.written(batch));
    this.writing = write.then(
      () => {},`,
  },
  {
    what: 'a journal goes on one value too late',
    file: 'src/checkpoint/store/Journals.ts',
    from: '(segment as ReadSegment).entries!, this.options.types), from, to)',
    to: '(segment as ReadSegment).entries!, this.options.types), from + Math.sign(from), to)',
  },
  {
    what: 'a segment goes that a retained checkpoint needs',
    file: 'src/checkpoint/store/Journals.ts',
    from: 'since >= checkpoint : position < end;',
    to: 'since >= checkpoint : position + 1 < end;',
  },
  {
    what: 'a value of a journal does not wait for one of another journal that came before',
    file: 'src/checkpoint/store/JournalOrder.ts',
    from: 'return journal.hasNext ? readyReader : null;',
    to: 'return journal.hasNext ? readyReader : (queue.find(({ hasNext }) => hasNext)?.readyReader ?? null);',
  },
  {
    what: 'a journal is replayed on its own',
    file: 'src/checkpoint/store/JournalEntries.ts',
    from: 'if (runs === undefined) return',
    to: 'if (runs !== null) return',
  },
  {
    what: 'what a thief finds of a journal is not written again',
    file: 'src/checkpoint/store/Journals.ts',
    from: 'storage.contested === 0) return false;',
    to: 'storage.contested >= 0) return false;',
    by: THEFTS,
  },
  {
    what: 'a thief begins its journals right behind those that are found',
    file: 'src/checkpoint/store/Journals.ts',
    from: 'this.state.leaveRoomForGenerations(this.options.storage);',
    to: '',
    by: THEFTS,
  },
  {
    what: 'a checkpoint forgets the generations of what is removed',
    file: 'src/checkpoint/Cut.ts',
    from: 'journalMeta(positions, journals.generation)',
    to: 'journalMeta(positions, 0)',
    by: THEFTS,
  },
  {
    what: 'a committer is told before the checkpoint is durable',
    file: 'src/checkpoint/PendingCheckpoints.ts',
    from: '    this.options.journals.prepared(pending.id, written.state.journals, written.cut.facts.journals.over);',
    to: `    this.options.journals.prepared(pending.id, written.state.journals, written.cut.facts.journals.over);
    this.options.onCompleted({ id: pending.id } as Checkpoint);`,
    by: COMMITTERS,
  },
  {
    what: 'a committer that failed is not told again',
    file: 'src/checkpoint/Committers.ts',
    from: 'if (!(await this.attempt(first.id, () => this.commit(first)))) break;',
    to: 'await this.attempt(first.id, () => this.commit(first));',
    by: COMMITTERS,
  },
  {
    what: 'a copy is believed whatever it is of',
    file: 'src/storage/storedCopy.ts',
    from: '=== identity ?',
    to: "!== 'x' ?",
    by: COPIES,
  },
  {
    what: 'a copy is believed although it is damaged',
    file: 'src/storage/storedCopy.ts',
    from: ' || checksum(copy.subarray(HEADER_BYTES)) !== view.getUint32(12, true)',
    to: '',
    by: COPIES,
  },
  {
    what: 'who restarts at once gets the job whose claim is lost',
    file: 'src/checkpoint/CurrentJob.ts',
    from: 'if (job !== null && this.opened === job) this.abandon();',
    to: '',
    by: ZOMBIES,
  },
  {
    what: 'several thieves in a row begin at the same id',
    file: 'src/checkpoint/store/StorageState.ts',
    from: 'return ROOM * storage.contested;',
    to: 'return ROOM;',
    by: WRITERS,
  },
  {
    what: 'a write is made whoever has the claim',
    file: 'src/storage/ClaimedStorage.ts',
    from: 'this.whileHeld(() => held.write!(name, bytes))',
    to: 'base.write(name, bytes)',
  },
  {
    what: 'in a drain a source does not end',
    file: 'src/operators/base/EmittingSource.ts',
    from: 'if (this.isStatic && !this.dest.closed) this.complete();',
    to: '',
  },
  {
    what: 'in a drain an inner pipeline is cut off',
    file: 'src/operators/base/EmittingSource.ts',
    from: 'return this.scope.home.parent === null;',
    to: 'return true;',
  },
  {
    what: 'in a drain checkpoints are taken',
    file: 'src/checkpoint/Job.ts',
    from: 'this.pipelines.refusal(this.draining !== null)',
    to: 'this.pipelines.refusal(false)',
  },
  {
    what: 'in a drain nobody waits for the end',
    file: 'src/checkpoint/Job.ts',
    from: 'await this.draining.finish(this.options.policies.timeoutMs, this.options.scheduler);',
    to: 'void this.draining.finish(this.options.policies.timeoutMs, this.options.scheduler).catch(() => {});',
  },
  {
    what: 'in a drain what operators add at the end is lost',
    file: 'src/operators/endWith.ts',
    from: "arrayNode('of', values, true)",
    to: "arrayNode('of', values, false)",
    by: DRAINS,
  },
  {
    what: 'a drain that is refused ends the pipelines',
    file: 'src/checkpoint/CheckpointSubject.ts',
    from: 'let stopped: readonly Recovery[] = [];',
    to: 'let stopped: readonly Recovery[] = drain ? this.recoveries.all : [];',
    by: DRAINS,
  },
  {
    what: 'a checkpoint is taken although a pipeline has left those that it shares a part with',
    file: 'src/checkpoint/Pipelines.ts',
    from: 'return this.departed.size === 0 ? null : this.findBrokenRegion();',
    to: 'return null;',
  },
  {
    what: 'a shared part is reset while somebody who used it is away',
    file: 'src/operators/JobShareHub.ts',
    from: 'if (this.isKeptForAwaited) this.branchCount++;',
    to: 'this.isKeptForAwaited = false;',
    by: SHARERS,
  },
  {
    what: 'a shared part opens before all are back who listen to what came out of it',
    file: 'src/operators/JobShareHub.ts',
    from: 'this.branches.areBack && this.awaited.size === 0 && !this.branches.areWaiting;',
    to: 'this.branches.areBack && !this.branches.areWaiting;',
    by: UPGRADES,
  },
  {
    what: 'a shared part opens before another one that it leads to',
    file: 'src/operators/JobShareHub.ts',
    from: 'this.isHeldBack = this.branches.areEarly;',
    to: '',
    by: SHARERS,
  },
  {
    what: 'a pipeline that is refused keeps the place that it has taken',
    file: 'src/operators/base/Branches.ts',
    from: 'if (this.round?.hasBegun === false && this.old !== undefined) this.branches.giveBack(this.old);',
    to: '',
    by: SHARERS,
  },
  {
    what: 'who leaves publish for an overdue timer of a restore is taken for a pipeline that was refused',
    file: 'src/operators/JobMulticast.ts',
    from: 'if (old === undefined || round.hasBegun) return',
    to: 'if (old === undefined || round.isOpen) return',
    by: OVERDUE,
  },
  {
    what: 'a restored shared part is kept in use while overdue timers fire',
    file: 'src/operators/JobShareHub.ts',
    from: `    this.giveUpPlace();
    return round;`,
    to: `    if (this.branchCount === 1) this.giveUpPlace();
    return round;`,
    by: OVERDUE,
  },
  {
    what: 'who comes to a shared part for an overdue timer of a restore hears nothing before all have fired',
    file: 'src/operators/JobShareHub.ts',
    from: `    this.isHeldBack = false;
    this.letIn();`,
    to: '    this.isHeldBack = false;',
    by: OVERDUE,
  },
  {
    what: 'a shared part begins anew for an inner, although it is stored for a pipeline that is away',
    file: 'src/operators/JobShareHub.ts',
    from: 'if (others.length === 0) return;',
    to: 'if (others.length >= 0) return;',
    by: SHARERS,
  },
  {
    what: 'what one pipeline drops of a shared part is dropped for all',
    file: 'src/checkpoint/restorePipeline.ts',
    from: 'claims.reserve(isAwaited, run.lastBarrier);',
    to: '',
    by: SHARERS,
  },
  {
    what: 'it is journaled that a drained source has ended',
    file: 'src/sources/JournaledSource.ts',
    from: 'this.isDrained = true;',
    to: 'this.isDrained = true;\n    this.journal!.append(COMPLETED);',
  },
  {
    what: 'in an upgrade an old name is not known',
    file: 'src/checkpoint/protocol/Claims.ts',
    from: 'if (was === undefined) return;',
    to: 'return;',
  },
  {
    what: 'in an upgrade a state is taken as it is, whatever its version',
    file: 'src/checkpoint/protocol/Claims.ts',
    from: 'if (stored === version) return snapshot;',
    to: 'return snapshot;',
  },
  {
    what: 'in an upgrade a state that is newer than the program is taken',
    file: 'src/checkpoint/protocol/Claims.ts',
    from: 'if (stored > version || upgrade === null)',
    to: 'if (stored > version) return snapshot;\n      if (upgrade === null)',
  },
  {
    what: 'in an upgrade a migrated state is stored under its old version',
    file: 'src/checkpoint/Sweep.ts',
    from: 'version === undefined ? {',
    to: 'version !== 0 ? {',
  },
  {
    what: 'in an upgrade state is dropped, although nobody allowed it',
    file: 'src/checkpoint/restorePipeline.ts',
    from: 'if (problem !== null) {',
    to: 'if (problem !== null && name === undefined) {',
  },
  {
    what: 'a checkpoint that is asked for by its id is not gone back to',
    file: 'src/checkpoint/findRestorePoint.ts',
    from: 'return began === key ? goOn : beginWith(await readCheckpoint(storage, from), key, key);',
    to: 'return goOn;',
  },
  {
    what: 'the position in a file is behind all that was read of it',
    file: 'src/sources/FileReader.ts',
    from: 'const { offset } = decoder;',
    to: 'const offset = window.end;',
  },
  {
    what: 'a file that was replaced is gone on with',
    file: 'src/sources/verifyFile.ts',
    from: `  if (actual.head !== fingerprint.head) throw new FileReplacedError({ path, offset, part: 'head' });
  if (actual.tail !== fingerprint.tail) throw new FileReplacedError({ path, offset, part: 'tail' });`,
    to: 'if (actual === fingerprint) throw new FileReplacedError({ path, offset, part: "head" });',
  },
  {
    what: 'a file that could not be closed hides that it was replaced',
    file: 'src/sources/FileReader.ts',
    from: 'file.close().catch(() => undefined);',
    to: 'await file.close();',
  },
  {
    what: 'the last line of a file is cut short without a line end',
    file: 'src/sources/LineDecoder.ts',
    from: 'this.record = this.textOf(at, this.chunkEnd);',
    to: 'this.record = this.textOf(at, this.chunkEnd - 1);',
  },
  {
    what: 'a read that got less than it asked for is taken for the end of the file',
    file: 'src/sources/FileWindow.ts',
    from: 'return this.aheadCount > 0 && this.closing === null;',
    to: 'return this.aheadCount >= this.readBytes && this.closing === null;',
  },
  {
    what: 'a byte order mark within a file is skipped where bytes begin with it',
    file: 'src/sources/LineDecoder.ts',
    from: 'if (this.offset === 0 && startsWithByteOrderMark(this.bytes)) this.at = 3;',
    to: 'if (this.at === 0 && startsWithByteOrderMark(this.bytes)) this.at = 3;',
  },
  {
    what: 'a file is closed while it is being read',
    file: 'src/sources/FileWindow.ts',
    from: `    this.closing ??= this.ahead.count.then(
      () => this.file.close(),
      () => this.file.close(),
    );`,
    to: '    this.closing ??= this.file.close();',
  },
  {
    what: 'a file stays open that nobody wants to read any more',
    file: 'src/sources/fileNode.ts',
    from: '  protected stopped(): void {\n    this.pump.stop();',
    to: '  protected stopped(): void {',
  },
  {
    what: 'in a browser a write is done before its transaction is',
    file: 'src/localforage/localForageStorage.ts',
    from: 'await this.instance.setItem(key, new Uint8Array(bytes));',
    to: 'void this.instance.setItem(key, new Uint8Array(bytes)).catch(() => {});',
  },
  {
    what: 'in a browser a claim is good as long as nobody has told otherwise',
    file: 'src/localforage/StoreClaim.ts',
    from: "if (found !== this.onRecord) this.losing(typeof found === 'string' ? OTHER_JOB : undefined);",
    to: 'if (found === undefined) this.losing(OTHER_JOB);',
  },
  {
    what: 'in a browser a claim is taken and not put on record',
    file: 'src/localforage/StoreClaim.ts',
    from: 'await record.write(onRecord);',
    to: '',
  },
  {
    what: 'a storage that cannot be given back hides why the job could not begin',
    file: 'src/checkpoint/openJob.ts',
    from: 'await storage.release().catch((cause: unknown) => options.onFailed(notGivenBack(cause)));',
    to: 'await storage.release();',
  },
  {
    what: 'nobody waits for a job of the same process that leaves the storage',
    file: 'src/checkpoint/CurrentJob.ts',
    from: 'leavesSoon(this.options.storage, this.closed);',
    to: '',
    by: LEAVING,
  },
  {
    what: 'a shared part that goes on for nobody waits for somebody to reach it',
    file: 'src/operators/base/connectPipeline.ts',
    from: '      reviveUnused(site, use);\n',
    to: '',
    by: UNUSED,
  },
  {
    what: 'what is above a shared part is named by who reaches it first',
    file: 'src/operators/JobShareHub.ts',
    from: 'const name = uid === undefined ? site.prefixIn(home) + site.localName',
    to: 'const name = uid === undefined ? site.scope.homeStructuralPrefix + site.localName',
    by: NAMES_ABOVE,
  },
  {
    what: 'what a job refuses is an error of the stream',
    file: 'src/operators/base/JobSite.ts',
    from: 'if (error instanceof CheckpointError) this.run.refuse(error, this.region);',
    to: '',
    by: REFUSED,
  },
  {
    what: 'an operator whose input cannot be connected stays in the job',
    file: 'src/operators/base/OperatorCore.ts',
    from: `    } finally {
      // Added last`,
    to: `    } catch (error) {
      throw error;
    }
    {
      // Added last`,
    by: REFUSED,
  },
  {
    what: 'a shared part that cannot be connected keeps who has come for it',
    file: 'src/operators/JobShareHub.ts',
    from: '      this.giveUp(dest);\n',
    to: '',
    by: REFUSED,
  },
  {
    what: 'of several shared streams of one uid the last one is taken',
    file: 'src/operators/base/sharedStreams.ts',
    from: 'else if (known?.definition.shared !== definition.shared) streams.set(name, null);',
    to: 'else streams.set(name, { definition, plan: null });',
    by: SEVERAL,
  },
  {
    what: 'within a turn a shared part is joined before what comes before it has opened',
    file: 'src/operators/base/JobSite.ts',
    from: 'if (definition.isJoined === true && !connecting.isEmpty) {',
    to: 'if (definition.isJoined === true && connecting.isEmpty) {',
    by: CONNECTING,
  },
  {
    what: 'a stop joins one of a job before',
    file: 'src/checkpoint/RepeatedStops.ts',
    from: 'if (this.last?.hasBegun === true) this.last = null;',
    to: '',
    by: STOPS,
  },
  {
    what: 'a barrier may see half of what a refusal takes away',
    file: 'src/checkpoint/protocol/Run.ts',
    from: `    this.tearDown(() => {
      // Those`,
    to: `    [0].forEach(() => {
      // Those`,
    by: REFUSED,
  },
];
