/**
 * The process that is killed: recovers one of the crash pipelines, and reports what it does.
 *
 *     node program.cjs NAME FILES STORAGE CHECKPOINT_EVERY_MS
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';

import type { SchedulerLike } from 'rxjs';
import { asyncScheduler, defer, interval, merge, Subject } from 'rxjs';
import type { CheckpointedObservable } from 'rxjs-checkpoint';
import { CheckpointSubject, map, uid } from 'rxjs-checkpoint';
import { fileStorage, fromFile, lines } from 'rxjs-checkpoint/node';

import type { CrashSources } from './CrashPipeline.js';
import { crashPipelines } from './pipelines/index.js';
import type { DataRecord } from './records.js';
import { parseRecord, recordOf } from './records.js';
import type { Report } from './report.js';

const [name, files, storage, checkpointEveryMs] = process.argv.slice(2) as [string, string, string, string];

/** Asks for a checkpoint while a value is on its way down, besides those that are asked for from outside. */
const triggerInTurn = new Subject<void>();

const sources: CrashSources = {
  records(file, pace) {
    const options = pace === 'at-once' ? {} : { scheduler: onePerTimer };
    return fromFile(join(files, `${file}.txt`), lines(), options).pipe(
      uid(file),
      map((line, index) => check(file, parseRecord(line), index)),
    );
  },
  seen: (source) =>
    map((value, index) => {
      report({ type: 'seen', source, index });
      if (index % 29 === 0) triggerInTurn.next();
      return value;
    }),
};

/** Time runs so fast for a source with this scheduler that each record uses up its slice. */
const onePerTimer: SchedulerLike = {
  now: (() => {
    let ms = 0;
    return () => (ms += 1_000);
  })(),
  schedule: asyncScheduler.schedule.bind(asyncScheduler),
};

/** The record has to be the next one: the position of the source and the index of the `map` belong together. */
function check(file: string, record: DataRecord, index: number): DataRecord {
  const { n, value } = recordOf(file, index + 1);
  if (record.n !== n || record.value !== value) {
    const message = `line ${index + 1} of ${file} should be ${n};${value} and is ${record.n};${record.value}`;
    report({ type: 'problem', code: 'wrong-record', message });
  }
  return record;
}

function report(what: Report): void {
  const line = Buffer.from(`${JSON.stringify(what)}\n`);
  for (let written = 0; written < line.length;) {
    try {
      written += writeSync(1, line, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

function recover(pipelines: Readonly<Record<string, CheckpointedObservable<unknown>>>): void {
  const trigger = defer(() => {
    report({ type: 'open' });
    return merge(interval(Number(checkpointEveryMs)), triggerInTurn);
  });
  const checkpoints = new CheckpointSubject({ storage: fileStorage(storage), trigger });
  checkpoints.subscribe(({ id }) => report({ type: 'checkpoint', id }));
  checkpoints.failures$.subscribe(({ reason, message }) => {
    if (reason !== 'too-many-pending') report({ type: 'problem', code: reason, message });
  });
  for (const [pipeline, pipeline$] of Object.entries(pipelines)) {
    checkpoints.recover(pipeline$, { name: pipeline }).subscribe({
      next: (value) => report({ type: 'value', pipeline, value }),
      error: (error: unknown) => {
        const { code = 'error', message } = error as { code?: string; message: string };
        report({ type: 'problem', code, message });
      },
      complete: () => report({ type: 'complete', pipeline }),
    });
  }
}

recover(crashPipelines.find((pipeline) => pipeline.name === name)!.build(sources));
